import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { Peers } from './peer.ts'

const peers = new Peers({ addresses: ['10.0.0.0/8', '192.0.2.7', 'fd00::/8'] })

function addressOf(remoteAddress: string, forwarded?: string): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  return peers.address({ socket: { remoteAddress }, headers } as unknown as IncomingMessage)
}

test("AC13 the address is the peer's, or what the trusted proxy next to us says, and never what somebody before it claims", () => {
  expect(addressOf('203.0.113.9', '198.51.100.1')).toBe('203.0.113.9')
  expect(addressOf('10.1.2.3', '198.51.100.1')).toBe('198.51.100.1')
  expect(addressOf('::ffff:10.1.2.3', '198.51.100.1')).toBe('198.51.100.1')
  expect(addressOf('fd12::1', '127.0.0.1, 198.51.100.1, 10.9.9.9')).toBe('198.51.100.1')
  expect(addressOf('192.0.2.7', 'nonsense, 10.0.0.4')).toBe('192.0.2.7')
  expect(addressOf('10.1.2.3', '6.6.6.6, 203.0.113.9:51234')).toBe('10.1.2.3')
  expect(addressOf('10.1.2.3', '6.6.6.6, unknown')).toBe('10.1.2.3')
  expect(addressOf('192.0.2.8', '198.51.100.1')).toBe('192.0.2.8')
  expect(addressOf('10.1.2.3')).toBe('10.1.2.3')
})
