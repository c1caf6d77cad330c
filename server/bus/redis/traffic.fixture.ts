import { expect, onTestFinished } from 'vitest'
import type { Gap } from '../../../domain/chain.ts'
import { defaultLimits } from '../../../domain/limits.ts'
import { Follower } from '../../tail/follower.ts'
import { batchOf, readOn, until, valueIn } from '../bus.fixture.ts'
import type { Bus } from '../bus.ts'

/** One append of one batch of one impression. */
export type Post = {
  readonly key: string
  readonly ok: boolean
  /** How long it took, beyond what this process itself was late. */
  readonly ms: number
  readonly endMs: number
  readonly message: string
}

/** What a node that follows a log has delivered. */
export type Followed = { readonly keys: readonly string[]; readonly gaps: readonly Gap[] }

/** Appends one batch after the other until the test ends or says stop. */
export class Traffic {
  readonly posts: Post[] = []
  readonly #bus: Bus
  readonly #environmentId: string
  #stopped = false
  readonly #running: Promise<void>

  constructor(bus: Bus, environmentId: string) {
    this.#bus = bus
    this.#environmentId = environmentId
    this.#running = this.#run()
    onTestFinished(() => this.stop())
  }

  get accepted(): readonly string[] {
    return this.posts.filter(({ ok }) => ok).map(({ key }) => key)
  }

  get refused(): readonly Post[] {
    return this.posts.filter(({ ok }) => !ok)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  /** Resolves when a post that ended after this moment has been refused. */
  untilRefused(): Promise<void> {
    return this.#untilLast(1, false)
  }

  /** Resolves when the last so many posts after this moment have been accepted. */
  untilAccepted(count = 3): Promise<void> {
    return this.#untilLast(count, true)
  }

  /** From the first refusal to the end of the last, in ms. */
  get awayMs(): number {
    const [first, last] = [this.refused[0], this.refused.at(-1)]
    return first && last ? last.endMs - (first.endMs - first.ms) : 0
  }

  /** None took longer than 1.1 s, and with the circuit open 5 ms at most, the machine's own hiccups apart. */
  expectBounded(): void {
    expect(Math.max(...this.posts.map(({ ms }) => ms))).toBeLessThan(1100)
    const spared = this.posts.filter(({ message }) => message.includes('trying again within a second'))
    const slow = spared.filter(({ ms }) => ms > 5)
    expect(slow.length, `${slow.length} of ${spared.length}`).toBeLessThanOrEqual(spared.length / 10)
  }

  async #untilLast(count: number, ok: boolean): Promise<void> {
    const from = this.posts.length
    await until(() => {
      const last = this.posts.slice(from).slice(-count)
      return last.length === count && last.every((post) => post.ok === ok)
    }, 30_000)
  }

  async #run(): Promise<void> {
    for (let post = 1; !this.#stopped; post++) {
      const key = `post-${post}`
      const late = watchLateness()
      const startMs = performance.now()
      const result = await this.#bus.append(this.#environmentId, [batchOf(this.#environmentId, { key })])
      const endMs = performance.now()
      const ms = Math.max(0, endMs - startMs - late())
      this.posts.push({ key, ok: result.ok, ms, endMs, message: result.ok ? '' : result.error.message })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}

/** How long timers of this process were late at most since then: a busy machine is no fault of the bus. */
export function watchLateness(): () => number {
  let worst = 0
  let before = performance.now()
  const look = (): void => {
    const now = performance.now()
    worst = Math.max(worst, now - before - 10)
    before = now
  }
  const timer = setInterval(look, 10)
  return () => {
    clearInterval(timer)
    look()
    return worst
  }
}

/** The keys of all impressions in a log, and what its reader is told is missing. */
export async function keysInLog(bus: Bus, environmentId: string): Promise<Followed> {
  const { batches, gaps } = await readOn(bus, environmentId)
  return { keys: batches.flatMap(({ rows }) => keysIn(rows)), gaps }
}

function keysIn(rows: Uint8Array): readonly string[] {
  return [
    ...Buffer.from(rows)
      .toString()
      .matchAll(/"k":"([^"]*)"/g),
  ].map(([, key = '']) => key)
}

/** Every key that was accepted is in the log, and has been delivered by the follower, which was told of no gap. */
export async function expectNothingLost(traffic: Traffic, bus: Bus, environmentId: string, followed: Followed) {
  const log = await keysInLog(bus, environmentId)
  expect(log.gaps).toEqual([])
  expect(missing(traffic.accepted, log.keys)).toEqual([])
  await until(() => missing(log.keys, followed.keys).length === 0)
  expect(followed.keys).toEqual(log.keys)
  expect(followed.gaps).toEqual([])
}

/** Which of these are not among those. */
export function missing(these: readonly string[], those: readonly string[]): readonly string[] {
  const known = new Set(those)
  return these.filter((key) => !known.has(key))
}

/** Follows a log as a node with viewers does, and looks for holes every 100 ms. */
export async function givenFollower(bus: Bus, environmentId: string): Promise<Followed> {
  const keys: string[] = []
  const gaps: Gap[] = []
  const follower = valueIn(
    await Follower.open({
      bus,
      environmentId,
      ringBytes: defaultLimits.ringBytes,
      deliver: (batch) => keys.push(...batch.spans.flatMap(({ span }) => batch.rows(span).map(({ k }) => String(k)))),
      deliverGap: (gap) => gaps.push(gap),
      moved: () => {},
      readBack: () => {},
      filling: (filled) => void filled,
    }),
  )
  const timer = setInterval(() => void follower.check(), 100)
  onTestFinished(async () => {
    clearInterval(timer)
    await follower.close()
  })
  return { keys, gaps }
}
