import type { View } from './tail/view.ts'

/** The address that opens this very view: filter, pause and open row. */
export function linkOf(view: Pick<View, 'search' | 'mode' | 'openId'>): string {
  const url = new URL(window.location.href)
  url.hash = ''
  const asked: Record<string, string | undefined> = {
    q: view.search.text || undefined,
    paused: view.mode === 'paused' ? '1' : undefined,
    sel: view.openId,
  }
  for (const [name, value] of Object.entries(asked)) {
    if (value === undefined) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  }
  return url.href
}
