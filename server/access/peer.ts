import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { TLSSocket } from 'node:tls'
import { readHost } from '../origins.ts'
import { isSame } from './token.ts'

/** A proxy that stands before this server, and what it is believed. */
export type TrustedProxy = {
  /** Addresses that are the proxy, as CIDRs. */
  readonly addresses: readonly string[]
  /** It says who people are; only with its secret. */
  readonly signsIn?: {
    readonly secret: string
    readonly secretHeader: string
    readonly personHeader: string
    readonly groupsHeader: string
  }
}

/** Whom a proxy says that it brings. */
export type Brought = { readonly id: string; readonly groups: readonly string[] }

/** Tells where requests come from: believes forwarding headers only from the proxy that was configured. */
export class Peers {
  readonly #proxy: TrustedProxy | undefined
  readonly #trusted = new BlockList()

  constructor(proxy: TrustedProxy | undefined) {
    this.#proxy = proxy
    for (const cidr of proxy?.addresses ?? []) {
      const [address = '', bits] = cidr.split('/')
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
      this.#trusted.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
    }
  }

  /** The address that asked: the peer, or what the trusted proxy next to us says of the one before it. */
  address(request: IncomingMessage): string {
    const peer = request.socket.remoteAddress ?? ''
    if (!this.#isTrusted(peer)) return peer
    const hops = String(request.headers['x-forwarded-for'] ?? '').split(',')
    const nearest = hops.map((hop) => hop.trim()).findLast((hop) => !this.#isTrusted(hop)) ?? ''
    return isIP(nearest) === 0 ? peer : nearest // what lies beyond something unreadable may be anybody's word
  }

  /** Whether it came over TLS, to us or to the trusted proxy. */
  isSecure(request: IncomingMessage): boolean {
    if (request.socket instanceof TLSSocket) return true
    return this.#isTrusted(request.socket.remoteAddress ?? '') && request.headers['x-forwarded-proto'] === 'https'
  }

  /** Whom the proxy brings: only from its address and with its secret, whatever the headers say. */
  brought(request: IncomingMessage): Brought | undefined {
    const rules = this.#proxy?.signsIn
    if (!rules || !this.#isTrusted(request.socket.remoteAddress ?? '')) return undefined
    if (!isSame(headerOf(request, rules.secretHeader) ?? '', rules.secret)) return undefined
    const id = headerOf(request, rules.personHeader)?.trim()
    if (!id || id.length > personChars) return undefined
    const groups = (headerOf(request, rules.groupsHeader) ?? '').split(',').map((group) => group.trim())
    return { id, groups: groups.filter((group) => group !== '') }
  }

  #isTrusted(address: string): boolean {
    const family = isIP(address)
    return family !== 0 && this.#trusted.check(address, family === 6 ? 'ipv6' : 'ipv4')
  }
}

const personChars = 256

/** A header that was sent once; twice is a trick, and counts as absent. */
function headerOf({ headersDistinct }: IncomingMessage, name: string): string | undefined {
  const values = headersDistinct[name.toLowerCase()]
  return values?.length === 1 ? values[0] : undefined
}

/** Whether a request names this machine itself, where browsers take a connection without TLS for a safe one. */
export function isToLoopback({ headers }: IncomingMessage): boolean {
  const { name } = readHost(headers.host ?? '') ?? { name: '' }
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name)
}
