import { beginning, type Cursor, type Position } from '../../domain/chain.ts'

/** Where every followed log stood at some moment of hearing. A new one is made for each batch; none is ever changed. */
export type Positions = Cursor

/**
 * Where a cursor stands in a log. What it knows nothing of is read from the beginning of its present life, as `now` names
 * it: the log is newer than the cursor, and from here on its end would be told.
 */
export function standingIn(cursor: Cursor, environmentId: string, now: Positions): Position {
  const known = cursor.find((position) => position.environmentId === environmentId)
  if (known?.epoch !== undefined) return known
  return beginning(environmentId, now.find((position) => position.environmentId === environmentId)?.epoch)
}
