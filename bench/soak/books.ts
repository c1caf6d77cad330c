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

function wrongReaders({ reading, load }: Books): readonly string[] {
  return reading.flatMap((account, index) => {
    const { matched, accountedFor, missed, gapsOfUnknownSize, cuts, trouble } = account
    const told = `${JSON.stringify(crowdWishes[index])}: ${JSON.stringify(account)}`
    if (!isExact(load)(account, index)) return [`not what was posted, ${told}`]
    const bad = trouble || matched !== accountedFor || missed > 0 || gapsOfUnknownSize > 0 || cuts > 0
    return bad ? [told] : []
  })
}

/** Who was away misses what no log holds any more, with an exact count; of everything, nothing else is missing. */
function wrongFrozen({ freezing }: Books): readonly string[] {
  return freezing.flatMap((account, index) => {
    const { matched, accountedFor, missed, gapsOfUnknownSize, accepted, trouble } = account
    const wish = crowdWishes[crowd.reading + index]
    const everything = wish?.kind !== 'everything' || matched + missed === accepted
    const bad = trouble || matched !== accountedFor || gapsOfUnknownSize > 0 || !everything
    return bad ? [`frozen, ${JSON.stringify(wish)}: ${JSON.stringify(account)}`] : []
  })
}
