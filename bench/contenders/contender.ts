import type { Post, PreparedPost } from '../posts.ts'
import type { ProgramName } from '../programs.ts'
import type { Sender } from '../sender.ts'
import type { Viewer } from '../viewer.ts'

/** Something that brings posts to viewers. */
export type Contender = {
  readonly id: string
  readonly title: string
  readonly needs: readonly ProgramName[]
  /** Starts its processes, fresh and on free ports. Whoever opens it, closes it. */
  readonly open: () => Promise<Opened>
}

export type Opened = {
  /** CPU time that all of its processes have used. */
  readonly cpuSeconds: () => number
  readonly prepare: (post: Post) => PreparedPost
  readonly connectSender: () => Promise<Sender>
  /** Resolves when later posts are certain to be brought. The returned function ends it. */
  readonly watch: (viewer: Viewer) => Promise<() => void>
  readonly close: () => Promise<void>
}
