import { type ImpressionsMode, impressionsModes } from './impression.ts'

/**
 * What came to the doors that SDKs use, and what became of it, since this server started: for whoever waits for a first
 * impression. Carries no key, no body and no query.
 */
export type Evidence = {
  /** Whether any SDK key is taken, or only those of the config file. */
  readonly keys: 'any' | 'configured'
  readonly requests: number
  readonly last?: LastRequest
  /** Requests to paths that are nobody's. */
  readonly wrongPaths: number
  readonly lastWrongPath?: string
  /** Requests for flags and segments, which are the vendor's to give. */
  readonly definitions: number
  readonly unknownKeys: number
  /** Posts from pages whose origin is not among those of their key. */
  readonly wrongOrigins: number
  /** Posts refused for another reason: malformed, too large, too many, log away. */
  readonly refused: number
  readonly preflights: number
  /** Posts from pages of other origins. */
  readonly foreignPosts: number
  /** Posts taken, by whether they were of impressions. */
  readonly impressionPosts: number
  readonly otherPosts: number
  /** Posts that named their mode. */
  readonly modes: Readonly<Record<ImpressionsMode, number>>
}

export type LastRequest = {
  readonly method: string
  /** Visible ASCII, cut. */
  readonly path: string
  readonly status: number
  readonly agoMs: number
}

const counts = [
  'requests',
  'wrongPaths',
  'definitions',
  'unknownKeys',
  'wrongOrigins',
  'refused',
  'preflights',
  'foreignPosts',
  'impressionPosts',
  'otherPosts',
] as const

/** The count of everything, before anything came. */
export const noEvidence: Omit<Evidence, 'keys'> = {
  requests: 0,
  wrongPaths: 0,
  definitions: 0,
  unknownKeys: 0,
  wrongOrigins: 0,
  refused: 0,
  preflights: 0,
  foreignPosts: 0,
  impressionPosts: 0,
  otherPosts: 0,
  modes: { OPTIMIZED: 0, DEBUG: 0, NONE: 0 },
}

/** Reads a server's answer; `undefined` when it is no evidence. */
export function readEvidence(answer: unknown): Evidence | undefined {
  if (!isRecord(answer) || (answer.keys !== 'any' && answer.keys !== 'configured') || !isRecord(answer.modes)) return
  const { keys, modes, last, lastWrongPath } = answer
  const read: Record<string, number> = {}
  for (const name of counts) {
    const count = answer[name]
    if (typeof count !== 'number') return undefined
    read[name] = count
  }
  const named = impressionsModes.map((mode) => [mode, Number(modes[mode] ?? 0)] as const)
  return {
    ...noEvidence,
    ...read,
    keys,
    modes: { ...noEvidence.modes, ...Object.fromEntries(named) },
    ...(typeof lastWrongPath === 'string' && { lastWrongPath }),
    ...(isRecord(last) && { last: lastOf(last) }),
  }
}

function lastOf({ method, path, status, agoMs }: Readonly<Record<string, unknown>>): LastRequest {
  return { method: String(method), path: String(path), status: Number(status), agoMs: Number(agoMs) }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
