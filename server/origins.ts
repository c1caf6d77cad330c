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
    const asked = request.headers.host?.toLowerCase()
    if (asked === undefined) return false
    const name = hostname(asked)
    if (name === undefined) return false
    const ours = isLoopbackName(name) || isIP(name) !== 0 || allowed.has(name) || allowed.has(asked)
    return ours && isOwnOrigin(request.headers.origin, asked)
  }
}

/** The host without its port and brackets; `undefined` when it is no host. */
function hostname(host: string): string | undefined {
  if (!URL.canParse(`http://${host}`)) return undefined
  const { hostname, host: whole, pathname, username } = new URL(`http://${host}`)
  if (username !== '' || pathname !== '/' || whole === '') return undefined
  return hostname.replace(/^\[|\]$/g, '')
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost')
}

/** A page's origin is ours when it names the very host that was asked; a TLS proxy in front changes only the scheme. */
function isOwnOrigin(origin: string | undefined, host: string): boolean {
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const { protocol, host: originHost } = new URL(origin)
  if (protocol !== 'http:' && protocol !== 'https:') return false
  const asked = new URL(`${protocol}//${host}`)
  return originHost === asked.host
}
