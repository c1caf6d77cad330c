import { failed, ok, type Result } from '../../domain/result.ts'

/** So many of the newest impressions match once a term, in its canonical spelling, is left out; `of` were looked at. */
export type Without = { readonly term: string; readonly matched: number; readonly of: number }

/** Asks the server, for each term of a filter, what would match without it. */
export async function askWithout(
  filter: string,
  signal: AbortSignal,
): Promise<Result<readonly Without[], 'no-answer'>> {
  try {
    const response = await fetch(`/api/without?q=${encodeURIComponent(filter)}`, { signal })
    return response.ok ? readWithout(await response.json()) : failed('no-answer')
  } catch {
    return failed('no-answer') // called off, or the server is away, which the page says elsewhere
  }
}

/** What the server answered, if it is an answer. */
export function readWithout(answer: unknown): Result<readonly Without[], 'no-answer'> {
  const { without } = fieldsOf(answer)
  if (!Array.isArray(without)) return failed('no-answer')
  const counts: Without[] = []
  for (const one of without) {
    const { term, matched, of } = fieldsOf(one)
    if (typeof term !== 'string' || typeof matched !== 'number' || typeof of !== 'number') return failed('no-answer')
    counts.push({ term, matched, of })
  }
  return ok(counts)
}

/** The one term that hides most, if any single one hides something. */
export function mostHiding(counts: readonly Without[]): Without | undefined {
  const [most] = [...counts].sort((a, b) => b.matched - a.matched)
  return most && most.matched > 0 ? most : undefined
}

function fieldsOf(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
