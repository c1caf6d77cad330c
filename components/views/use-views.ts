import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { DisplayStore } from '../display/store.ts'
import type { Link, TailStore } from '../tail/store.ts'
import { filterTextOf, type SavedView, SavedViews } from './saved-views.ts'
import { opener } from './view-query.ts'

/** The saved views, and the link to begin with: that of the view used last when the address asks for nothing. */
export function useViews(link: Link): readonly [SavedViews, Link] {
  const [views] = useState(() => new SavedViews())
  const [first] = useState(() => views.begin(window.location.search))
  return [views, first ? { ...link, text: filterTextOf(first) } : link]
}

/** What is saved, and how it is opened; whoever clears the filter wants everything, at the next visit too. */
export function useOpenView(
  views: SavedViews,
  store: TailStore,
  displays: DisplayStore,
  text: string,
): readonly [readonly SavedView[], (view: SavedView) => void] {
  const list = useSyncExternalStore(views.subscribe, views.list, views.list)
  const open = useMemo(() => opener(store, displays, views), [store, displays, views])
  useEffect(() => {
    if (text === '') views.forgetLast()
  }, [text, views])
  return [list, open]
}
