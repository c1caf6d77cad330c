import type { Command } from '../commands.ts'
import { type Display, type DisplayParams, paramsOf, usualDisplay, withParams } from '../display/display.ts'
import type { DisplayStore } from '../display/store.ts'
import type { TailStore } from '../tail/store.ts'
import { filterTextOf, type SavedView, type SavedViews } from './saved-views.ts'

/** What a link to a filter and a display says, without the row that is open and without pause. */
export function viewQuery(text: string, display: Display): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ q: text === '' ? null : text, ...paramsOf(display) })) {
    if (value !== null) query.set(name, value)
  }
  return query.toString()
}

/** A display as a view's query wants it; what the query does not speak of is as usual, what no link carries stays. */
export function displayOf({ query }: SavedView, now: Display): Display {
  const asked = new URLSearchParams(query)
  const [cols, w, tz] = [asked.get('cols'), asked.get('w'), asked.get('tz')]
  const params: DisplayParams = { cols, w, tz, time: asked.get('time'), d: asked.get('d'), t: asked.get('t') }
  const { facets, calm, summaries, singleKeys } = now
  return withParams({ ...usualDisplay, facets, calm, summaries, singleKeys }, params)
}

/** How a view is opened. */
export function opener(store: TailStore, displays: DisplayStore, views: SavedViews): (view: SavedView) => void {
  return (view) => {
    store.setText(filterTextOf(view))
    displays.set(displayOf(view, displays.view()))
    views.use(view)
  }
}

/** A command for each saved view. */
export function savedViewCommands(views: readonly SavedView[], open: (view: SavedView) => void): readonly Command[] {
  return views.map((view) => ({
    id: `view ${view.name}`,
    title: `Open the view “${view.name}”`,
    group: 'Filter',
    keys: [],
    run: () => open(view),
  }))
}
