import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Batch } from '../../domain/batch.ts'
import type { Limits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import { type BusFailure, busDown } from '../bus/bus.ts'
import { type Answer, noContent } from './answers.ts'
import { readBody } from './body.ts'
import type { IngestCounts } from './counts.ts'
import { type Decoded, decodeSplit } from './decode-split.ts'
import { Decoder } from './decoder.ts'
import { Deliveries, type Delivery } from './deliveries.ts'
import { wholeOf } from './gathered.ts'
import type { PostShare } from './in-flight.ts'
import { isObject, type JsonBody, parseJson } from './json-body.ts'
import { type KeyHolder, type KeyRing, keyOfHeader, mayPostFrom } from './keys.ts'
import { entriesOf } from './other-bodies.ts'
import type { OtherKind, PostRoute } from './paths.ts'
import { Rates } from './rates.ts'
import { later, type Refusal } from './refusal.ts'
import { Repeats } from './repeats.ts'
import { type Sender, sharedOfBeacon, sharedOfHeaders } from './shared.ts'

export type PostParts = {
  readonly keys: KeyRing
  /** `Bus.append`: all batches of a post at once, all or none. */
  readonly append: (environmentId: string, batches: readonly Batch[]) => Promise<Result<void, BusFailure>>
  readonly limits: Limits
  /** The address that a post comes from. */
  readonly addressOf: (request: IncomingMessage) => string
  /** Epoch ms. */
  readonly now: () => number
  readonly counted: IngestCounts
}

/** What came of a post; `gone`: its sender hung up. */
export type PostOutcome = Result<Answer, Refusal | 'gone'>

/**
 * A post is answered so long after its last byte (a large one: after it was read), whatever the bus does: an SDK without
 * a time-out would never post again. If the bus has the batches after all, the SDK's retry repeats them, and its rows are labelled.
 */
const answerMs = 1050
/** What the bus gets at least when decoding took longer than that. */
const leastAppendMs = 50
const downS = 30

/** A post of impressions that was read, and whose it is. */
type Taken = {
  readonly decoded: Result<Decoded, Refusal>
  readonly sender: Sender
  /** When it was there, or for a large one when it was read. */
  readonly sinceMs: number
  readonly beacon: boolean
}

/** What the log is asked to take. */
type Post = { readonly environmentId: string; readonly batches: readonly Batch[] }

/** Takes posts of SDKs: lets in, reads, decodes, appends. */
export class Posts {
  readonly #parts: PostParts
  readonly #rates: Rates
  readonly #deliveries: Deliveries
  readonly #repeats: Repeats
  readonly #decoder: Decoder
  readonly #beaconLimits: Limits

  constructor(parts: PostParts) {
    this.#parts = parts
    this.#rates = new Rates(parts.limits, parts.now)
    this.#deliveries = new Deliveries(parts.limits)
    this.#repeats = new Repeats({
      limits: parts.limits,
      monotonicMs: () => performance.now(),
      forgotten: (rows) => parts.counted.forgotten(rows),
    })
    this.#decoder = new Decoder(parts.limits, (error) => parts.counted.failed(error))
    const { beaconBytes, beaconMs } = parts.limits
    const bounds = { bodyBytes: beaconBytes, inflatedBodyBytes: beaconBytes, bodyMs: beaconMs }
    this.#beaconLimits = { ...parts.limits, ...bounds }
  }

  close(): Promise<void> {
    return this.#decoder.close()
  }

  async take(route: PostRoute, request: IncomingMessage, share: PostShare): Promise<PostOutcome> {
    this.#deliveries.arrived(request.socket)
    return route.beacon ? this.#beacon(route, request, share) : this.#post(route, request, share)
  }

  /** Whoever shows the key in a header is let in, or not, before anything of the body is read. */
  async #post(route: PostRoute, request: IncomingMessage, share: PostShare): Promise<PostOutcome> {
    const holder = this.#letIn(keyOfHeader(request.headers.authorization), route, request)
    if (!holder.ok) return holder
    const body = await readBody(request, this.#parts.limits, share)
    if (!body.ok) return body
    const wholeAtMs = performance.now()
    const sender: Sender = { holder: holder.value, receptionTimestamp: this.#parts.now() }
    if (route.kind !== 'impressions') {
      const entries = await this.#decoder.entries(body.value, route.kind)
      if (entries.ok) this.#countEntries(sender, route.kind, entries.value)
      return entries.ok ? ok({ status: 200, body: {} }) : entries
    }
    const decoded = await this.#decoder.impressions(body.value, sharedOfHeaders(sender, request.headers))
    const sinceMs = body.value.length > this.#parts.limits.parsedHereBytes ? performance.now() : wholeAtMs
    return this.#impressions(request.socket, { decoded, sender, sinceMs, beacon: false })
  }

  async #beacon(route: PostRoute, request: IncomingMessage, share: PostShare): Promise<PostOutcome> {
    const body = await readBody(request, this.#beaconLimits, share)
    if (!body.ok) return body
    const sinceMs = performance.now()
    const receptionTimestamp = this.#parts.now()
    const json = parseJson(wholeOf(body.value), this.#parts.limits)
    if (!json.ok) return json
    const holder = this.#letIn(tokenOf(json.value), route, request)
    if (!holder.ok) return holder
    const sender: Sender = { holder: holder.value, receptionTimestamp }
    const told = isObject(json.value.parsed) ? json.value.parsed : {}
    if (route.kind !== 'impressions') {
      const entries = entriesOf(route.kind, told.entries, 'entries')
      if (entries.ok) this.#countEntries(sender, route.kind, entries.value)
      return entries.ok ? ok(noContent) : entries
    }
    const decoded = decodeSplit(json.value, 'entries', sharedOfBeacon(sender, told), this.#parts.limits)
    return this.#impressions(request.socket, { decoded, sender, sinceMs, beacon: true })
  }

  /** The key comes first: who has a right one pays nothing for the wrong ones that come from the same address. */
  #letIn(key: string | undefined, { kind }: PostRoute, request: IncomingMessage): Result<KeyHolder, Refusal> {
    const address = this.#parts.addressOf(request)
    const holder = key === undefined ? undefined : this.#parts.keys.find(key)
    if (!holder) return failed(this.#unknownKey(address))
    if (!mayPostFrom(holder, request.headers.origin)) {
      return failed({ status: 403, message: 'this SDK key is not for pages of this origin' })
    }
    const waitS = this.#rates.post(holder, kind, address)
    return waitS === 0 ? ok(holder) : failed(later(429, 'too many posts with this SDK key', waitS))
  }

  #unknownKey(address: string): Refusal {
    const waitS = this.#parts.keys.isOpen ? 0 : this.#rates.wrongKey(address)
    if (waitS > 0) return later(429, 'too many posts with unknown SDK keys', waitS)
    return { status: 401, message: 'no environment has this SDK key' }
  }

  async #impressions(socket: Socket, { decoded, sender, sinceMs, beacon }: Taken): Promise<PostOutcome> {
    if (!decoded.ok) return decoded
    const { accepted } = decoded.value
    const rejected = sumOf(decoded.value)
    this.#rates.charge(sender.holder, accepted + rejected)
    const batches = await this.#repeats.label(decoded.value.batches)
    const post = { environmentId: sender.holder.environment.id, batches }
    const delivery = this.#deliveries.open(socket, post.batches, () => this.#repeats.remember(post.batches))
    const refusal = await this.#append(post, delivery, sinceMs)
    if (refusal) return failed(refusal)
    this.#count(post, decoded.value)
    const answer = beacon ? noContent : { status: 200, body: { accepted, rejected } }
    return ok({ ...answer, left: () => this.#deliveries.left(delivery) })
  }

  /** Sees to it that rows are remembered when their sender will not hear of them. */
  async #append(post: Post, delivery: Delivery, sinceMs: number): Promise<Refusal | undefined> {
    try {
      const appended = await this.#appendInTime(post, sinceMs)
      if (appended.ok) return undefined
      if (appended.error.reason === 'down') {
        this.#deliveries.settle(delivery)
        return later(503, 'the log is not available', downS)
      }
    } catch (error) {
      this.#deliveries.lose(delivery)
      throw error
    }
    this.#deliveries.lose(delivery)
    return later(503, 'the log did not answer in time', downS)
  }

  async #appendInTime({ environmentId, batches }: Post, sinceMs: number): Promise<Result<void, BusFailure>> {
    if (batches.length === 0) return ok(undefined)
    const appending = this.#parts.append(environmentId, batches)
    const waitMs = Math.max(leastAppendMs, answerMs - (performance.now() - sinceMs))
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, waitMs, 'late')
    })
    const outcome = await Promise.race([appending, late]).finally(() => clearTimeout(timer))
    if (outcome !== 'late') return outcome
    appending.catch((error: unknown) => this.#parts.counted.failed(error))
    return busDown('no answer in time', 'unanswered')
  }

  #countEntries({ holder }: Sender, kind: OtherKind, entries: number): void {
    this.#parts.counted.entries(holder.environment.id, kind, entries)
  }

  #count({ environmentId, batches }: Post, { accepted, rejected }: Decoded): void {
    const { counted } = this.#parts
    const retried = batches.reduce((sum, { header }) => sum + header.retries.length, 0)
    if (accepted > 0) counted.accepted(environmentId, accepted)
    if (retried > 0) counted.retried(environmentId, retried)
    for (const [reason, impressions] of rejected) counted.rejected(environmentId, reason, impressions)
  }
}

function tokenOf({ parsed }: JsonBody): string | undefined {
  const token = isObject(parsed) ? parsed.token : undefined
  return typeof token === 'string' ? token : undefined
}

function sumOf({ rejected }: Decoded): number {
  return [...rejected.values()].reduce((sum, impressions) => sum + impressions, 0)
}
