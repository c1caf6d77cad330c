import { describe, expect, test } from 'vitest'
import type { ChainedBatch } from '../../domain/batch.ts'
import { beginning, type Chain, type Position, positionOf } from '../../domain/chain.ts'
import { batchOf } from './bus.fixture.ts'
import { afterRestart, hasRestarted, type LogView, pageBehind } from './resume.ts'

const environmentId = 'prod'
const epoch = 'e1'

/** The batch at an offset of a log in which each has ten impressions, and `b<offset>` is the id. */
function at(offset: number, chain: Partial<Chain> = {}): ChainedBatch {
  const previousId = offset === 1 ? '' : `b${offset - 1}`
  const place = { epoch, offset, id: `b${offset}`, previousId, cumulative: offset * 10, ...chain }
  return { ...batchOf(environmentId, { impressions: 10 }), chain: place }
}

function from(first: number, last: number): ChainedBatch[] {
  return Array.from({ length: last - first + 1 }, (_, index) => at(first + index))
}

function position(offset: number, chain: Partial<Chain> = {}): Position {
  return offset === 0 ? beginning(environmentId, epoch) : positionOf(environmentId, at(offset, chain).chain)
}

/** A log with these batches behind the reader, and with its head there if not told otherwise. */
function log(behind: readonly ChainedBatch[], head: Position | undefined, here?: Chain): LogView {
  const last = behind.at(-1)
  const newest = head ?? (last ? positionOf(environmentId, last.chain) : beginning(environmentId, epoch))
  return { head: newest, behind, ...(here && { at: here }) }
}

const forked = { environmentId, reason: 'forked' }
const trimmed = (impressions: number) => ({ environmentId, reason: 'trimmed', impressions })

describe('a position that the log leads on from', () => {
  test('goes on with the next batch', () => {
    const behind = from(4, 6)
    const page = pageBehind(position(3), log(behind, undefined, at(3).chain))
    expect(page).toEqual({ batches: behind, end: position(6), more: false })
  })

  test('goes on without a gap when its own entry was the last one trimmed', () => {
    const behind = from(4, 6)
    expect(pageBehind(position(3), log(behind, undefined))).toEqual({ batches: behind, end: position(6), more: false })
  })

  test('has more behind it while the head is further than the page', () => {
    const page = pageBehind(position(3), log(from(4, 6), position(7), at(3).chain))
    expect(page).toMatchObject({ end: position(6), more: true })
    expect(page).not.toHaveProperty('gap')
  })

  test('stays at the head when it is there, held or not', () => {
    const stays = { batches: [], end: position(3), more: false }
    expect(pageBehind(position(3), log([], position(3), at(3).chain))).toEqual(stays)
    expect(pageBehind(position(3), log([], position(3)))).toEqual(stays)
  })

  test('at the head is answered with the log’s own count, whatever it claims', () => {
    const page = pageBehind(position(3, { cumulative: 999 }), log([], position(3), at(3).chain))
    expect(page).toEqual({ batches: [], end: position(3), more: false })
  })

  test('begins at the beginning', () => {
    expect(pageBehind(position(0), log(from(1, 2), undefined))).toEqual({
      batches: from(1, 2),
      end: position(2),
      more: false,
    })
    expect(pageBehind(position(0), log([], undefined))).toEqual({ batches: [], end: position(0), more: false })
  })

  test('is that of the present life for who knows nothing of the log', () => {
    const anywhere = beginning(environmentId)
    expect(pageBehind(anywhere, log(from(1, 2), undefined))).toMatchObject({ batches: from(1, 2), end: position(2) })
    expect(pageBehind(anywhere, log([], undefined))).toEqual({ batches: [], end: position(0), more: false })
  })
})

describe('a position behind which batches were trimmed', () => {
  test('gets an exact gap and the first batch that is held', () => {
    const behind = from(7, 8)
    expect(pageBehind(position(3), log(behind, undefined))).toEqual({
      batches: behind,
      gap: trimmed(30),
      end: position(8),
      more: false,
    })
  })

  test('gets an exact gap also for a single batch', () => {
    expect(pageBehind(position(3), log(from(5, 5), undefined)).gap).toEqual(trimmed(10))
  })

  test('gets an exact gap up to the head when nothing is held', () => {
    expect(pageBehind(position(3), log([], position(9)))).toEqual({
      batches: [],
      gap: trimmed(60),
      end: position(9),
      more: false,
    })
  })

  test('gets an exact gap from the beginning', () => {
    expect(pageBehind(position(0), log(from(4, 5), undefined)).gap).toEqual(trimmed(30))
    expect(pageBehind(position(0), log([], position(9)))).toMatchObject({ gap: trimmed(90), end: position(9) })
  })

  test('gets an exact gap where the entry behind its own cannot be read', () => {
    expect(pageBehind(position(3), log(from(5, 6), undefined, at(3).chain))).toMatchObject({
      gap: trimmed(10),
      batches: [{}, {}],
    })
  })

  test('may have lost as few impressions as batches, but no fewer', () => {
    const gapOf = (cumulative: number) => pageBehind(position(3, { cumulative }), log(from(7, 8), undefined)).gap
    expect(gapOf(57)).toEqual(trimmed(3))
    expect(gapOf(58)).toEqual(forked)
    expect(gapOf(60)).toEqual(forked)
    expect(gapOf(61)).toEqual(forked)
  })
})

describe('a position in another branch of the log', () => {
  const startsAtHead = (head: number) => ({ batches: [], gap: forked, end: position(head), more: false })

  test('has another id than the entry at its offset', () => {
    const view = log(from(4, 6), undefined, at(3).chain)
    expect(pageBehind(position(3, { id: 'other' }), view)).toEqual(startsAtHead(6))
  })

  test('has another id than the entry at its offset, of which the next cannot be read', () => {
    const view = log(from(5, 6), undefined, at(3).chain)
    expect(pageBehind(position(3, { id: 'other' }), view)).toEqual(startsAtHead(6))
  })

  test('has another epoch than the entry at its offset', () => {
    const view = log(from(5, 6), undefined, at(3, { epoch: 'older' }).chain)
    expect(pageBehind(position(3), view)).toEqual(startsAtHead(6))
  })

  test('is beyond the head', () => {
    expect(pageBehind(position(7), log([], position(6)))).toEqual(startsAtHead(6))
    expect(pageBehind(position(9, { cumulative: 1 }), log([], position(6)))).toEqual(startsAtHead(6))
    expect(pageBehind(position(3), log([], position(0)))).toEqual(startsAtHead(0))
    expect(pageBehind(position(7, { id: 'b6' }), log([], position(6)))).toEqual(startsAtHead(6))
  })

  test('is not the head’s at the head’s offset', () => {
    expect(pageBehind(position(6, { id: 'other' }), log([], position(6)))).toEqual(startsAtHead(6))
  })

  test('is not what the first held entry continues', () => {
    const behind = [at(4, { previousId: 'other' }), at(5)]
    expect(pageBehind(position(3), log(behind, undefined))).toEqual(startsAtHead(5))
    expect(pageBehind(position(3), log(behind, undefined, at(3).chain))).toEqual(startsAtHead(5))
  })

  test('is the beginning, where the first entry claims a predecessor', () => {
    expect(pageBehind(position(0), log([at(1, { previousId: 'other' })], undefined))).toEqual(startsAtHead(1))
  })

  test('has no count', () => {
    expect(pageBehind(position(7), log([], position(6))).gap).not.toHaveProperty('impressions')
  })
})

describe('a page', () => {
  test('ends before a hole, so that the next page counts it', () => {
    const behind = [at(4), at(5), at(7), at(8)]
    const page = pageBehind(position(3), log(behind, undefined, at(3).chain))
    expect(page).toEqual({ batches: [at(4), at(5)], end: position(5), more: true })
    const next = pageBehind(page.end, log([at(7), at(8)], undefined, at(5).chain))
    expect(next).toEqual({ batches: [at(7), at(8)], gap: trimmed(10), end: position(8), more: false })
  })

  test('ends before a batch that continues another one', () => {
    const page = pageBehind(position(3), log([at(4), at(5, { previousId: 'other' }), at(6)], undefined))
    expect(page).toEqual({ batches: [at(4)], end: position(4), more: true })
  })
})

describe('a log that began anew', () => {
  test('is told by the epoch of its head', () => {
    expect(hasRestarted(position(3), position(1, { epoch: 'e2' }))).toBe(true)
    expect(hasRestarted(position(3), beginning(environmentId, 'e2'))).toBe(true)
    expect(hasRestarted(position(3), position(9))).toBe(false)
  })

  test('is told by the epoch also to who stands before the first batch', () => {
    const begun = beginning(environmentId, epoch)
    expect(hasRestarted(begun, position(1, { epoch: 'e2' }))).toBe(true)
    expect(hasRestarted(begun, beginning(environmentId, 'e2'))).toBe(true)
    expect(hasRestarted(begun, begun)).toBe(false)
    expect(hasRestarted(begun, position(3))).toBe(false)
  })

  test('is none for who knows nothing of it', () => {
    expect(hasRestarted(beginning(environmentId), position(3))).toBe(false)
    expect(hasRestarted(beginning(environmentId), beginning(environmentId, epoch))).toBe(false)
  })

  test('is read from its beginning, with a gap that nobody can count', () => {
    const page = pageBehind(position(0), log(from(1, 2), position(3)))
    const restarted = { environmentId, reason: 'restarted' }
    expect(afterRestart(page)).toEqual({ batches: from(1, 2), gap: restarted, end: position(2), more: true })
    const later = pageBehind(position(0), log(from(4, 5), undefined))
    expect(afterRestart(later)).toEqual({ batches: from(4, 5), gap: restarted, end: position(5), more: false })
  })
})
