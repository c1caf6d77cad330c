import { pillOf } from './pill.ts'
import { plural } from './tail/numbers.ts'
import { lately } from './tail/rate-chart.ts'
import type { View } from './tail/view.ts'
import { visibleText } from './visible-text.ts'

const summaryEveryMs = 10_000
const summarySeconds = 10

/**
 * What a screen reader is told: each change of state at once; of a lost connection once that it is lost and once that it
 * is back, whatever happens between; and, for whoever wants it, now and then what came.
 */
export class Announcer {
  #state = ''
  #lost = false
  #everConnected = false
  #summedMs: number | undefined
  #known: ReadonlySet<string> | undefined

  /** The next announcement, or nothing. */
  hear(view: View, summaries: boolean): string | undefined {
    return this.#stateOf(view) ?? (summaries ? this.#summaryOf(view) : undefined)
  }

  #stateOf(view: View): string | undefined {
    const { state } = pillOf(view)
    const connected = view.connection.kind === 'connected'
    if (this.#everConnected && !connected) {
      if (this.#lost) return undefined
      this.#lost = true
      return 'Connection lost. The rows stay, and it is tried again.'
    }
    const back = this.#lost && connected
    if (!back && state === this.#state) return undefined
    this.#lost = false
    this.#everConnected ||= connected
    this.#state = state
    return back ? `Connected again. ${state}` : state
  }

  #summaryOf({ chart, mode, nowMs }: View): string | undefined {
    if (mode === 'paused' || mode === 'reading' || this.#lost) return undefined
    this.#summedMs ??= nowMs
    if (nowMs - this.#summedMs < summaryEveryMs) return undefined
    const known = this.#known ?? chart.treatments
    this.#summedMs = nowMs
    this.#known = chart.treatments
    const impressions = sum(lately(chart, summarySeconds + 1)) - sum(lately(chart, 1))
    if (impressions === 0) return undefined
    const fresh = [...chart.treatments].filter((treatment) => !known.has(treatment))
    const news =
      fresh.length === 0
        ? ''
        : `; new ${fresh.length === 1 ? 'treatment' : 'treatments'} ${fresh.map(visibleText).join(', ')}`
    return `${plural(impressions, 'impression')} in the last ${summarySeconds} s${news}`
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
