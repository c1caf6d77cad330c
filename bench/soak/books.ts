import type { Wish } from '../workload.ts'
import type { Account } from './book-keeper.ts'
import { crowd, crowdWishes } from './crowd.ts'
import type { Load } from './load.ts'

/** The accounts of all, once the load has ended. */
export type Books = {
  readonly load: Pick<Load, 'wantedBy'>
  readonly reading: readonly Account[]
  readonly freezing: readonly Account[]
}

/** What is wrong with whom; nothing unless everybody's books are exact to the impression. */
export function wrongBooks(books: Books): readonly string[] {
  return [...wrongReaders(books), ...wrongFrozen(books)]
}

/** Whether the books of a viewer who read all the time say what was posted. */
export function isExact({ wantedBy }: Books['load']): (account: Account, index: number) => boolean {
  return ({ matched }, index) => {
    const wish = crowdWishes[index]
    return wish !== undefined && matched === wantedBy(wish)
  }
}

/** Who was never too slow has what was posted and no gap. On a busy machine some are, for longer than the log reaches back. */
function wrongReaders({ reading, load }: Books): readonly string[] {
  return reading.flatMap((account, index) => {
    const wish = crowdWishes[index]
    const exact = account.behind > 0 || (isExact(load)(account, index) && account.missed === 0)
    return exact && account.cuts === 0 && addsUp(account, wish)
      ? []
      : [`${JSON.stringify(wish)}: ${JSON.stringify(account)}`]
  })
}

/** Who was away misses what no log holds any more, with an exact count; of everything, nothing else is missing. */
function wrongFrozen({ freezing }: Books): readonly string[] {
  return freezing.flatMap((account, index) => {
    const wish = crowdWishes[crowd.reading + index]
    return addsUp(account, wish) ? [] : [`frozen, ${JSON.stringify(wish)}: ${JSON.stringify(account)}`]
  })
}

function addsUp(account: Account, wish: Wish | undefined): boolean {
  const { matched, accountedFor, missed, gapsOfUnknownSize, accepted, trouble } = account
  const everything = wish?.kind !== 'everything' || matched + missed === accepted
  return !trouble && matched === accountedFor && gapsOfUnknownSize === 0 && everything
}
