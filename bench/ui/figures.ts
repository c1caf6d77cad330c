/** One measured figure and its gate. */
export type Figure = {
  readonly number: string
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly most: number
  /** A busy machine does not blur it, so it decides whether the run passes. */
  readonly gates: boolean
}

export function isReached({ value, most }: Figure): boolean {
  return value <= most
}

/** As a table, one figure a line. */
export function tableOf(figures: readonly Figure[]): string {
  const lines = figures.map((figure) => {
    const { number, name, value, unit, most, gates } = figure
    const verdict = isReached(figure) ? 'reached' : gates ? 'NOT REACHED' : 'not reached (does not decide)'
    return `| ${number} | ${name} | ${rounded(value)} ${unit} | ≤ ${most} ${unit} | ${verdict} |`
  })
  return ['| # | Figure | Measured | Gate | |', '|---|---|---|---|---|', ...lines].join('\n')
}

/** The value below which this share of them lies; no values have none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2)
}
