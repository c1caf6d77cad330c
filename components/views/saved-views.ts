import { keep, readKept } from '../display/kept.ts'

/** A view by the name that somebody gave it; `query` is what a link to it says. */
export type SavedView = { readonly name: string; readonly query: string }

const listName = 'views'
const lastName = 'last-view'
const mostViews = 50
const mostNameChars = 80

/** The views that were saved in this browser, in the order of their names. */
export class SavedViews {
  readonly #listeners = new Set<() => void>()
  #list: readonly SavedView[] = viewsFrom(readKept(listName))

  /** The same list until something is different. */
  readonly list = (): readonly SavedView[] => this.#list

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Keeps a view under a name; one that has the name already is replaced. Returns whether there was room for it. */
  save(name: string, query: string): boolean {
    const view = { name: nameFrom(name), query }
    const others = this.#list.filter((one) => one.name !== view.name)
    if (view.name === '' || others.length >= mostViews) return false
    this.#set([...others, view])
    this.use(view)
    return true
  }

  /** Gives a view another name, unless another view has it. */
  rename(view: SavedView, name: string): boolean {
    const next = nameFrom(name)
    if (next === '' || this.#list.some((one) => one !== view && one.name === next)) return false
    if (readKept(lastName) === view.name) keep(lastName, next)
    this.#set(this.#list.map((one) => (one === view ? { ...view, name: next } : one)))
    return true
  }

  remove(view: SavedView): void {
    if (readKept(lastName) === view.name) this.forgetLast()
    this.#set(this.#list.filter((one) => one !== view))
  }

  /** The next visit that asks for nothing begins with this view. */
  use({ name }: SavedView): void {
    keep(lastName, name)
  }

  /** The next visit that asks for nothing gets everything. */
  forgetLast(): void {
    if (readKept(lastName) !== undefined) keep(lastName, null)
  }

  /** The view to begin with when the address asks for no filter and no row: the one that was used last, if any was. */
  begin(address: string): SavedView | undefined {
    const asked = new URLSearchParams(address)
    if (asked.has('q') || asked.has('sel')) return undefined
    const last = readKept(lastName)
    return this.#list.find(({ name }) => name === last)
  }

  #set(list: readonly SavedView[]): void {
    this.#list = [...list].sort((a, b) => a.name.localeCompare(b.name))
    keep(listName, this.#list)
    for (const listener of this.#listeners) listener()
  }
}

/** The filter that a view's query asks for. */
export function filterTextOf({ query }: SavedView): string {
  return new URLSearchParams(query).get('q') ?? ''
}

function nameFrom(typed: string): string {
  return typed.trim().slice(0, mostNameChars)
}

/** What was kept, by anybody: what is no view is left out. */
function viewsFrom(kept: unknown): readonly SavedView[] {
  if (!Array.isArray(kept)) return []
  const views = new Map<string, SavedView>()
  for (const one of kept) {
    const { name, query }: { readonly [field: string]: unknown } = typeof one === 'object' ? { ...one } : {}
    if (typeof name !== 'string' || typeof query !== 'string' || nameFrom(name) === '') continue
    views.set(nameFrom(name), { name: nameFrom(name), query })
  }
  return [...views.values()].slice(0, mostViews)
}
