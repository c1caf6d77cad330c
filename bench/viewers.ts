import type { Opened } from './contenders/contender.ts'
import type { Lags } from './lags.ts'
import { type Post, wantedRows } from './posts.ts'
import { Viewer } from './viewer.ts'
import { wishes } from './workload.ts'

/** Sums over all viewers. */
export type Delivered = { readonly counted: number; readonly useful: number; readonly moved: number }

/** The viewers of the workload, all connected to one contender. */
export class Viewers {
  readonly #viewers: readonly Viewer[]
  readonly #ends: readonly (() => void)[]

  private constructor(viewers: readonly Viewer[], ends: readonly (() => void)[]) {
    this.#viewers = viewers
    this.#ends = ends
  }

  static async watch(opened: Opened): Promise<Viewers> {
    const viewers = wishes.map((wish) => new Viewer(wish))
    return new Viewers(viewers, await Promise.all(viewers.map(opened.watch)))
  }

  /** Rows that came to, or were counted for, the last of those who watch everything. */
  get everywhere(): number {
    let least = Number.POSITIVE_INFINITY
    for (const { wish, counted } of this.#viewers) if (wish.kind === 'everything') least = Math.min(least, counted)
    return least
  }

  delivered(): Delivered {
    const sum = (of: (viewer: Viewer) => number): number => this.#viewers.reduce((all, one) => all + of(one), 0)
    return { counted: sum((one) => one.counted), useful: sum((one) => one.useful), moved: sum((one) => one.moved) }
  }

  /** From now on times from post to socket go here. */
  measureLags(lags: Lags | undefined): void {
    for (const viewer of this.#viewers) viewer.lags = lags
  }

  /** What is wrong if exactly these posts have been sent so far. */
  wrong(posts: readonly Post[]): string | undefined {
    const wrong = this.#viewers.find((viewer) => viewer.trouble || viewer.counted !== wanted(viewer, posts))
    if (!wrong) return undefined
    const rows = `a viewer of ${JSON.stringify(wrong.wish)} got ${wrong.counted} of ${wanted(wrong, posts)} rows`
    return wrong.trouble ? `${rows}; ${wrong.trouble}` : rows
  }

  get trouble(): string | undefined {
    return this.#viewers.find(({ trouble }) => trouble)?.trouble
  }

  close(): void {
    for (const end of this.#ends) end()
  }
}

function wanted({ wish }: Viewer, posts: readonly Post[]): number {
  return posts.reduce((sum, post) => sum + wantedRows(post.groups, wish), 0)
}
