import { createHmac } from 'node:crypto'
import type { Limits } from '../../domain/limits.ts'
import { isMask, type Mask, maskText } from '../../domain/masked.ts'

/** The masks of each environment: HMAC-SHA256 under a secret of its own, so that all servers with that secret agree. */
export class Masks {
  readonly #secretOf: (environmentId: string) => string
  readonly #most: number
  readonly #masks = new Map<string, Mask>()
  /** Those made already, by environment: the same few users come again and again. */
  readonly #made = new Map<string, Map<string, string>>()
  #remembered = 0

  constructor(secretOf: (environmentId: string) => string, { masksRemembered }: Pick<Limits, 'masksRemembered'>) {
    this.#secretOf = secretOf
    this.#most = masksRemembered
  }

  of(environmentId: string): Mask {
    const known = this.#masks.get(environmentId)
    if (known) return known
    const secret = this.#secretOf(environmentId)
    const mask: Mask = (text) => {
      const made = this.#made.get(environmentId)?.get(text)
      if (made !== undefined) return made
      const fresh = maskText(createHmac('sha256', secret).update(text).digest('hex'))
      this.#remember(environmentId, text, fresh)
      return fresh
    }
    this.#masks.set(environmentId, mask)
    return mask
  }

  /** What a text that somebody filters by may stand as in a masked row: as its mask, and as itself where it is one. */
  spelled(environmentId: string, text: string): readonly string[] {
    const mask = this.of(environmentId)(text)
    return isMask(text) ? [text, mask] : [mask]
  }

  #remember(environmentId: string, text: string, mask: string): void {
    if (this.#remembered >= this.#most) {
      this.#made.clear()
      this.#remembered = 0
    }
    const made = this.#made.get(environmentId) ?? new Map<string, string>()
    this.#made.set(environmentId, made)
    made.set(text, mask)
    this.#remembered++
  }
}
