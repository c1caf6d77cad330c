import type { IncomingMessage } from 'node:http'
import { createGunzip } from 'node:zlib'
import type { Limits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import { type Body, Gathered } from './gathered.ts'
import type { PostShare } from './in-flight.ts'
import { malformed, type Refusal, tooLarge } from './refusal.ts'

/** A whole body, why it is refused, or `gone`: its sender hung up and hears no answer. */
export type BodyOutcome = Result<Body, Refusal | 'gone'>

/** Takes a body's pieces as received and calls `settle` once it is whole or refused. */
type Intake = { piece(bytes: Buffer): void; end(): void; close(): void }
type Settle = (outcome: BodyOutcome) => void

/**
 * Reads a body, inflated, within its limits of bytes and time; never holds more than those limits. A refusal comes
 * while the rest of the body may still be on its way. Must be called before the request's first piece can arrive.
 */
export function readBody(request: IncomingMessage, limits: Limits, share: PostShare): Promise<BodyOutcome> {
  const coding = codingOf(request.headers['content-encoding'])
  if (coding === undefined) return Promise.resolve(failed(unknownCoding))
  const mostBytes = coding === 'gzip' ? limits.gzipBodyBytes : limits.bodyBytes
  const declared = request.headers['content-length']
  const expected = declared === undefined ? undefined : Number(declared)
  if ((expected ?? 0) > mostBytes)
    return Promise.resolve(failed(tooLarge(`the body is larger than ${mostBytes} bytes`)))
  return new Promise((resolve) => {
    const settle: Settle = (outcome) => {
      clearTimeout(timer)
      for (const [name, hear] of Object.entries(heard)) request.off(name, hear)
      intake.close()
      resolve(outcome)
    }
    const intake =
      coding === 'gzip' ? inflating(request, limits, share, settle) : plain(expected, mostBytes, share, settle)
    const heard = {
      data: (bytes: Buffer) => intake.piece(bytes),
      end: () => intake.end(),
      error: () => settle(failed('gone')),
      close: () => request.complete || settle(failed('gone')),
    }
    for (const [name, hear] of Object.entries(heard)) request.on(name, hear)
    const timer = setTimeout(() => settle(failed(tooSlow)), limits.bodyMs)
  })
}

const tooSlow: Refusal = { status: 408, message: 'the body did not arrive in time' }
const unknownCoding: Refusal = {
  status: 415,
  message: 'the only content encoding taken is gzip',
  headers: { 'Accept-Encoding': 'gzip' },
}

function codingOf(header: string | undefined): 'gzip' | 'identity' | undefined {
  const coding = header?.trim().toLowerCase() ?? ''
  if (coding === '' || coding === 'identity') return 'identity'
  return coding === 'gzip' || coding === 'x-gzip' ? 'gzip' : undefined
}

function plain(expected: number | undefined, mostBytes: number, share: PostShare, settle: Settle): Intake {
  const gathered = new Gathered({ expected, mostBytes, take: share.take })
  return {
    piece: (bytes) => {
      const refusal = gathered.add(bytes)
      if (refusal) settle(failed(refusal))
    },
    end: () => settle(ok(gathered.body)),
    close: () => {},
  }
}

/** Inflates piece by piece and stops at a limit, so that a bomb is never held. */
function inflating(request: IncomingMessage, limits: Limits, share: PostShare, settle: Settle): Intake {
  const gathered = new Gathered({ expected: undefined, mostBytes: limits.inflatedBodyBytes, take: share.take })
  const gunzip = createGunzip({ chunkSize: 64 * 1024 })
  let received = 0
  gunzip.on('data', (bytes: Buffer) => {
    const refusal = gathered.add(bytes) ?? ratioRefusal(gathered.length, received, limits)
    if (refusal) settle(failed(refusal))
  })
  gunzip.on('end', () => settle(ok(gathered.body)))
  gunzip.on('error', () => settle(failed(malformed('the body is not valid gzip'))))
  return {
    piece: (bytes) => {
      received += bytes.length
      if (received > limits.gzipBodyBytes) {
        return settle(failed(tooLarge(`the gzipped body is larger than ${limits.gzipBodyBytes} bytes`)))
      }
      request.pause() // what waits to be inflated stays with the sender
      gunzip.write(bytes, () => request.resume())
    },
    end: () => gunzip.end(),
    close: () => gunzip.destroy(),
  }
}

function ratioRefusal(inflated: number, received: number, limits: Limits): Refusal | undefined {
  const allowed = Math.max(limits.gzipRatioFreeBytes, received * limits.gzipRatio)
  return inflated > allowed ? tooLarge(`the body inflates more than ${limits.gzipRatio} : 1`) : undefined
}
