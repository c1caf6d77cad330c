import type { Gate } from './gates.ts'
import type { Plan } from './plan.ts'
import type { Sample } from './sampler.ts'
import type { Findings } from './soak.ts'
import type { Weight } from './weigh.ts'

/** One line about a moment. */
export function sampleText(sample: Sample): string {
  const { atS, residentMb, heapMb, buffersMb, redisMb, cpuS, accepted, viewers, silentViewers } = sample
  const redis = redisMb === undefined ? '' : `, Redis ${redisMb.toFixed(0)} MB`
  const memory = `${residentMb.toFixed(0)} MB (heap ${heapMb.toFixed(0)}, buffers ${buffersMb.toFixed(0)})${redis}`
  const taken = `${(accepted / 1e6).toFixed(2)} M taken, ${cpuS.toFixed(0)} CPU-s`
  return `${atS.toFixed(0).padStart(5)} s: ${memory}, ${taken}, ${viewers} viewers, ${silentViewers} silent`
}

/** What was found, whether or not a gate asks for it. */
export function findingsText(findings: Findings, plan: Plan): string {
  const { load, freezes, samples, first, last, reading, freezing } = findings
  const measured = samples.filter(({ atS }) => atS >= plan.warmUpS && atS <= plan.lastWeighingS)
  const [from, to] = [measured[0], measured.at(-1)]
  const seconds = (to?.atS ?? 0) - (from?.atS ?? 0)
  const perSecond = (of: (sample: Sample) => number): number =>
    to && from ? (of(to) - of(from)) / seconds : Number.NaN
  const ms = (value: number): string => `${value.toFixed(1)} ms`
  const sum = (of: (account: (typeof reading)[number]) => number): number =>
    [...reading, ...freezing].reduce((all, account) => all + of(account), 0)
  const peakRedis = Math.max(...samples.map(({ redisMb }) => redisMb ?? Number.NaN))
  return [
    `taken: ${Math.round(perSecond(({ accepted }) => accepted))} impressions/s, ${perSecond(({ cpuS }) => cpuS).toFixed(2)} CPU-s per s`,
    `answers to posts: p50 ${ms(load.answers.percentile(0.5))}, p99 ${ms(load.answers.percentile(0.99))}; generator late by p99 ${ms(load.lateness.percentile(0.99))}`,
    ...[...load.failures].map((failure) => `posts failed: ${failure}`),
    `frozen ${freezes.count} times, back within ${ms(freezes.slowestReturnMs)}; ${sum(({ cuts }) => cuts)} hung up on, ${sum(({ missed }) => missed)} impressions told as missed`,
    `readers: behind ${reading.reduce((all, { behind }) => all + behind, 0)} times, ${reading.reduce((all, { skipped }) => all + skipped, 0)} rows skipped`,
    `memory at ${plan.firstWeighingS.toFixed(0)} s: ${weightText(first)}`,
    `memory at ${plan.lastWeighingS.toFixed(0)} s: ${weightText(last)}`,
    ...(Number.isNaN(peakRedis) ? [] : [`Redis: at most ${peakRedis.toFixed(0)} MB`]),
  ].join('\n')
}

function weightText({ liveMb, heapUsedMb, externalMb, before }: Weight): string {
  const mb = (value: number): string => value.toFixed(1)
  return `${mb(liveMb)} MB live (heap ${mb(heapUsedMb)}, buffers ${mb(externalMb)}); before collecting heap ${mb(before.heapUsedMb)} of ${mb(before.heapTotalMb)}, buffers ${mb(before.externalMb)}`
}

export function gateText({ promise, kept, found }: Gate): string {
  return `${kept ? 'kept  ' : 'BROKEN'} ${promise}: ${found}`
}
