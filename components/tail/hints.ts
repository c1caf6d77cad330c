import type { RowGroup } from '../../domain/protocol.ts'
import type { Rate } from './rate.ts'

export type HintFacts = {
  /** SDKs that hide repeats, of those that nobody has dismissed. */
  readonly optimized: readonly string[]
  /** Rows come faster than anybody reads; told once while the page is open. */
  readonly tooFast: boolean
  /** A moment ago rows were sampled, and now none is. */
  readonly everyRowAgain: boolean
}

const readablePerSecond = 200
const toldMs = 10_000
const sampledFrom = 1.05
const mostSdks = 100

/** Remembers what is worth a word to the person, and for how long. */
export class Hints {
  readonly #optimized = new Set<string>()
  readonly #dismissed = new Set<string>()
  #tooFastSinceMs: number | undefined
  #sampled = false
  #againSinceMs: number | undefined

  /** Looks at what the SDKs say of their own sending. */
  hear(groups: readonly RowGroup[]): void {
    for (const { shared } of groups) {
      const { sdk, sdkVersion, impressionsMode } = shared
      if (impressionsMode !== 'OPTIMIZED' || sdk === undefined || this.#optimized.size >= mostSdks) continue
      this.#optimized.add(sdkVersion === undefined ? sdk : `${sdk}-${sdkVersion}`)
    }
  }

  /** Says no more of the mode of these SDKs. */
  dismiss(sdks: readonly string[]): void {
    for (const sdk of sdks) this.#dismissed.add(sdk)
  }

  look(rate: Rate, nowMs: number): HintFacts {
    const sampled = rate.oneIn >= sampledFrom
    if (sampled) this.#againSinceMs = undefined
    else if (this.#sampled) this.#againSinceMs = nowMs
    this.#sampled = sampled
    if (rate.perSecond / rate.oneIn > readablePerSecond) this.#tooFastSinceMs ??= nowMs
    return {
      optimized: [...this.#optimized].filter((sdk) => !this.#dismissed.has(sdk)),
      tooFast: isRecent(this.#tooFastSinceMs, nowMs),
      everyRowAgain: isRecent(this.#againSinceMs, nowMs),
    }
  }
}

function isRecent(sinceMs: number | undefined, nowMs: number): boolean {
  return sinceMs !== undefined && nowMs - sinceMs < toldMs
}
