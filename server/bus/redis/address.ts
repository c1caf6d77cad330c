import { failed, ok, type Result } from '../../../domain/result.ts'

/** A Redis URL, read; `label` is for people and has no password. */
export type RedisAddress = {
  readonly url: string
  readonly label: string
  readonly database: number
  /** Why what travels to it may be read or written by others. */
  readonly exposure?: string
}

export function readAddress(url: string): Result<RedisAddress, string> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !['redis:', 'rediss:'].includes(parsed.protocol)) {
    return failed('the Redis URL must look like redis://host:6379/0, or rediss:// for TLS')
  }
  const path = parsed.pathname.replace(/^\//, '')
  if (!/^\d{0,4}$/.test(path)) return failed(`the Redis URL names the database "${path}"; it must be a number`)
  const database = Number(path)
  const exposure = exposureOf(parsed)
  const label = `${parsed.protocol}//${parsed.hostname}:${parsed.port || 6379}/${database}`
  return ok({ url, label, database, ...(exposure && { exposure }) })
}

function exposureOf({ hostname, protocol, password }: URL): string | undefined {
  if (hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)) return undefined
  const lacks = [protocol === 'rediss:' ? '' : 'TLS', password === '' ? 'password' : ''].filter(Boolean)
  return lacks.length === 0 ? undefined : `it is on another machine and has no ${lacks.join(' and no ')}`
}
