import type { SessionAnswer, SignedOut, SignIn } from '../../domain/access.ts'

/** What came of asking for a session. */
export type Asked =
  | ({ readonly kind: 'in' } & SessionAnswer)
  | ({ readonly kind: 'out' } & SignedOut)
  /** It will not sign anybody in now, and says why. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'away' }

const patienceMs = 5000

/** Renews this browser's session, or begins one with a token. */
export async function askSession(token?: string): Promise<Asked> {
  try {
    const response = await fetch('/api/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(token === undefined ? {} : { token }),
      signal: AbortSignal.timeout(patienceMs),
    })
    return readAsked(response.status, await response.json())
  } catch {
    return { kind: 'away' }
  }
}

/** Ends this browser's session; whether it did. */
export async function endSession(): Promise<boolean> {
  try {
    return (await fetch('/api/session', { method: 'DELETE', signal: AbortSignal.timeout(patienceMs) })).ok
  } catch {
    return false
  }
}

/** Reads an answer strictly: what is none of ours counts as no answer. */
export function readAsked(status: number, answer: unknown): Asked {
  const { person, ticket, sees, reason, signIn, error } = fieldsOf(answer)
  if (status === 200) {
    const who = person === 'nobody' ? person : identityOf(person)
    if (!who || typeof sees !== 'boolean') return { kind: 'away' }
    return { kind: 'in', person: who, sees, ...(typeof ticket === 'string' && { ticket }) }
  }
  if (status === 401) return { kind: 'out', reason: reason === 'ended' ? 'ended' : 'unknown', signIn: signInOf(signIn) }
  const { message } = fieldsOf(error)
  return typeof message === 'string' ? { kind: 'refused', message } : { kind: 'away' }
}

function identityOf(person: unknown): { readonly id: string; readonly name: string } | undefined {
  const { id, name } = fieldsOf(person)
  return typeof id === 'string' && typeof name === 'string' ? { id, name } : undefined
}

function signInOf(signIn: unknown): SignIn {
  const { token, provider, proxy } = fieldsOf(signIn)
  return { token: token === true, proxy: proxy === true, ...(typeof provider === 'string' && { provider }) }
}

function fieldsOf(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
