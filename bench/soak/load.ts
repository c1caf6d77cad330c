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
  readonly posts: number
  readonly postsTaken: number
  readonly impressionsTaken: number
  /** Posts that were due, whether they could leave or not. */
  readonly postsDue: number
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

/** Posts at a fixed rate, whatever the server does; `measuring` says whether the times of answers count now. */
export async function postFor(url: string, seconds: number, measuring: () => boolean): Promise<Load> {
  const senders = await Promise.all(Array.from({ length: senderCount }, () => Sender.open(portOf(url), httpAnswers)))
  const postsPerSecond = perSecond / workload.perPost
  const taken = new Map<Post, number>()
  const answers = new Lags()
  let postsTaken = 0
  const pool = new PostPool(makeFreshPosts(postCount))
  const posted = await postOpen({
    senders,
    pool,
    seconds,
    postsPerSecond,
    taken: (post, ms) => {
      postsTaken++
      taken.set(post, (taken.get(post) ?? 0) + 1)
      if (measuring()) answers.add(ms)
    },
  })
  const posts = posted.impressions / workload.perPost
  await until(
    () => 'all posts are answered',
    drainMs,
    () => postsTaken === posts,
  ).catch(() => {}) // the gate tells
  for (const sender of senders) sender.close()
  return {
    posts,
    postsTaken,
    impressionsTaken: postsTaken * workload.perPost,
    postsDue: seconds * postsPerSecond,
    answers,
    lateness: posted.lags,
    wantedBy: (wish) => [...taken].reduce((sum, [post, times]) => sum + times * wantedRows(post.groups, wish), 0),
  }
}
