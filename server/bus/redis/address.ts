import { failed, ok, type Result } from '../../../domain/result.ts'

/** How to be let in by each server that has logs. */
export type Login = {
  readonly username?: string
  readonly password?: string
  readonly tls: boolean
  readonly database: number
}

/** What the URL's servers are to each other; `master` is the name by which Sentinel knows it. */
export type Form =
  | { readonly kind: 'single' }
  | { readonly kind: 'sentinel'; readonly master: string }
  | { readonly kind: 'cluster' }

/** A Redis URL, read; `label` is for people and has no password. */
export type RedisAddress = {
  readonly form: Form
  /** `host:port` of the one Redis, of its Sentinels, or of some servers of the cluster. */
  readonly hosts: readonly string[]
  readonly login: Login
  readonly label: string
  /** Why what travels to it may be read or written by others. */
  readonly exposure?: string
}

const forms =
  'is a URL like redis://127.0.0.1:6379 or rediss://…, for Sentinel redis+sentinel://host:26379,host:26379/<master>, for a cluster redis+cluster://host:6379,host:6379'
const shape = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^/?#]*)@)?([^@/?#]+)(?:\/([^?#]*))?$/

/** The failure goes on from the name of the setting, and never repeats what may be a password. */
export function readAddress(url: string): Result<RedisAddress, string> {
  const [whole, scheme, kind = 'single', user = '', hostList = '', path = ''] = shape.exec(url) ?? []
  const hosts = hostList.split(',').map((text) => readHost(text, kind === 'sentinel' ? 26379 : 6379))
  const names = hosts.flatMap((host) => (host === undefined ? [] : `${host.name}:${host.port}`))
  const credentials = readUser(user)
  if (whole === undefined || names.length < hosts.length || !credentials) return failed(forms)
  if (kind === 'single' && names.length > 1) return failed('names several servers, and not what they are: redis+…://')
  const place = readPath(kind, path)
  if (!place.ok) return place
  const { form, database } = place.value
  const login = { ...credentials, tls: scheme === 'rediss', database }
  const isLocal = hosts.every((host) => host && isLoopback(host.name))
  const exposure = isLocal ? undefined : exposureOf(login)
  const name = form.kind === 'sentinel' ? `${form.master}/${database}` : `${database}`
  const label = `${scheme}${kind === 'single' ? '' : `+${kind}`}://${names.join(',')}/${name}`
  return ok({ form, hosts: names, login, label, ...(exposure && { exposure }) })
}

function readHost(text: string, defaultPort: number): { readonly name: string; readonly port: number } | undefined {
  if (!URL.canParse(`redis://${text}`)) return undefined
  const { hostname, port } = new URL(`redis://${text}`)
  return hostname === '' ? undefined : { name: hostname, port: Number(port || defaultPort) }
}

function readUser(text: string): Pick<Login, 'username' | 'password'> | undefined {
  const colon = text.indexOf(':')
  try {
    const username = decodeURIComponent(colon === -1 ? text : text.slice(0, colon))
    const password = colon === -1 ? '' : decodeURIComponent(text.slice(colon + 1))
    return { ...(username && { username }), ...(password && { password }) }
  } catch {
    return undefined // a lone % sign
  }
}

function readPath(kind: string, path: string): Result<{ form: Form; database: number }, string> {
  if (kind === 'sentinel') {
    const [, master, database = '0'] = /^([\w.-]+)(?:\/(\d{0,4}))?$/.exec(path) ?? []
    if (master === undefined) return failed('must end with the name of the master that Sentinel watches: …/<master>')
    return ok({ form: { kind, master }, database: Number(database) })
  }
  if (!/^\d{0,4}$/.test(path)) return failed('must end with the number of a database, or with nothing')
  if (kind === 'single') return ok({ form: { kind }, database: Number(path) })
  if (Number(path) !== 0) return failed('names a database, and a cluster has none but 0')
  return ok({ form: { kind: 'cluster' }, database: 0 })
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

function exposureOf({ tls, password }: Login): string | undefined {
  const lacks = [tls ? '' : 'TLS', password === undefined ? 'password' : ''].filter(Boolean)
  return lacks.length === 0 ? undefined : `it is on another machine and has no ${lacks.join(' and no ')}`
}
