import { Lags } from './lags.ts'
import type { Post, PreparedPost } from './posts.ts'
import type { Sender } from './sender.ts'

/** Posts of one size, each in use by one sender at a time, since a stamp is written into its bytes. */
export class PostPool {
  readonly #free: PreparedPost[]

  constructor(posts: readonly PreparedPost[]) {
    this.#free = [...posts]
  }

  take(): PreparedPost | undefined {
    return this.#free.shift()
  }

  giveBack(post: PreparedPost): void {
    this.#free.push(post)
  }
}

/** What was posted. */
export type Posted = {
  readonly impressions: number
  /** Deliveries that viewers want of it. */
  readonly wanted: number
  /** How late the generator was, in an open loop. */
  readonly lags: Lags
  /** So many posts were unanswered that one that was due could not leave. */
  readonly stuck: boolean
}

export type Closed = {
  readonly senders: readonly Sender[]
  readonly pool: PostPool
  readonly seconds: number
  /** Whether so much is under way that senders should wait. */
  readonly full: (posted: number) => boolean
}

const waitMs = 1
const usualPatienceMs = 2000

/** Closed loop: each sender posts again as soon as its last post is taken, unless too much is under way. */
export async function postClosed({ senders, pool, seconds, full }: Closed): Promise<Posted> {
  const endMs = performance.now() + seconds * 1000
  let [impressions, wanted] = [0, 0]
  const run = async (sender: Sender): Promise<void> => {
    while (performance.now() < endMs) {
      const prepared = full(impressions) ? undefined : pool.take()
      if (!prepared) {
        await sleep(waitMs)
        continue
      }
      impressions += prepared.post.impressions
      wanted += prepared.post.wanted
      await sender.send(prepared)
      pool.giveBack(prepared)
    }
  }
  await Promise.all(senders.map(run))
  return { impressions, wanted, lags: new Lags(), stuck: false }
}

export type OpenLoop = {
  readonly senders: readonly Sender[]
  readonly pool: PostPool
  readonly seconds: number
  readonly postsPerSecond: number
  /** For so long a server that answers nothing is waited for. */
  readonly patienceMs?: number
  /** Told of each post that was taken, and how long that took. */
  readonly taken?: (post: Post, ms: number) => void
  /** Told why a post was not. */
  readonly failed?: (error: Error) => void
}

/**
 * Open loop: each post is due at its time whatever the server does. `lags`: how late the generator itself was. Resolves
 * when the last post was due and is on its way.
 */
export async function postOpen({
  senders,
  pool,
  seconds,
  postsPerSecond,
  patienceMs = usualPatienceMs,
  taken,
  failed,
}: OpenLoop): Promise<Posted> {
  const lags = new Lags()
  const began = performance.now()
  let [impressions, wanted, stuck] = [0, 0, false]
  for (let post = 0; post < seconds * postsPerSecond; post++) {
    const dueMs = began + (post * 1000) / postsPerSecond
    await until(dueMs)
    const free = pool.take()
    stuck ||= !free
    const prepared = free ?? (await nextFree(pool, patienceMs))
    if (!prepared) break
    lags.add(performance.now() - dueMs)
    impressions += prepared.post.impressions
    wanted += prepared.post.wanted
    prepared.stamp()
    const sentMs = performance.now()
    idlest(senders)
      .send(prepared)
      .then(
        () => {
          pool.giveBack(prepared)
          taken?.(prepared.post, performance.now() - sentMs)
        },
        (error) => failed?.(error), // not given back: what is missing shows that the server did not keep up
      )
  }
  return { impressions, wanted, lags, stuck }
}

async function until(dueMs: number): Promise<void> {
  while (performance.now() < dueMs) await sleep(Math.max(0, Math.floor(dueMs - performance.now())))
}

/** `undefined` when the server is hopelessly behind. */
async function nextFree(pool: PostPool, patienceMs: number): Promise<PreparedPost | undefined> {
  const endMs = performance.now() + patienceMs
  for (let prepared = pool.take(); ; prepared = pool.take()) {
    if (prepared || performance.now() > endMs) return prepared
    await sleep(waitMs)
  }
}

function idlest(senders: readonly Sender[]): Sender {
  return senders.reduce((best, one) => (one.waiting < best.waiting ? one : best))
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => (ms > 0 ? setTimeout(resolve, ms) : setImmediate(resolve)))
}
