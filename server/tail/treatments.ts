import type { TreatmentTotals } from '../../domain/protocol.ts'

/** Exact counts per treatment: the first `most` to appear keep a line of their own for ever, the rest share one. */
export class TreatmentCounter {
  readonly #counts = new Map<string, number>()
  readonly #most: number
  #other = 0

  constructor(most: number) {
    this.#most = most
  }

  add(treatment: string, impressions: number): void {
    const known = this.#counts.get(treatment)
    if (known !== undefined) this.#counts.set(treatment, known + impressions)
    else if (this.#counts.size < this.#most) this.#counts.set(treatment, impressions)
    else this.#other += impressions
  }

  totals(): TreatmentTotals {
    return { counts: [...this.#counts], other: this.#other }
  }
}
