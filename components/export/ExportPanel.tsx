import { useEffect, useRef, useState } from 'react'
import { useAccess, useAccessView } from '../access/use-access.ts'
import { CopyButton } from '../CopyButton.tsx'
import { listeningOrigin } from '../first-run/snippets.ts'
import { quietButton, strongButton } from '../styles.ts'
import { clockTime, count, plural } from '../tail/numbers.ts'
import { curlCommand } from './curl.ts'
import type { ExportFacts, Picture } from './facts.ts'
import { type Format, fileName, writeExport } from './job.ts'
import { save } from './save.ts'
import { tellExport } from './tell-export.ts'

type Props = {
  readonly picture: Picture
  readonly busy: boolean
  readonly setBusy: (busy: boolean) => void
}

const choices: readonly (readonly [Format, string, string])[] = [
  ['ndjson', 'NDJSON', 'one record per line, as /api/tail has them'],
  ['csv', 'CSV', 'every field, safe to open in a spreadsheet'],
]

/** What to export and how, its progress, and the same filter for a terminal. */
export function ExportPanel({ picture, busy, setBusy }: Props) {
  const [format, setFormat] = useState<Format>('ndjson')
  const { written, outcome, start, stop } = useExport(picture, setBusy)
  const { facts } = picture
  return (
    <div className="flex flex-col gap-3">
      <div>
        <h2 className="font-semibold text-[14px]">Export {plural(facts.rows, 'row')}</h2>
        <p className="text-muted text-xs">
          What was listed at {clockTime(facts.exportedMs)}, oldest first. {absentText(facts)}
        </p>
      </div>
      <fieldset className="flex flex-col gap-1" disabled={busy}>
        <legend className="sr-only">Format</legend>
        {choices.map(([value, name, words]) => (
          <label key={value} className="flex min-h-7 cursor-pointer items-center gap-2 max-sm:min-h-11">
            <input
              type="radio"
              name="format"
              className="accent-accent"
              checked={format === value}
              onChange={() => setFormat(value)}
            />
            <span className="w-16 shrink-0 font-medium">{name}</span>
            <span className="text-muted text-xs">{words}</span>
          </label>
        ))}
      </fieldset>
      {busy ? (
        <Progress written={written} rows={facts.rows} stop={stop} />
      ) : (
        <div className="flex items-center gap-3">
          <button
            type="button"
            className={`${strongButton} disabled:opacity-50`}
            disabled={facts.rows === 0}
            onClick={() => start(format)}
          >
            Download
          </button>
          <span role="status" className="text-muted text-xs">
            {facts.rows === 0 ? 'No row is held that matches.' : outcome}
          </span>
        </div>
      )}
      <Terminal query={facts.query} />
    </div>
  )
}

/** Where the matches are that are not in it; an export says of itself what it lacks. */
function absentText({ books: { sampledOut, skipped, evicted, missed } }: ExportFacts): string {
  const parts = [
    sampledOut > 0 && `${count(sampledOut)} sampled out`,
    skipped > 0 && `${count(skipped)} not sent`,
    evicted > 0 && `${count(evicted)} no longer held`,
    missed.impressions > 0 && `${count(missed.impressions)} missed in gaps`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? '' : `Not in it: ${parts.join(', ')}.`
}

type ProgressProps = { readonly written: number; readonly rows: number; readonly stop: () => void }

function Progress({ written, rows, stop }: ProgressProps) {
  return (
    <div className="flex items-center gap-3">
      <progress aria-label="Rows written" value={written} max={rows} className="h-1.5 min-w-0 flex-1 accent-accent" />
      <span className="text-muted text-xs tabular-nums">
        {count(written)} of {count(rows)}
      </span>
      <button type="button" className={quietButton} onClick={stop}>
        Cancel
      </button>
    </div>
  )
}

function Terminal({ query }: { readonly query: string }) {
  const access = useAccessView(useAccess())
  const signed = access.kind === 'in' && access.person !== 'nobody'
  const command = curlCommand({ origin: listeningOrigin(window.location), query, signed })
  return (
    <section aria-label="In a terminal" className="border-line border-t pt-3">
      <p className="mb-1.5 text-muted text-xs">
        Every match from now on, never sampled, in a terminal{signed && ' that knows the access token'}:
      </p>
      <pre className="thin-scroll max-h-24 overflow-auto whitespace-pre-wrap break-all rounded-md border border-line bg-surface p-2 font-mono text-[12px] leading-[18px]">
        {command}
      </pre>
      <CopyButton label="Copy as curl" text="Copy as curl" className={`${quietButton} mt-2`} value={() => command} />
    </section>
  )
}

const progressMs = 100

/** Runs one export at a time; it ends with the panel. */
function useExport({ rows, facts }: Picture, setBusy: (busy: boolean) => void) {
  const [written, setWritten] = useState(0)
  const [outcome, setOutcome] = useState('')
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])
  const start = async (format: Format) => {
    const control = new AbortController()
    running.current = control
    setBusy(true)
    setWritten(0)
    let toldMs = 0
    const progress = (next: number) => {
      if (performance.now() - toldMs < progressMs) return
      toldMs = performance.now()
      setWritten(next)
    }
    const blob = await writeExport({ picture: { rows, facts }, format, signal: control.signal, progress })
    if (blob) {
      save(blob, fileName(format, facts.exportedMs))
      tellExport({ format, rows: rows.length, filter: facts.query })
    }
    setBusy(false)
    setOutcome(blob ? `Saved ${plural(rows.length, 'row')}.` : 'Called off.')
  }
  return { written, outcome, start, stop: () => running.current?.abort() }
}
