import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { defaultLimits, type Limits } from '../domain/limits.ts'
import { failed, ok, type Result } from '../domain/result.ts'
import type { AccessSettings, ProxySettings } from './access/settings.ts'
import { readAddress } from './bus/redis/address.ts'
import { type ConfigFile, type ConfiguredEnvironments, readConfigFile } from './config-file.ts'
import { readHost } from './origins.ts'

/** Everything that can be set, read once. */
export type Config = {
  readonly port: number
  readonly host: string
  /** Absent = the embedded bus. */
  readonly redisUrl: string | undefined
  /** `open`: no config file; one environment, any key. */
  readonly environments: ConfiguredEnvironments | 'open'
  /** The file that the environments are from: their keys are read from it again and again. */
  readonly configPath: string | undefined
  /** Absent = audit lines go to the server's own log. */
  readonly auditPath: string | undefined
  /** Names by which the server may be asked, beside loopback, literal addresses and `host`. */
  readonly hosts: readonly string[]
  readonly access: AccessSettings
  readonly proxy: ProxySettings
  readonly limits: Limits
}

const ownSettings = ['FLAGTAIL_CONFIG', 'FLAGTAIL_TOKEN', 'FLAGTAIL_AUTH', 'FLAGTAIL_HOSTS', 'FLAGTAIL_AUDIT'] as const

/** Reads the settings strictly; the failure is one line for the person who starts the server. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Result<Config, string> {
  const unknown = Object.keys(environment).find((name) => name.startsWith('FLAGTAIL_') && !isOwnSetting(name))
  if (unknown) return failed(`unknown setting ${unknown} (known: PORT, HOST, REDIS_URL, ${ownSettings.join(', ')})`)
  const port = readPort(environment.PORT)
  if (!port.ok) return port
  const host = environment.HOST || '127.0.0.1'
  const redisUrl = readRedisUrl(environment.REDIS_URL)
  if (!redisUrl.ok) return redisUrl
  const hosts = readHosts(environment.FLAGTAIL_HOSTS)
  if (!hosts.ok) return hosts
  const path = environment.FLAGTAIL_CONFIG
  const file = path ? readConfigFile(path, readFileSync) : undefined
  if (file && !file.ok) return file
  const access = readAccess(environment, file?.value)
  if (!access.ok) return access
  const open = isLoopback(host) ? undefined : openTo(host, file?.value, access.value)
  if (open) return failed(open)
  const provider = access.value.kind === 'sign-in' ? access.value.provider : undefined
  return ok({
    port: port.value,
    host,
    redisUrl: redisUrl.value,
    environments: file ? file.value.environments : 'open',
    configPath: path || undefined,
    auditPath: environment.FLAGTAIL_AUDIT || undefined,
    hosts: provider ? [...hosts.value, new URL(provider.url).host] : hosts.value,
    access: access.value,
    proxy: file?.value.proxy,
    limits: { ...defaultLimits, ...file?.value.limits },
  })
}

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.')
  if (isIP(host) === 6) return /^[0:]*:0*1$/.test(host)
  return host.toLowerCase() === 'localhost'
}

function isOwnSetting(name: string): boolean {
  return ownSettings.some((known) => known === name)
}

/** What a public address would let others do, if that was not asked for. */
function openTo(host: string, file: ConfigFile | undefined, access: AccessSettings): string | undefined {
  if (access.kind === 'nobody-asks') return undefined
  const others = `HOST=${host} lets others in`
  const orNone = 'or say FLAGTAIL_AUTH=none if everybody may post and read'
  if (!file)
    return `${others}, and without FLAGTAIL_CONFIG any key of 8 characters may post: give a config file, ${orNone}`
  if (access.token !== undefined || access.provider || file.proxy?.signsIn) return undefined
  return `${others}, and nothing says who may read: set FLAGTAIL_TOKEN, configure "auth.oidc" or "proxy.signsIn", ${orNone}`
}

type Environment = Readonly<Record<string, string | undefined>>

function readAccess(environment: Environment, file: ConfigFile | undefined): Result<AccessSettings, string> {
  const auth = environment.FLAGTAIL_AUTH
  const token = environment.FLAGTAIL_TOKEN || undefined
  if (auth && auth !== 'none') return failed(`FLAGTAIL_AUTH is "none" or not set, not "${auth}"`)
  if (token !== undefined && !/^[A-Za-z0-9._~-]{32,256}$/.test(token)) {
    return failed('FLAGTAIL_TOKEN has 32 to 256 of A-Z a-z 0-9 . _ ~ - (openssl rand -hex 32 makes one)') // not quoted
  }
  if (!auth) return ok({ kind: 'sign-in', token, provider: file?.auth.oidc, grants: file?.auth.roles ?? [] })
  const asked = token !== undefined || file?.auth.oidc || file?.proxy?.signsIn
  return asked
    ? failed('FLAGTAIL_AUTH=none says that nobody signs in, and something else says who may')
    : ok({ kind: 'nobody-asks' })
}

function readPort(text: string | undefined): Result<number, string> {
  if (!text) return ok(3000)
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return ok(Number(text))
  return failed(`PORT is a whole number from 0 to 65535, not "${text}"`)
}

function readRedisUrl(text: string | undefined): Result<string | undefined, string> {
  if (!text) return ok(undefined)
  const address = readAddress(text)
  return address.ok ? ok(text) : failed(`REDIS_URL ${address.error}`)
}

function readHosts(text: string | undefined): Result<readonly string[], string> {
  const hosts = (text ?? '').split(',').map((host) => host.trim())
  const named = hosts.filter((host) => host !== '')
  const wrong = named.find((host) => !readHost(host))
  if (wrong) return failed(`FLAGTAIL_HOSTS is a comma list of host or host:port, and "${wrong}" is neither`)
  return ok(named)
}
