import { hkdfSync } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'

/** What a sealed text is for: one that was made for another purpose is not taken. */
export type Purpose = 'session' | 'ticket' | 'sign-in'

/** Seals claims so that nobody else can make or change them: signed, not secret. */
export class Seals {
  readonly #master: string
  readonly #now: () => number

  /** `now` in epoch ms. */
  constructor(master: string, now: () => number) {
    this.#master = master
    this.#now = now
  }

  /** A JSON Web Token (RFC 7519, HS256) that is good for so long. */
  seal(purpose: Purpose, claims: Readonly<Record<string, unknown>>, untilMs: number): Promise<string> {
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(purpose)
      .setExpirationTime(Math.ceil(untilMs / 1000))
      .sign(this.#key(purpose))
  }

  /** The claims of a text that was sealed for this and is still good. */
  async open(purpose: Purpose, text: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    try {
      const currentDate = new Date(this.#now())
      const opened = await jwtVerify(text, this.#key(purpose), {
        audience: purpose,
        algorithms: ['HS256'],
        currentDate,
      })
      return opened.payload
    } catch {
      return undefined // forged, of another purpose or too old: to whoever shows it that is all the same
    }
  }

  #key(purpose: Purpose): Uint8Array {
    return derived(this.#master, purpose)
  }
}

/** 256 bits for one purpose alone (HKDF, RFC 5869): who learns one learns no other. */
export function derived(master: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', master, 'flagtail', purpose, 32))
}
