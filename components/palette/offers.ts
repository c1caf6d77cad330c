import { setField } from '../../domain/filter/edit.ts'
import type { Command } from '../commands.ts'
import type { TailStore } from '../tail/store.ts'
import type { View } from '../tail/view.ts'
import { visibleText } from '../visible-text.ts'
import { fuzzyMatch } from './fuzzy.ts'

/** A line of the palette. */
export type Offer = {
  readonly id: string
  readonly group: string
  readonly title: string
  readonly key?: string
  readonly run: () => void
}

export type Found = Offer & { readonly marks: readonly number[] }

const mostFound = 60
const flagsUnasked = 6
const rowsLookedAt = 500

/** Commands of the page, then what there is to choose right now. */
export function offersOf(commands: readonly Command[], store: TailStore, view: View): readonly Offer[] {
  const plain = commands
    .filter(({ hidden }) => !hidden)
    .map(({ id, title, group, keys, run }) => {
      return { id, group, title, key: keys[0], run }
    })
  return [...plain, ...environmentOffers(store, view), ...flagOffers(store, view)]
}

function environmentOffers(store: TailStore, { environments, search }: View): readonly Offer[] {
  if (environments.length < 2) return []
  const watch = (names: readonly string[]) => () => store.setText(setField(search.text, 'env', names))
  const only = environments.map(({ id, name }) => {
    return { id: `env ${id}`, group: 'Environments', title: `Watch only ${visibleText(name)}`, run: watch([name]) }
  })
  return [...only, { id: 'env', group: 'Environments', title: 'Watch all environments', run: watch([]) }]
}

/** Flags of the last minute, the busiest first, then those of rows at hand that were quiet since. */
function flagOffers(store: TailStore, { facets, search, list }: View): readonly Offer[] {
  const flags = new Set((facets?.flags.values ?? []).map(([flag]) => flag))
  for (let index = 0; index < Math.min(list.count, rowsLookedAt); index++) {
    const entry = list.at(index)
    if (entry?.kind === 'impression') flags.add(entry.impression.flag)
  }
  return [...flags].map((flag) => ({
    id: `flag ${flag}`,
    group: 'Flags',
    title: `Filter by flag ${visibleText(flag)}`,
    run: () => store.setText(setField(search.text, 'flag', [flag])),
  }))
}

/** What answers to the query, best first; without one everything in its order, of the flags only the busiest. */
export function findOffers(offers: readonly Offer[], query: string): readonly Found[] {
  if (query.trim() === '') {
    const flags = offers.filter(({ group }) => group === 'Flags').slice(0, flagsUnasked)
    return [...offers.filter(({ group }) => group !== 'Flags'), ...flags].map((offer) => ({ ...offer, marks: [] }))
  }
  return offers
    .flatMap((offer) => {
      const match = fuzzyMatch(query, offer.title)
      return match ? [{ ...offer, ...match }] : []
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, mostFound)
}
