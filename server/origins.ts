import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

export type OriginParts = {
  /** The address that we listen on, as the setting says. */
  readonly host: string
  /** FLAGTAIL_HOSTS: names, with a port where only that port is meant. */
  readonly hosts: readonly string[]
}

/**
 * Says whether a request may read impressions: its Host must be a name that is ours, and its Origin, when it has one,
 * that Host's own. Against pages of other sites and DNS rebinding (which needs a name: any literal IP address is fine).
 */
export function originCheck({ host, hosts }: OriginParts): (request: IncomingMessage) => boolean {
  const allowed = new Set([host, ...hosts].map((name) => name.toLowerCase()))
  return (request) => {
    const asked = readHost(request.headers.host ?? '')
    if (!asked) return false
    const { name, whole } = asked
    const byDefaultPort = whole === name && defaultPorts.some((port) => allowed.has(`${name}:${port}`))
    const ours = isLoopbackName(name) || isIP(name) !== 0 || allowed.has(name) || allowed.has(whole) || byDefaultPort
    return ours && isOwnOrigin(request.headers.origin, whole)
  }
}

/** Browsers leave these out of a Host. */
const defaultPorts = [80, 443]

const hostPattern = /^(?:\[(?<address>[0-9a-f:.]+)\]|(?<name>[a-z0-9._-]+))(?::(?<port>\d{1,5}))?$/

/** `host[:port]` in small letters, and its name without port and brackets; `undefined` when it is no such thing. */
export function readHost(host: string): { readonly name: string; readonly whole: string } | undefined {
  const whole = host.toLowerCase()
  const { address, name = address, port = '0' } = hostPattern.exec(whole)?.groups ?? {}
  if (name === undefined || Number(port) > 65535 || (address !== undefined && isIP(address) !== 6)) return undefined
  return { name, whole }
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost')
}

/** A page's origin is ours when it names the very host that was asked; a TLS proxy in front changes only the scheme. */
function isOwnOrigin(origin: string | undefined, host: string): boolean {
  if (origin === undefined) return true
  const asked = ['http', 'https'].map((scheme) => `${scheme}://${host}`).filter((url) => URL.canParse(url))
  return URL.canParse(origin) && asked.some((url) => new URL(url).origin === new URL(origin).origin)
}
