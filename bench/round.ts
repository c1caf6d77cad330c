import { setTimeout } from 'node:timers/promises'
import type { Contender, Opened } from './contenders/contender.ts'
import { type Posted, PostPool, postClosed, postOpen } from './generator.ts'
import { Lags } from './lags.ts'
import { makePosts, type Post, type PreparedPost } from './posts.ts'
import type { Sender } from './sender.ts'
import { Viewers } from './viewers.ts'
import { workload } from './workload.ts'

/** What one phase of load showed: from its first post until all is delivered, or until that was given up. */
export type Phase = {
  /** Taken and delivered: of what was posted, the share that viewers got of what they want. */
  readonly impressions: number
  readonly tookS: number
  readonly cpuS: number
  readonly counted: number
  readonly useful: number
  readonly moved: number
  /** Each post could leave when it was due, and everybody had everything within a second of the last. */
  readonly keptUp: boolean
  readonly p50Ms: number
  readonly p99Ms: number
  /** How late the generator itself was, for 99 % of the posts. */
  readonly generatorP99Ms: number
}

/** One contender, once. */
export type Round = { readonly saturated: Phase; readonly atRates: ReadonlyMap<number, Phase> }

export type Plan = { readonly seconds: number; readonly rates: readonly number[] }

const senderCount = 16
const postCount = 256
/** Posts under way: from the post to the last viewer of everything. More and a queue is measured, less and a tick is. */
const windowPosts = 256
const provingPosts = 32
const provingMs = 5000
const drainMs = 4000
/** How long what one phase left behind may be under way before the next begins. */
const settleMs = 30_000
const pollMs = 2
/** What a round may take at most, and for each second of a phase. */
const roundMs = 60_000
const roundPerSecondMs = 15_000
const keptUpS = 1
const smallPosts = { upTo: 1000, impressions: 50 } as const

const posts = makePosts(postCount, workload.perPost)
/** At a low rate there would be four posts a second: smaller ones make more of them. */
const smaller = makePosts(postCount, smallPosts.impressions)

/** Opens a contender, proves that it delivers, loads it in several ways and closes it. Throws when it hangs. */
export async function runRound(contender: Contender, plan: Plan): Promise<Round> {
  const opened = await contender.open()
  const patience = new AbortController()
  const hangs = setTimeout(roundMs + plan.seconds * roundPerSecondMs, undefined, { signal: patience.signal })
  const late = hangs.then(() => Promise.reject(new Error('it hangs')))
  try {
    return await Promise.race([late, loadAll(opened, plan)])
  } finally {
    patience.abort()
    late.catch(() => {})
    await opened.close()
  }
}

async function loadAll(opened: Opened, plan: Plan): Promise<Round> {
  const load = new Load(opened, await Viewers.watch(opened), await connectSenders(opened))
  try {
    return await load.run(plan)
  } finally {
    load.close()
  }
}

function connectSenders(opened: Opened): Promise<readonly Sender[]> {
  return Promise.all(Array.from({ length: senderCount }, opened.connectSender))
}

/** One contender with its viewers and senders. */
class Load {
  readonly #opened: Opened
  readonly #viewers: Viewers
  readonly #senders: readonly Sender[]
  /** Rows that viewers have or are to get of all that was posted so far. */
  #owed = 0

  constructor(opened: Opened, viewers: Viewers, senders: readonly Sender[]) {
    this.#opened = opened
    this.#viewers = viewers
    this.#senders = senders
  }

  async run({ seconds, rates }: Plan): Promise<Round> {
    const large = posts.map(this.#opened.prepare)
    await this.#prove(large.slice(0, provingPosts))
    await this.#saturate(large, seconds / 2) // code is compiled, buffers grow
    const saturated = await this.#saturate(large, seconds)
    const atRates = new Map<number, Phase>()
    for (const rate of rates) {
      const phase = await this.#open(rate <= smallPosts.upTo ? smaller.map(this.#opened.prepare) : large, seconds, rate)
      atRates.set(rate, phase)
      if (!phase.keptUp) break
    }
    const { trouble } = this.#viewers
    if (trouble) throw new Error(trouble)
    return { saturated, atRates }
  }

  close(): void {
    for (const sender of this.#senders) sender.close()
    this.#viewers.close()
  }

  /** Each viewer gets exactly what it wants of some posts, or nothing is measured. */
  async #prove(proving: readonly PreparedPost[]): Promise<void> {
    for (const post of proving) await this.#senders[0]?.send(post)
    const sent: readonly Post[] = proving.map(({ post }) => post)
    const endMs = performance.now() + provingMs
    for (let wrong = this.#viewers.wrong(sent); wrong; wrong = this.#viewers.wrong(sent)) {
      if (performance.now() > endMs) throw new Error(wrong)
      await setTimeout(pollMs)
    }
    this.#owed = this.#viewers.delivered().counted
  }

  #saturate(prepared: readonly PreparedPost[], seconds: number): Promise<Phase> {
    const from = this.#viewers.everywhere
    const full = (posted: number): boolean =>
      posted - (this.#viewers.everywhere - from) >= windowPosts * workload.perPost
    return this.#phase(undefined, () =>
      postClosed({ senders: this.#senders, pool: new PostPool(prepared), seconds, full }),
    )
  }

  #open(prepared: readonly PreparedPost[], seconds: number, rate: number): Promise<Phase> {
    const postsPerSecond = rate / (prepared[0]?.post.impressions ?? 1)
    return this.#phase(new Lags(), () =>
      postOpen({ senders: this.#senders, pool: new PostPool(prepared), seconds, postsPerSecond }),
    )
  }

  async #phase(lags: Lags | undefined, post: () => Promise<Posted>): Promise<Phase> {
    if (!(await this.#drain(this.#owed, settleMs))) throw new Error('what was posted does not arrive')
    this.#viewers.measureLags(lags)
    const before = this.#viewers.delivered()
    const cpuBefore = this.#opened.cpuSeconds()
    const began = performance.now()
    const posted = await post()
    const postedMs = performance.now()
    this.#owed += posted.wanted
    const all = await this.#drain(this.#owed, drainMs)
    const endMs = performance.now()
    const after = this.#viewers.delivered()
    this.#viewers.measureLags(undefined)
    return {
      impressions: (posted.impressions * (after.counted - before.counted)) / posted.wanted,
      tookS: (endMs - began) / 1000,
      cpuS: this.#opened.cpuSeconds() - cpuBefore,
      counted: after.counted - before.counted,
      useful: after.useful - before.useful,
      moved: after.moved - before.moved,
      keptUp: all && !posted.stuck && endMs - postedMs < keptUpS * 1000,
      p50Ms: lags?.percentile(0.5) ?? Number.NaN,
      p99Ms: lags?.percentile(0.99) ?? Number.NaN,
      generatorP99Ms: posted.lags.percentile(0.99),
    }
  }

  /** Waits until viewers have so many rows; `false` when that takes too long. */
  async #drain(counted: number, patienceMs: number): Promise<boolean> {
    const endMs = performance.now() + patienceMs
    while (this.#viewers.delivered().counted < counted) {
      if (performance.now() > endMs) return false
      await setTimeout(pollMs)
    }
    return true
  }
}
