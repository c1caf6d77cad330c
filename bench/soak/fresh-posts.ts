import { prepareSplit } from '../contenders/flagtail.ts'
import { type Post, PreparedPost, wantedRows } from '../posts.ts'
import { findStamps, unstampedKey } from '../stamps.ts'
import { postGroups, seededRandom, workload } from '../workload.ts'
import { crowdWishes } from './crowd.ts'

const users = 1000
/** Every so many rows are of a user that comes again; all others are of somebody who was never there before. */
const regularsEvery = 10
const digits = 12
const zero = 48

/** A post whose users are new each time that it is sent: what is kept by user without a bound shows. */
class FreshPost extends PreparedPost {
  static #next = 0
  readonly #places: readonly number[]

  constructor({ post, bytes, answers }: PreparedPost) {
    super(post, bytes, answers)
    this.#places = findStamps(bytes)
  }

  override stamp(): void {
    for (const at of this.#places) writeNumber(this.bytes, at, FreshPost.#next++)
  }
}

function writeNumber(bytes: Buffer, at: number, value: number): void {
  for (let place = at + digits - 1, left = value; place >= at; place--, left = Math.floor(left / 10)) {
    bytes[place] = zero + (left % 10)
  }
}

/** Posts of the workload, the same ones in each run but for their users' names. */
export function makeFreshPosts(count: number): readonly PreparedPost[] {
  const random = seededRandom(workload.perPost)
  const user = (index: number): string =>
    index % regularsEvery === 0 ? `user-${Math.floor(random() * users)}` : unstampedKey
  return Array.from({ length: count }, () => {
    const groups = postGroups(workload.perPost, user, random)
    const wanted = crowdWishes.reduce((sum, wish) => sum + wantedRows(groups, wish), 0)
    const post: Post = { impressions: workload.perPost, groups, wanted }
    return new FreshPost(prepareSplit(post))
  })
}
