import { useState } from 'react'
import type { Evidence } from '../../domain/evidence.ts'
import { CopyButton } from '../CopyButton.tsx'
import { openDemoSocket } from '../demo/demo-socket.ts'
import { Icon } from '../Icon.tsx'
import { quietButton } from '../styles.ts'
import { Tabs, tabId } from '../Tabs.tsx'
import { browserClock } from '../tail/clock.ts'
import type { StoreParts } from '../tail/store.ts'
import { type Language, languages, notes, snippetOf } from './snippets.ts'
import { TestImpression } from './TestImpression.tsx'

/** Shows the rows of this socket in place of the real ones. */
export type PlayDemo = (connect: StoreParts['connect']) => void

type Props = { readonly origin: string; readonly keys: Evidence['keys']; readonly playDemo: PlayDemo }

/** How to point an SDK at this server, what that costs, and what can be done without one. */
export function Connect({ origin, keys, playDemo }: Props) {
  return (
    <div className="flex flex-col gap-4">
      <Snippet origin={origin} anyKey={keys === 'any'} />
      <p className="flex items-start gap-2 rounded-lg bg-caution-bg px-3 py-2.5 text-caution">
        <Icon name="warning" className="mt-0.5 size-4" />
        <span>
          While <code className="font-mono text-[12px]">urls.events</code> points here, Split/Harness gets neither these
          impressions nor what you <code className="font-mono text-[12px]">track()</code>.
        </span>
      </p>
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <TestImpression keys={keys} />
        <button
          type="button"
          className={`${quietButton} h-8`}
          onClick={() => playDemo((hears) => openDemoSocket(hears, browserClock))}
        >
          <Icon name="play" className="size-3" />
          Play demo data
        </button>
      </div>
    </div>
  )
}

const panel = 'snippet'

function Snippet({ origin, anyKey }: { readonly origin: string; readonly anyKey: boolean }) {
  const [language, setLanguage] = useState<Language>('Node')
  const code = snippetOf(language, origin, anyKey)
  return (
    <section aria-label="Point an SDK here" className="overflow-hidden rounded-lg border border-line bg-surface">
      <div className="flex items-center gap-3 border-line border-b pr-1.5 pl-2">
        <Tabs label="Language" names={languages} chosen={language} choose={setLanguage} panel={panel} />
        <span className="min-w-0 flex-1 truncate text-right text-muted text-xs max-sm:hidden">{notes[language]}</span>
        <CopyButton
          label={`Copy the ${language} snippet`}
          text="Copy"
          done="Copied · now run it"
          className={`${quietButton} my-1.5 shrink-0 max-sm:ml-auto`}
          value={() => code}
        />
      </div>
      <pre
        role="tabpanel"
        id={panel}
        aria-labelledby={tabId(panel, language)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and keys must reach its end
        tabIndex={0}
        className="thin-scroll overflow-x-auto px-4 py-3 font-mono text-[12px] leading-[19px] -outline-offset-2"
      >
        <code>{code}</code>
      </pre>
    </section>
  )
}
