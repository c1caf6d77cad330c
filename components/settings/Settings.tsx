import { useEffect, useState } from 'react'
import { leave } from '../access/leave.ts'
import { useAccess, useAccessView } from '../access/use-access.ts'
import { Dialog } from '../Dialog.tsx'
import type { Display } from '../display/display.ts'
import type { DisplayStore } from '../display/store.ts'
import { quietButton } from '../styles.ts'
import { useTheme } from '../ThemeToggle.tsx'
import { chooseTheme } from '../theme.ts'
import { zoneText } from '../times.ts'
import { Choice, Switch } from './Choice.tsx'

type Props = {
  readonly display: Display
  readonly displays: DisplayStore
  readonly showKeys: () => void
  readonly connect: () => void
  readonly closed: () => void
}

/** How this person wants the page; kept in this browser. */
export function Settings({ display, displays, showKeys, connect, closed }: Props) {
  const theme = useTheme()
  const { density, zone, time, calm, summaries, singleKeys } = display
  return (
    <Dialog
      title="Settings"
      closed={closed}
      className="m-0 mt-[52px] mr-2 ml-auto w-[400px] max-w-[calc(100vw-16px)] max-sm:mx-auto"
    >
      <You />
      <div className="px-5 pt-1 pb-3">
        <Choice
          title="Theme"
          options={[
            ['system', 'System'],
            ['light', 'Light'],
            ['dark', 'Dark'],
          ]}
          chosen={theme}
          choose={chooseTheme}
        />
        <Choice
          title="Rows"
          options={[
            ['compact', 'Compact'],
            ['comfortable', 'Comfortable'],
          ]}
          chosen={density}
          choose={(chosen) => displays.set({ density: chosen })}
        />
        <Choice
          title="Time zone"
          options={[
            ['local', zoneText('local')],
            ['utc', 'UTC'],
          ]}
          chosen={zone}
          choose={(chosen) => displays.set({ zone: chosen })}
        />
        <Choice
          title="Times"
          options={[
            ['absolute', '14:02:11.480'],
            ['relative', '12 s ago'],
          ]}
          chosen={time}
          choose={(chosen) => displays.set({ time: chosen })}
        />
        <hr className="my-2 border-line" />
        <Switch
          title="Calm"
          note="The rows are painted once a second. Counts stay exact."
          on={calm}
          turn={(on) => displays.set({ calm: on })}
        />
        <Switch
          title="Summaries for screen readers"
          note="While rows come in, what came is read out at most every 10 seconds."
          on={summaries}
          turn={(on) => displays.set({ summaries: on })}
        />
        <Switch
          title="Keys of one character"
          note="Space, j, k, / and the like. Off, they do nothing; arrows, Enter, Esc and Ctrl or ⌘ K stay."
          on={singleKeys}
          turn={(on) => displays.set({ singleKeys: on })}
        />
      </div>
      <div className="flex items-center gap-2 border-line border-t px-5 py-3">
        <button type="button" className={quietButton} onClick={connect}>
          Connect an SDK
        </button>
        <button type="button" className={quietButton} onClick={showKeys}>
          Keys
        </button>
        <Version />
      </div>
    </Dialog>
  )
}

/** Who is signed in, and the way out; nothing where nobody has to sign in. */
function You() {
  const access = useAccess()
  const view = useAccessView(access)
  if (view.kind !== 'in' || typeof view.person === 'string') return null
  return (
    <div className="flex items-center justify-between gap-3 border-line border-b px-5 pb-3">
      <span className="truncate">
        Signed in as <strong title={view.person.id}>{view.person.name}</strong>
      </span>
      <button type="button" className={quietButton} onClick={() => void leave(access)}>
        Sign out
      </button>
    </div>
  )
}

/** Of the server, which may be newer than this page. */
function Version() {
  const [version, setVersion] = useState<string>()
  useEffect(() => {
    const leaving = new AbortController()
    fetch('/api/version', { signal: leaving.signal })
      .then((response) => response.json())
      .then((answer: unknown) => setVersion(versionOf(answer)))
      .catch(() => {}) // then it is not shown; the pill says that the server is away
    return () => leaving.abort()
  }, [])
  if (version === undefined) return null
  return <span className="ml-auto text-muted text-xs tabular-nums">Flagtail {version}</span>
}

function versionOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null || !('version' in answer)) return undefined
  return typeof answer.version === 'string' ? answer.version : undefined
}
