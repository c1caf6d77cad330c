import type { Cursor } from '../../domain/chain.ts'

/** Where every followed log stood at some moment of hearing. A new one is made for each batch; none is ever changed. */
export type Positions = Cursor
