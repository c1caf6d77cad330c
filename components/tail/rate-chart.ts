/** Seconds that the chart covers, the one that still runs among them. */
export const chartSeconds = 300

/** Treatments that are told apart; all others are drawn together. */
export const chartSeries = 5

/**
 * What is known of a second: everything; that nobody watched yet; that some of its matches cannot be told to have come in
 * it; or that there is no connection.
 */
export type SecondState = 'known' | 'unwatched' | 'gap' | 'lost'

/** Matches per second and treatment over the last minutes, exact where the state says `known`. Never changes once made. */
export type RateChart = {
  /** Epoch second of the last column, which still grows. */
  readonly untilS: number
  /** Treatments from the bottom up; all others together come on top of them. */
  readonly names: readonly string[]
  /** One list per name, and one for the others: `chartSeconds` numbers each, oldest first. */
  readonly counts: readonly (readonly number[])[]
  readonly states: readonly SecondState[]
  /** Every treatment that came, as far as the server tells them apart. */
  readonly treatments: ReadonlySet<string>
}

export type SecondCounts = {
  readonly total: number
  readonly perSeries: readonly number[]
  readonly state: SecondState
}

/** The numbers of one column; columns count from 0, the oldest. */
export function secondAt({ counts, states }: RateChart, column: number): SecondCounts {
  const perSeries = counts.map((series) => series[column] ?? 0)
  return { total: sumOf(perSeries), perSeries, state: states[column] ?? 'unwatched' }
}

/** The epoch second of a column. */
export function secondOf({ untilS }: RateChart, column: number): number {
  return untilS - chartSeconds + 1 + column
}

/** Each series over the newest seconds together. */
export function lately({ counts }: RateChart, seconds: number): readonly number[] {
  return counts.map((series) => sumOf(series.slice(-seconds)))
}

/** The busiest column, or -1 where nothing came. */
export function peakColumn(chart: RateChart): number {
  let peak = -1
  let most = 0
  for (let column = 0; column < chartSeconds; column++) {
    const { total } = secondAt(chart, column)
    if (total > most) [peak, most] = [column, total]
  }
  return peak
}

/**
 * The treatments to tell apart: those shown before stay in their places while anything of them is there, and another one
 * takes the place of the smallest only when it is clearly larger, so that colours do not jump.
 */
export function chooseNames(totals: ReadonlyMap<string, number>, before: readonly string[]): readonly string[] {
  const chosen = before.filter((name) => (totals.get(name) ?? 0) > 0)
  const others = [...totals.keys()].filter((name) => !chosen.includes(name))
  for (const name of others.sort((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0))) {
    if (chosen.length < chartSeries) chosen.push(name)
    else replaceSmallest(chosen, name, totals)
  }
  return chosen
}

const clearlyLarger = 1.5

function replaceSmallest(chosen: string[], name: string, totals: ReadonlyMap<string, number>): void {
  const sizes = chosen.map((one) => totals.get(one) ?? 0)
  const smallest = sizes.indexOf(Math.min(...sizes))
  if ((totals.get(name) ?? 0) > clearlyLarger * (sizes[smallest] ?? 0)) chosen[smallest] = name
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
