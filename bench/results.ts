import type { Matching } from './parts/filter-counts.ts'
import type { Ingest } from './parts/ingest.ts'
import type { Storm } from './parts/storm.ts'
import type { Phase, Round } from './round.ts'

/** What one contender showed. */
export type Measured = {
  readonly id: string
  readonly title: string
  /** By repetition; `undefined` where it failed. */
  readonly rounds: readonly (Round | undefined)[]
  /** Why there are no rounds, or why one failed. */
  readonly trouble?: string
}

export type Results = {
  readonly measured: readonly Measured[]
  readonly ingest: readonly Ingest[]
  readonly matching?: Matching
  readonly storm?: Storm
}

/** Picks a number out of a round; `undefined` when the round does not have it. */
export type Figure = (round: Round) => number | undefined

export const figures = {
  useful: ({ saturated }) => saturated.useful / saturated.cpuS,
  moved: ({ saturated }) => saturated.moved / saturated.cpuS,
  counted: ({ saturated }) => saturated.counted / saturated.cpuS,
  takenIn: ({ saturated }) => saturated.impressions / saturated.tookS,
} satisfies Record<string, Figure>

/** A figure of the open loop at a rate, if that was kept up with. */
export function atRate(rate: number, of: (phase: Phase) => number): Figure {
  return ({ atRates }) => {
    const phase = atRates.get(rate)
    return phase?.keptUp ? of(phase) : undefined
  }
}

/** `NaN` of nothing. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [below, above] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return below === undefined || above === undefined ? Number.NaN : (below + above) / 2
}

export function medianOf(measured: Measured | undefined, figure: Figure): number {
  return median((measured?.rounds ?? []).flatMap((round) => (round && figure(round)) ?? []))
}

/** The median of the ratios within each repetition. */
export function pairedRatio(
  [above, ofAbove]: readonly [Measured | undefined, Figure],
  [below, ofBelow]: readonly [Measured | undefined, Figure],
): number {
  const ratios = (above?.rounds ?? []).flatMap((round, repetition) => {
    const other = below?.rounds[repetition]
    const [upper, lower] = [round && ofAbove(round), other && ofBelow(other)]
    return upper === undefined || lower === undefined ? [] : [upper / lower]
  })
  return median(ratios)
}
