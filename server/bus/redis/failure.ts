import { type BusFailure, busDown } from '../bus.ts'

/** `movedTo`: nothing was done, since this server of the cluster has the log now. */
export type RedisFailure = BusFailure & { readonly movedTo?: string }

/** Redis's own refusals, by the word that they begin with, in words for whoever runs it. */
const refusals: { readonly [code: string]: string } = {
  OOM: 'Redis is out of memory (its maxmemory)',
  READONLY: 'Redis is a read-only replica',
  NOREPLICAS: 'Redis has too few replicas to take writes (its min-replicas-to-write)',
  LOADING: 'Redis is still loading its dump',
  MASTERDOWN: 'Redis is a replica without its master',
  MISCONF: 'Redis cannot save its dump and refuses writes',
  BUSY: 'Redis is busy with a script',
  MOVED: 'another server of the Redis cluster has this log now',
  ASK: 'the Redis cluster is moving this log to another server',
  TRYAGAIN: 'the Redis cluster is moving this log to another server',
  CLUSTERDOWN: 'the Redis cluster is down',
  NOAUTH: 'Redis wants a password',
  WRONGPASS: 'Redis does not take this user name and password',
  NOPERM: 'Redis does not permit this user what the bus needs',
}

/** Redis's own word, also where an older Redis wraps it into the error of a script. */
function codeOf(error: unknown): string | undefined {
  if (!isReply(error)) return undefined
  const { message } = error
  return Object.keys(refusals).find((code) => message.startsWith(`${code} `) || message.includes(` -${code} `))
}

function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError'
}

/** A transaction that was discarded says so, and only the commands in it say why. */
function causeOf(error: unknown): unknown {
  const earlier: unknown = isReply(error) && 'previousErrors' in error ? error.previousErrors : undefined
  return Array.isArray(earlier) && earlier.length > 0 ? earlier[0] : error
}

/** Where a server of a cluster says that the keys are: `MOVED 1234 10.0.0.1:6379`. */
function movedTo(error: unknown): string | undefined {
  return isReply(error) ? /^MOVED \d+ (\S*:\d+)$/.exec(error.message)?.[1] : undefined
}

/** Whether Redis has answered, though with a refusal: then it is alive, and no circuit has to spare anybody a wait. */
export function isAnswer(error: unknown): boolean {
  return isReply(error)
}

export function isUnknownScript(error: unknown): boolean {
  return isReply(error) && error.message.startsWith('NOSCRIPT')
}

/** After a failover the connection may lead to the old master: a new one is needed. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === 'READONLY'
}

/** One line that says what is wrong; errors of sockets that tried several addresses have no message of their own. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = codeOf(error)
  const words = code === undefined ? undefined : refusals[code]
  if (words) return `${words}: ${error.message}`
  if (error.message === 'Command timed out') return 'Redis did not answer in time'
  return error.message || ('code' in error ? String(error.code) : error.name)
}

/** `cause` = the connection's last error, for a command that only knows that there is no connection. */
export function busFailure(error: unknown, cause?: string): { readonly ok: false; readonly error: RedisFailure } {
  const isAboutConnection =
    error instanceof Error &&
    /^(Stream isn't writeable|Connection is closed|Command aborted|Reached the max retries)/.test(error.message)
  if (isAboutConnection) return notConnected(cause)
  const reason = causeOf(error)
  const server = movedTo(reason)
  const failure = busDown(describe(reason))
  return server === undefined ? failure : { ok: false, error: { ...failure.error, movedTo: server } }
}

export function notConnected(cause?: string): { readonly ok: false; readonly error: BusFailure } {
  return busDown(cause ? `no connection to Redis: ${cause}` : 'no connection to Redis')
}
