import { type Goal, goalsOf, reached } from './goals.ts'
import { methodText } from './method.ts'
import type { Options } from './options.ts'
import { atRate, figures, type Measured, median, medianOf, pairedRatio, type Results } from './results.ts'

export type ReportParts = {
  readonly machine: readonly string[]
  readonly options: Options
  /** Written by people; kept from report to report. */
  readonly notes: string
}

const notesMark = '<!-- Below this line: by hand, kept by npm run bench. -->'

/** What people wrote at the end of an earlier report. */
export function notesOf(report: string): string {
  return report.split(notesMark)[1]?.trim() ?? ''
}

export function reportOf(results: Results, { machine, options, notes }: ReportParts): string {
  return `# Side by side

Written by \`npm run bench\`. Differences under 1.3 × mean little on a shared machine.

${machine.map((line) => `- ${line}`).join('\n')}
${troubles(results)}
## Must be reached

"No figure": not measured, or not kept up with.

${goalTable(results)}

## Saturated

![Useful and moved impressions per CPU-second](bench.svg)

${saturatedTable(results)}

## POST → socket

p50 / p99 in ms, and useful impressions per CPU-second in thousands.

${rateTable(results, options.rates)}

## Ingest, matching, viewers

${ownFigures(results)}

## Method

${methodText(options)}

${notesMark}
${notes === '' ? '' : `\n${notes}\n`}`
}

function troubles({ measured }: Results): string {
  const lines = measured.flatMap(({ title, trouble }) => (trouble ? [`- ${title}: ${trouble}`] : []))
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')
}

function goalTable(results: Results): string {
  const cell = (goal: Goal, value: number | undefined): string => {
    if (value === undefined) return ''
    if (Number.isNaN(value)) return 'no figure'
    return `${number(value)}${goal.unit} ${reached(goal, value) ? 'reached' : '**missed**'}`
  }
  const rows = goalsOf(results).map((goal) => [
    goal.what,
    `${goal.sense} ${goal.wanted}${goal.unit}`,
    cell(goal, goal.embedded),
    cell(goal, goal.redis),
  ])
  return table(['What', 'Wanted', 'Embedded', 'With Redis'], rows)
}

function saturatedTable({ measured }: Results): string {
  const ours = measured.find(({ id }) => id === 'flagtail')
  const rows = measured.map((one) => [
    one.title,
    ...[figures.useful, figures.moved, figures.counted].map((figure) => millions(medianOf(one, figure))),
    thousands(medianOf(one, figures.takenIn)),
    number(pairedRatio([ours, figures.useful], [one, figures.useful])),
  ])
  const head = [
    '',
    'Useful, M per CPU-s',
    'Moved, M per CPU-s',
    'Counted, M per CPU-s',
    'Taken in, k/s',
    'Embedded ÷ it',
  ]
  return table(head, rows)
}

function rateTable({ measured }: Results, rates: readonly number[]): string {
  const late = rates.map((rate) => {
    const all = measured.flatMap(({ rounds }) => rounds.flatMap((round) => round?.atRates.get(rate) ?? []))
    return number(median(all.map(({ generatorP99Ms }) => generatorP99Ms)))
  })
  const rows = measured.map((one) => [one.title, ...rates.map((rate) => rateCell(one, rate))])
  const head = ['', ...rates.map((rate) => `${rate.toLocaleString('en-US')}/s`)]
  return table(head, [...rows, ['*the generator was late by (p99, ms)*', ...late]])
}

function rateCell(measured: Measured, rate: number): string {
  const p50 = medianOf(
    measured,
    atRate(rate, ({ p50Ms }) => p50Ms),
  )
  if (Number.isNaN(p50)) return measured.rounds.some(Boolean) ? 'does not keep up' : ''
  const p99 = medianOf(
    measured,
    atRate(rate, ({ p99Ms }) => p99Ms),
  )
  const useful = medianOf(
    measured,
    atRate(rate, ({ useful, cpuS }) => useful / cpuS),
  )
  const rounds = measured.rounds.filter(Boolean)
  const kept = rounds.filter((round) => round?.atRates.get(rate)?.keptUp).length
  const often = kept === rounds.length ? '' : ` (kept up ${kept} times of ${rounds.length})`
  return `${number(p50)} / ${number(p99)} · ${thousands(useful)} k${often}`
}

function ownFigures(results: Results): string {
  const lines = [...ingestLines(results), ...matchingLines(results), ...stormLines(results)]
  return lines.length === 0 ? 'Not measured.' : lines.join('\n')
}

function ingestLines({ ingest }: Results): readonly string[] {
  if (ingest.length === 0) return []
  const ours = thousands(median(ingest.map(({ flagtail }) => flagtail)))
  const bare = thousands(median(ingest.map((one) => one.bare)))
  return [`- Ingest: ${ours} k impressions per CPU-second; bare \`node:http\` + \`JSON.parse\`: ${bare} k.`]
}

function matchingLines({ matching }: Results): readonly string[] {
  if (!matching) return []
  return (['flag', 'key'] as const).map((kind) => {
    const costs = matching[kind].map(([filters, ns]) => `${number(ns)} ns at ${filters.toLocaleString('en-US')}`)
    return `- Matching, per impression, distinct exact-${kind} filters: ${costs.join(', ')}.`
  })
}

function stormLines({ storm }: Results): readonly string[] {
  if (!storm) return []
  const { viewers, kibPerViewer, missedImpressions, started, startedMs, logReads, refusals } = storm
  const all = `${viewers.toLocaleString('en-US')} viewers who had missed ${missedImpressions.toLocaleString('en-US')} impressions`
  const outcome =
    started === viewers
      ? `had their \`start\` after ${number(startedMs / 1000)} s`
      : `were waited for: **only ${started} had their \`start\`** when patience ended`
  const cost = `${logReads.toLocaleString('en-US')} reads of the log; ${refusals.toLocaleString('en-US')} times one was told to come back later`
  return [
    `- Memory per viewer of a quiet environment: ${number(kibPerViewer)} KiB.`,
    `- Storm: ${all} ${outcome}; ${cost}.`,
  ]
}

function number(value: number): string {
  if (Number.isNaN(value)) return '–'
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(2)
}

function millions(value: number): string {
  return Number.isNaN(value) ? '–' : (value / 1e6).toFixed(2)
}

function thousands(value: number): string {
  return Number.isNaN(value) ? '–' : Math.round(value / 1000).toLocaleString('en-US')
}
