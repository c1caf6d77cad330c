import { type BusFailure, busDown } from '../bus.ts'

/** Redis's own refusals, by the word that they begin with, in words for whoever runs it. */
const refusals: { readonly [code: string]: string } = {
  OOM: 'Redis is out of memory (its maxmemory)',
  READONLY: 'Redis is a read-only replica',
  LOADING: 'Redis is still loading its dump',
  MASTERDOWN: 'Redis is a replica without its master',
  MISCONF: 'Redis cannot save its dump and refuses writes',
  BUSY: 'Redis is busy with a script',
  MOVED: 'Redis is a cluster; a single server is needed',
  CLUSTERDOWN: 'Redis is a cluster; a single server is needed',
  NOAUTH: 'Redis wants a password',
  WRONGPASS: 'Redis does not take this user name and password',
  NOPERM: 'Redis does not permit this user what the bus needs',
}

/** Redis's own word, also where an older Redis wraps it into the error of a script. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error && error.name === 'ReplyError')) return undefined
  const { message } = error
  return Object.keys(refusals).find((code) => message.startsWith(`${code} `) || message.includes(` -${code} `))
}

/** Whether Redis has answered, though with a refusal: then it is alive, and no circuit has to spare anybody a wait. */
export function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError'
}

export function isUnknownScript(error: unknown): boolean {
  return isAnswer(error) && error instanceof Error && error.message.startsWith('NOSCRIPT')
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
export function busFailure(error: unknown, cause?: string): { readonly ok: false; readonly error: BusFailure } {
  const isAboutConnection =
    error instanceof Error &&
    /^(Stream isn't writeable|Connection is closed|Command aborted|Reached the max retries)/.test(error.message)
  if (!isAboutConnection) return busDown(describe(error))
  return busDown(cause ? `no connection to Redis: ${cause}` : 'no connection to Redis')
}
