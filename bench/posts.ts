import { findStamps, stamp, unstampedKey } from './stamps.ts'
import { keyOf, postGroups, type SentGroup, seededRandom, type Wish, wishes } from './workload.ts'

/** What one SDK sends at once. The first row of each flag carries a stamp as its key. */
export type Post = {
  readonly impressions: number
  readonly groups: readonly SentGroup[]
  /** Deliveries that all viewers together want of it. */
  readonly wanted: number
}

/** Posts of the workload, the same ones in each run. */
export function makePosts(count: number, impressions: number): readonly Post[] {
  const random = seededRandom(impressions)
  return Array.from({ length: count }, () => {
    const groups = postGroups(impressions, () => keyOf(random), random)
    for (const { i } of groups) if (i[0]) i[0].k = unstampedKey
    const wanted = wishes.reduce((sum, wish) => sum + wantedRows(groups, wish), 0)
    return { impressions, groups, wanted }
  })
}

/** How many rows of a post a viewer wants. */
export function wantedRows(groups: readonly SentGroup[], wish: Wish): number {
  switch (wish.kind) {
    case 'everything':
      return groups.reduce((sum, { i }) => sum + i.length, 0)
    case 'flag':
      return groups.find(({ f }) => f === wish.flag)?.i.length ?? 0
    case 'key':
      return groups.reduce((sum, { i }) => sum + i.filter(({ k }) => k === wish.key).length, 0)
    default:
      return wish satisfies never
  }
}

/** A post as bytes that are ready for a contender's wire. */
export class PreparedPost {
  readonly post: Post
  readonly bytes: Buffer
  /** How many answers say that all of it was taken. */
  readonly answers: number
  readonly #stamps: readonly number[]

  constructor(post: Post, bytes: Buffer, answers: number) {
    this.post = post
    this.bytes = bytes
    this.answers = answers
    this.#stamps = findStamps(bytes)
  }

  stamp(): void {
    stamp(this.bytes, this.#stamps)
  }
}

/** An HTTP request with a JSON body, ready to be written. */
export function httpPost(path: string, body: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const all = { Host: '127.0.0.1', 'Content-Type': 'application/json', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\n${lines.join('')}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
