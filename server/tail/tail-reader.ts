import type { ServerResponse } from 'node:http'
import type { Sight } from '../../domain/access.ts'
import type { Cursor, Gap } from '../../domain/chain.ts'
import type { Matcher } from '../../domain/filter/compile.ts'
import type { Limits } from '../../domain/limits.ts'
import type { Notice } from '../../domain/protocol.ts'
import { printCursor } from './cursor-text.ts'
import type { HeardBatch, Pick } from './heard.ts'
import type { Hearer } from './interest.ts'
import { type Match, matchBatch } from './match.ts'
import { identified } from './ndjson.ts'
import type { Positions } from './positions.ts'
import type { SeenFilter } from './seen-logs.ts'

/** A line that is no record. */
type Told =
  | { readonly gap: Gap | { readonly reason: 'slow'; readonly matched: number } }
  | { readonly notice: Notice }
  | { readonly ledger: Ledger }

/** The books of one reader: matched = held + evicted + sampledOut + skipped, and what gaps took beside it. */
type Ledger = {
  readonly matched: number
  readonly held: number
  readonly evicted: 0
  readonly sampledOut: 0
  readonly skipped: number
  /** Impressions before filtering that no log holds; `null` once a gap of unknown size was among them. */
  readonly missed: number | null
  readonly cursor: string
}

/**
 * One reader of `/api/tail`: every match as a line, never sampled. A batch that finds too much unread is not taken: the
 * reader goes on from the log, at its own pace. Only one that takes nothing for a while is not waited for: what it did
 * not get is counted, told as a gap, and kept in its ledger.
 */
export class TailReader implements Hearer {
  readonly matcher: Matcher
  readonly environments: Sight
  /** Called with where the logs stood before a batch that could not be taken. */
  onBehind: (before: Positions) => void = () => {}
  readonly #response: ServerResponse
  readonly #limits: Limits
  #matched = 0
  #skipped = 0
  #skippedUntold = 0
  #skipping = false
  #missed: number | null = 0

  constructor(response: ServerResponse, { matcher, environments }: SeenFilter, limits: Limits) {
    this.#response = response
    this.matcher = matcher
    this.environments = environments
    this.#limits = limits
    response.on('drain', () => {
      if (!response.writableEnded) this.#stopSkipping()
    })
  }

  hear(batch: HeardBatch, candidates: readonly Pick[], before: Positions): void {
    if (!this.#skipping && this.#isBehind()) this.onBehind(before)
    else this.take(batch, candidates)
  }

  /** Writes a batch's matches, or counts them while they are skipped. */
  take(batch: HeardBatch, candidates: readonly Pick[] = batch.spans): void {
    const match = matchBatch(this.matcher, batch, candidates)
    if (!match) return
    this.#matched += match.impressions
    if (!this.#skipping) return void this.#response.write(linesOf(match))
    this.#skipped += match.impressions
    this.#skippedUntold += match.impressions
  }

  hearGap(gap: Gap): void {
    const { impressions } = gap
    this.#missed = impressions === undefined || this.#missed === null ? null : this.#missed + impressions
    this.#tell({ gap })
  }

  notice(notice: Notice): void {
    this.#tell({ notice })
  }

  /** `cursor` = the point up to which all lines above go. Now and then none is told to who does not read. */
  ledger(cursor: Cursor, when: 'always' | 'if-read'): void {
    if (when === 'if-read' && this.#isBehind()) return
    this.#tellSkipped()
    const ledger: Ledger = {
      matched: this.#matched,
      held: this.#matched - this.#skipped,
      evicted: 0,
      sampledOut: 0,
      skipped: this.#skipped,
      missed: this.#missed,
      cursor: printCursor(cursor),
    }
    this.#tell({ ledger })
  }

  /** Resolves when the reader has taken enough to be given more, at once while it is not waited for. */
  async ready(): Promise<void> {
    if (!this.#skipping && !(await this.#drained(this.#limits.tailPatienceMs))) this.skip()
  }

  /** It takes nothing: from now on its matches are counted and not kept, until it does. */
  skip(): void {
    this.#skipping = true
  }

  /** Whether it took everything within so long. */
  #drained(withinMs: number): Promise<boolean> {
    const response = this.#response
    if (!response.writableNeedDrain) return Promise.resolve(true)
    return new Promise((resolve) => {
      const settle = (drained: boolean): void => {
        clearTimeout(late)
        response.off('drain', onDrain).off('close', onDrain)
        resolve(drained)
      }
      const onDrain = (): void => settle(true)
      const late = setTimeout(settle, withinMs, false)
      response.on('drain', onDrain).on('close', onDrain)
    })
  }

  #isBehind(): boolean {
    return this.#response.writableLength > this.#limits.tailReaderBytes
  }

  #stopSkipping(): void {
    this.#skipping = false
    this.#tellSkipped()
  }

  #tellSkipped(): void {
    if (this.#skippedUntold === 0 || this.#isBehind()) return
    const matched = this.#skippedUntold
    this.#skippedUntold = 0
    this.#tell({ gap: { reason: 'slow', matched } })
  }

  #tell(told: Told): void {
    this.#response.write(`${JSON.stringify(told)}\n`)
  }
}

function linesOf(match: Match): string {
  let lines = ''
  for (const impression of identified(match)) lines += `${JSON.stringify(impression)}\n`
  return lines
}
