import { parseFilter } from '../../domain/filter/parse.ts'
import { keep, readKept } from '../display/kept.ts'

const name = 'queries'
const most = 8

/** The filters that were used last in this browser, the newest first. */
export function recentQueries(): readonly string[] {
  const kept = readKept(name)
  return Array.isArray(kept) ? kept.filter((text) => typeof text === 'string').slice(0, most) : []
}

/** Remembers a filter as used, if it is one. */
export function rememberQuery(text: string): void {
  const query = text.trim()
  if (query === '' || !parseFilter(query).ok) return
  keep(name, [query, ...recentQueries().filter((other) => other !== query)].slice(0, most))
}
