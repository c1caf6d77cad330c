import { beforeEach, expect, test, vi } from 'vitest'
import { usualDisplay } from '../display/display.ts'
import { filterTextOf, SavedViews } from './saved-views.ts'
import { displayOf, savedViewCommands, viewQuery } from './view-query.ts'

/** A browser's storage, as far as it is used here. */
class Storage {
  readonly #kept = new Map<string, string>()
  getItem(name: string): string | null {
    return this.#kept.get(name) ?? null
  }
  setItem(name: string, value: string): void {
    this.#kept.set(name, value)
  }
}

beforeEach(() => void vi.stubGlobal('localStorage', new Storage()))

test('Q19 a saved view comes back with its filter and its display, in another visit too', () => {
  const display = { ...usualDisplay, zone: 'utc', columns: ['time', 'flag'], calm: true } as const
  new SavedViews().save(' Rollout ', viewQuery('flag:"a b"  x', display))
  const [view] = new SavedViews().list()
  if (!view) throw new Error('nothing was kept')
  expect(view.name).toBe('Rollout')
  expect(filterTextOf(view)).toBe('flag:"a b"  x')
  expect(displayOf(view, { ...usualDisplay, density: 'comfortable', facets: false })).toEqual({
    ...display,
    calm: false,
    facets: false,
  })
})

test('Q20 views are replaced by name, renamed and removed, and no two have one name', () => {
  const views = new SavedViews()
  for (const [name, query] of [
    ['b', 'q=1'],
    ['a', 'q=2'],
    ['b', 'q=3'],
  ] as const)
    views.save(name, query)
  expect(views.list()).toEqual([
    { name: 'a', query: 'q=2' },
    { name: 'b', query: 'q=3' },
  ])
  const [a, b] = views.list()
  if (!a || !b) throw new Error('two were saved')
  expect(views.rename(a, 'b')).toBe(false)
  expect(views.rename(a, '  ')).toBe(false)
  expect(views.rename(a, 'c')).toBe(true)
  views.remove(b)
  expect(new SavedViews().list()).toEqual([{ name: 'c', query: 'q=2' }])
  expect(savedViewCommands(views.list(), () => {}).map(({ title }) => title)).toEqual(['Open the view “c”'])
})

test('Q21 a visit that asks for nothing begins with the view used last; a plain one, a link and a cleared filter do not', () => {
  const views = new SavedViews()
  expect(views.begin('')).toBeUndefined()
  views.save('a', 'q=1')
  views.save('b', 'q=2')
  expect(views.begin('?tz=utc')?.name).toBe('b')
  expect(views.begin('?q=x')).toBeUndefined()
  expect(views.begin('?sel=e:1:2:3')).toBeUndefined()
  const [, b] = views.list()
  if (b) views.rename(b, 'z')
  expect(new SavedViews().begin('')?.name).toBe('z')
  views.forgetLast()
  expect(views.begin('')).toBeUndefined()
})

test('Q20 what is kept and is no view is left out', () => {
  for (const kept of ['{', '3', '[1,null,{"name":"x"},{"name":" ","query":""}]']) {
    localStorage.setItem('flagtail-views', kept)
    expect(new SavedViews().list()).toEqual([])
  }
})
