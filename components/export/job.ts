import { csvHead, csvLine } from './csv.ts'
import type { Picture } from './facts.ts'
import { ndjsonHead, ndjsonLine } from './ndjson.ts'

export const formats = {
  ndjson: { head: ndjsonHead, line: ndjsonLine, type: 'application/x-ndjson' },
  csv: { head: csvHead, line: csvLine, type: 'text/csv' },
} as const
export type Format = keyof typeof formats

export type Job = {
  readonly picture: Picture
  readonly format: Format
  readonly signal: AbortSignal
  /** Rows written so far. */
  readonly progress: (rows: number) => void
}

/** The page is kept from other work for no longer than this. */
const sliceMs = 8

/** Writes the rows, a slice at a time, so that the stream goes on; `undefined` when it was called off. */
export async function writeExport({ picture, format, signal, progress }: Job): Promise<Blob | undefined> {
  const { head, line, type } = formats[format]
  const { rows, facts } = picture
  const parts = [new Blob([head(facts)])] // a Blob keeps its text outside of the page's heap
  let next = 0
  while (next < rows.length) {
    await turnOfOthers()
    if (signal.aborted) return undefined
    const untilMs = performance.now() + sliceMs
    let text = ''
    do {
      const row = rows[next++]
      if (row) text += line(row)
    } while (next < rows.length && performance.now() < untilMs)
    parts.push(new Blob([text]))
    progress(next)
  }
  return new Blob(parts, { type })
}

/** Lets everything that waits have its turn. A message comes back without the delay that browsers give to timers. */
function turnOfOthers(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}

/** `flagtail-20261124-161300.csv`, in UTC. */
export function fileName(format: Format, nowMs: number): string {
  const [day = '', time = ''] = new Date(nowMs).toISOString().slice(0, 19).split('T')
  return `flagtail-${day.replaceAll('-', '')}-${time.replaceAll(':', '')}.${format}`
}
