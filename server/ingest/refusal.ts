/** Why a post is not taken, as its sender will read it. Never quotes the body: a key may be in it. */
export type Refusal = {
  readonly status: 400 | 401 | 403 | 405 | 408 | 413 | 415 | 429 | 503
  readonly message: string
  /** Where in the body, for example `[3].i`. */
  readonly field?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The body is not what the path takes. */
export function malformed(message: string, field?: string): Refusal {
  return { status: 400, message, field }
}

/** The body exceeds a limit. */
export function tooLarge(message: string): Refusal {
  return { status: 413, message }
}

/** The post may be sent again, after so many seconds. */
export function later(status: 429 | 503, message: string, afterS: number): Refusal {
  return { status, message, headers: { 'Retry-After': String(afterS) } }
}
