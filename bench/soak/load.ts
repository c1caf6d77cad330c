import { httpAnswers, portOf } from '../contenders/flagtail.ts'
import { PostPool, postOpen } from '../generator.ts'
import { Lags } from '../lags.ts'
import { type Post, wantedRows } from '../posts.ts'
import { Sender } from '../sender.ts'
import { type Wish, workload } from '../workload.ts'
import { makeFreshPosts } from './fresh-posts.ts'
import { until } from './until.ts'

/** What was posted, and what became of it. */
export type Load = {
  readonly impressionsTaken: number
  /** What should have been taken in the time that it took, the generator's own lateness included. */
  readonly impressionsDue: number
  /** Why posts were not taken, each reason once. */
  readonly failures: ReadonlySet<string>
  /** From the post to its 200, while it was asked for. */
  readonly answers: Lags
  /** How late the generator itself was. */
  readonly lateness: Lags
  /** Rows taken that a viewer wants who was there from the beginning. */
  readonly wantedBy: (wish: Wish) => number
}

export const perSecond = 50_000
const senderCount = 16
/** Under way at most: two seconds' worth, less than the server takes at once. */
const postCount = 400
const drainMs = 10_000
/** A server that hangs for a while on a busy machine is measured all the same. */
const patienceMs = 30_000

/** Posts at a fixed rate, whatever the server does; `measuring` says whether the times of answers count now. */
export async function postFor(url: string, seconds: number, measuring: () => boolean): Promise<Load> {
  const senders = await Promise.all(Array.from({ length: senderCount }, () => Sender.open(portOf(url), httpAnswers)))
  const postsPerSecond = perSecond / workload.perPost
  const taken = new Map<Post, number>()
  const answers = new Lags()
  const failures = new Set<string>()
  let [postsTaken, lastTakenMs] = [0, 0]
  const pool = new PostPool(makeFreshPosts(postCount))
  const began = performance.now()
  const posted = await postOpen({
    senders,
    pool,
    seconds,
    postsPerSecond,
    patienceMs,
    taken: (post, ms) => {
      postsTaken++
      lastTakenMs = performance.now()
      taken.set(post, (taken.get(post) ?? 0) + 1)
      if (measuring()) answers.add(ms)
    },
    failed: (error) => failures.add(error.message),
  })
  const posts = posted.impressions / workload.perPost
  await until(
    () => 'all posts are answered',
    drainMs,
    () => postsTaken === posts,
  ).catch(() => {}) // the gate tells
  const tookS = (lastTakenMs - began) / 1000
  for (const sender of senders) sender.close()
  return {
    impressionsTaken: postsTaken * workload.perPost,
    impressionsDue: Math.max(seconds, tookS) * perSecond,
    failures,
    answers,
    lateness: posted.lags,
    wantedBy: (wish) => [...taken].reduce((sum, [post, times]) => sum + times * wantedRows(post.groups, wish), 0),
  }
}
