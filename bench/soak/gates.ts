import { wrongBooks } from './books.ts'
import type { Plan } from './plan.ts'
import type { Findings } from './soak.ts'
import { lowest, type Trend, trendOf } from './trend.ts'

/** A promise of docs/SPEC.md, by its number, and whether it was kept. */
export type Gate = { readonly promise: string; readonly kept: boolean; readonly found: string }

const most = { residentMb: 700, growthMbPerMinute: 1 } as const
const leastTaken = 0.95
const stretchS = 10
/** A trend of resident memory over less is noise. */
const leastTrendS = 600
const sureErrors = 2

function gate(promise: string, kept: boolean, found: string): Gate {
  return { promise, kept, found }
}

export function gatesOf(findings: Findings, plan: Plan): readonly Gate[] {
  const { freezes, samples } = findings
  const peakMb = Math.max(...samples.map(({ residentMb }) => residentMb))
  const live = liveGrowth(findings, plan)
  const resident = residentTrend(findings, plan)
  const long = plan.seconds >= leastTrendS
  const taken = findings.load.impressionsTaken / findings.load.impressionsDue
  const wrong = wrongBooks(findings)
  return [
    gate('S1 resident memory stays below its bound', peakMb <= most.residentMb, `at most ${peakMb.toFixed(0)} MB`),
    gate('S2 what survives a collection does not grow', live < most.growthMbPerMinute, `${signed(live)} MB/min`),
    gate(
      'S3 nor does resident memory',
      !long || !risesSurely(resident),
      `${long ? '' : 'too short to tell, '}${trendText(resident)}`,
    ),
    gate('S4 posts are taken at the rate at which they come', taken >= leastTaken, `${(100 * taken).toFixed(2)} %`),
    gate('S5 books stay exact to the impression', wrong.length === 0, wrong[0] ?? 'all of them'),
    gate(
      'S6 frozen viewers fall silent, are hung up on and come back',
      freezes.seenSilent > 0,
      `${freezes.count} times`,
    ),
  ]
}

/** MB per minute between the two weighings. */
function liveGrowth({ first, last }: Findings, { firstWeighingS, lastWeighingS }: Plan): number {
  return ((last.liveMb - first.liveMb) * 60) / (lastWeighingS - firstWeighingS)
}

/**
 * Of the lowest resident memory in each ten seconds: V8 lets its heap swing by tens of MB between collections, and only
 * what it never gives back again tells. Even that wanders by some MB within minutes (measured: 5.2 ± 1.9 MB/min over two of
 * them without a leak), so it is asked of long runs only, and beyond its error; `liveGrowth` is exact enough in any run.
 */
function residentTrend({ samples }: Findings, { warmUpS, lastWeighingS }: Plan): Trend {
  const points = samples.map(({ atS, residentMb }) => ({ atS, value: residentMb }))
  const measured = points.filter(({ atS }) => atS >= warmUpS && atS <= lastWeighingS)
  return trendOf(lowest(measured, stretchS))
}

function risesSurely({ perMinute, standardError }: Trend): boolean {
  return !(perMinute - sureErrors * standardError < most.growthMbPerMinute)
}

export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
}

function trendText({ perMinute, standardError }: Trend): string {
  return `${signed(perMinute)} ± ${standardError.toFixed(2)} MB/min`
}
