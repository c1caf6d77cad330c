import type { IncomingMessage, ServerResponse } from 'node:http'
import { compileFilter, type Matcher } from '../../domain/filter/compile.ts'
import type { Filter } from '../../domain/filter/filter.ts'
import { spellTerm } from '../../domain/filter/spell.ts'
import type { Limits } from '../../domain/limits.ts'
import { ok, type Result } from '../../domain/result.ts'
import { answerJson } from '../answer.ts'
import type { BusFailure } from '../bus/bus.ts'
import { matchBatch } from './match.ts'
import { type NewestParts, newestMatches } from './newest.ts'
import { readQuery, refuse } from './query.ts'
import type { SeenLogs } from './seen-logs.ts'
import { Turnstile } from './turnstile.ts'

export type WithoutParts = {
  /** The logs as whoever asks may see them. */
  readonly see: (request: IncomingMessage) => SeenLogs
  readonly limits: Limits
}

/** How many of the newest impressions match once a term is left out; `of` = so many were looked at. */
type Without = { readonly term: string; readonly matched: number; readonly of: number }

type Rest = { readonly term: string; readonly matcher: Matcher; readonly environments: readonly string[] }

/** `GET /api/without?q=`: for each term of a filter, how many of the newest impressions match without it. */
export class WithoutRoute {
  readonly #parts: WithoutParts
  readonly #turnstile: Turnstile

  constructor(parts: WithoutParts) {
    this.#parts = parts
    this.#turnstile = new Turnstile(parts.limits.withoutAtOnce)
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { limits, see } = this.#parts
    const seen = see(request)
    const query = readQuery(request, ['q'], { limits, seen })
    if (!query.ok) return refuse(response, 400, query.error)
    const stale = () => response.destroyed
    const counted = await this.#turnstile.pass(() => this.#count(query.value.filter, seen, stale))
    if (response.destroyed) return
    if (!counted.ok) return refuse(response, 503, { message: counted.error.message })
    answerJson(response, 200, { without: counted.value })
  }

  /** Terms that leave the same environments are counted over the same impressions. */
  async #count(
    { terms }: Filter,
    seen: SeenLogs,
    stale: () => boolean,
  ): Promise<Result<readonly Without[], BusFailure>> {
    const rests = terms.map((term): Rest => {
      const { matcher, environments } = seen.compile({ terms: terms.filter((other) => other !== term) })
      return { term: spellTerm(term), matcher, environments: [...environments.keys()] }
    })
    const counts: Without[] = []
    for (const scope of new Set(rests.map(({ environments }) => environments.join(' ')))) {
      const same = rests.filter(({ environments }) => environments.join(' ') === scope)
      const counted = await this.#countOver(same, seen, stale)
      if (!counted.ok) return counted
      counts.push(...counted.value)
    }
    return ok(counts)
  }

  async #countOver(
    rests: readonly Rest[],
    seen: SeenLogs,
    stale: () => boolean,
  ): Promise<Result<readonly Without[], BusFailure>> {
    const { limits } = this.#parts
    const from: NewestParts['from'] = new Map((rests[0]?.environments ?? []).map((id) => [id, undefined]))
    const newest = await newestMatches({
      before: seen.before.bind(seen),
      matcher: compileFilter({ terms: [] }),
      from,
      rows: limits.withoutRows,
      bytes: limits.backfillBytes,
      stale,
    })
    if (!newest.ok) return newest
    const matched = rests.map(() => 0)
    let of = 0
    for (const { batch, picks, impressions } of newest.value.matches) {
      for (const [index, { matcher }] of rests.entries()) {
        matched[index] = (matched[index] ?? 0) + (matchBatch(matcher, batch, picks)?.impressions ?? 0)
      }
      of += impressions
      batch.forget()
      await new Promise(setImmediate)
    }
    return ok(rests.map(({ term }, index) => ({ term, matched: matched[index] ?? 0, of })))
  }
}
