import { describe, expect, test } from 'vitest'
import type { ChainedBatch } from '../../domain/batch.ts'
import { beginning, type Position, positionOf } from '../../domain/chain.ts'
import { batchOf, expectChained, type GivenBus, impressionsOf, readOn, until, valueIn } from './bus.fixture.ts'
import type { Bus } from './bus.ts'

/** What every bus must do as a log. */
export function logContract(name: string, given: GivenBus): void {
  describe(`the ${name} bus as a log`, () => {
    test('B1 what was appended is read back in order, chained and byte for byte', async () => {
      const { bus, environmentId } = await given()
      const posted = ['ada', 'Zoë 🦊', 'a"\\\u0000\u2028\ufffd'].map((key) =>
        batchOf(environmentId, { key, impressions: 2 }),
      )
      for (const batch of posted) valueIn(await bus.append(environmentId, [batch]))
      const { batches, gaps } = await readOn(bus, environmentId)
      expect(gaps).toEqual([])
      expect(batches.map(({ header }) => header)).toEqual(posted.map(({ header }) => header))
      expect(batches.map(({ rows }) => Buffer.from(rows))).toEqual(posted.map(({ rows }) => rows))
      expectChained(batches)
      expect(batches.map(({ chain }) => chain.cumulative)).toEqual([2, 4, 6])
    })

    test('B1 bytes that are no text come back as they are', async () => {
      const { bus, environmentId } = await given()
      const batch = batchOf(environmentId, { padding: 300 })
      const rows = Uint8Array.from(batch.rows, (_, index) => index % 256)
      valueIn(await bus.append(environmentId, [{ ...batch, rows }]))
      const { batches } = await readOn(bus, environmentId)
      expect(Buffer.from(batches[0]?.rows ?? [])).toEqual(Buffer.from(rows))
    })

    test('B2 the head is the newest position, and the beginning of its life while nothing was appended', async () => {
      const { bus, environmentId } = await given()
      const begun = await givenBegun(bus, environmentId)
      const empty = { batches: [], end: begun, more: false }
      expect(valueIn(await bus.after(environmentId, begun))).toEqual(empty)
      expect(valueIn(await bus.after(environmentId, beginning(environmentId)))).toEqual(empty)
      valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId, { impressions: 4 })]))
      const head = valueIn(await bus.head(environmentId))
      expect(head).toMatchObject({ environmentId, offset: 2, cumulative: 5 })
      expect(valueIn(await bus.after(environmentId, head))).toEqual({ batches: [], end: head, more: false })
    })

    test('B3 a post of no batches changes nothing', async () => {
      const { bus, environmentId } = await given()
      const begun = await givenBegun(bus, environmentId)
      valueIn(await bus.append(environmentId, []))
      expect(valueIn(await bus.head(environmentId))).toEqual(begun)
    })

    test('B6 pages forward join without a hole or a repetition, from any position', async () => {
      const { bus, environmentId } = await given({ replayPageBatches: 3 })
      valueIn(
        await bus.append(
          environmentId,
          Array.from({ length: 9 }, () => batchOf(environmentId)),
        ),
      )
      const first = valueIn(await bus.after(environmentId, beginning(environmentId)))
      expect(first).toMatchObject({ more: true, end: { offset: 3, cumulative: 3 } })
      const { batches } = await readOn(bus, environmentId)
      expect(batches.map(({ chain }) => chain.offset)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
      const last = valueIn(await bus.after(environmentId, positionAt(environmentId, batches, 6)))
      expect(last).toMatchObject({ more: false, end: { offset: 9 } })
    })

    test('B7 pages backward are newest first and end at the oldest', async () => {
      const { bus, environmentId } = await given({ replayPageBatches: 3 })
      valueIn(
        await bus.append(
          environmentId,
          Array.from({ length: 6 }, () => batchOf(environmentId)),
        ),
      )
      const newest = valueIn(await bus.before(environmentId, undefined))
      expect([newest.batches.map(({ chain }) => chain.offset), newest.more]).toEqual([[6, 5, 4], true])
      const oldest = valueIn(await bus.before(environmentId, 4))
      expect([oldest.batches.map(({ chain }) => chain.offset), oldest.more]).toEqual([[3, 2, 1], false])
      expect(valueIn(await bus.before(environmentId, 1))).toEqual({ batches: [], more: false })
      expect(valueIn(await bus.before('nobody-posts-here', undefined))).toEqual({ batches: [], more: false })
    })

    test('B8 a log that outgrew its bytes says exactly how many impressions it no longer has', async () => {
      const { bus, environmentId } = await given({ logBytes: 30_000, replayPageBatches: 5 })
      const first = batchOf(environmentId, { impressions: 3 })
      valueIn(await bus.append(environmentId, [first]))
      const seen = valueIn(await bus.head(environmentId))
      for (let post = 0; post < 60; post++)
        valueIn(await bus.append(environmentId, [batchOf(environmentId, { padding: 1000 })]))
      const fromSeen = await readOn(bus, environmentId, seen)
      expect(fromSeen.batches.length).toBeLessThan(30)
      expect(fromSeen.gaps).toEqual([{ environmentId, reason: 'trimmed', impressions: 60 - fromSeen.batches.length }])
      const fromBeginning = await readOn(bus, environmentId)
      expect(fromBeginning.gaps[0]?.impressions).toBe(63 - impressionsOf(fromBeginning.batches))
      const oldest = fromBeginning.batches[0]?.chain.offset
      expect(valueIn(await bus.before(environmentId, oldest))).toEqual({ batches: [], more: false })
    })

    test('B8 who read up to the last trimmed batch misses nothing', async () => {
      const { bus, environmentId } = await given({ logBytes: 30_000 })
      const heard: ChainedBatch[] = []
      valueIn(await bus.subscribe(environmentId, (batch) => heard.push(batch)))
      for (let post = 0; post < 60; post++)
        valueIn(await bus.append(environmentId, [batchOf(environmentId, { padding: 1000 })]))
      await until(() => heard.length === 60)
      const { batches } = await readOn(bus, environmentId)
      const lastTrimmed = (batches[0]?.chain.offset ?? 0) - 1
      const resumed = await readOn(bus, environmentId, positionAt(environmentId, heard, lastTrimmed))
      expect(resumed).toMatchObject({ gaps: [], batches: { length: batches.length } })
    })

    test('B10 who read another life of the log is told so, and reads this one from its beginning', async () => {
      const { bus, environmentId } = await given()
      const stranger = { environmentId, epoch: 'e'.repeat(16), offset: 7, id: 'f'.repeat(16), cumulative: 70 }
      const gap = { environmentId, reason: 'restarted' }
      const told = valueIn(await bus.after(environmentId, stranger))
      const begun = await givenBegun(bus, environmentId)
      expect(told).toEqual({ batches: [], gap, end: begun, more: false })
      valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId)]))
      const page = valueIn(await bus.after(environmentId, stranger))
      expect(page).toMatchObject({ gap, batches: { length: 2 }, end: { offset: 2 }, more: false })
      expect(page.gap).not.toHaveProperty('impressions')
    })

    test('B27 a log has an epoch before anything is appended, and the first append goes on with it', async () => {
      const { bus, environmentId } = await given()
      const begun = await givenBegun(bus, environmentId)
      expect(valueIn(await bus.head(environmentId))).toEqual(begun)
      valueIn(await bus.append(environmentId, [batchOf(environmentId, { impressions: 3 }), batchOf(environmentId)]))
      const { batches, gaps, end } = await readOn(bus, environmentId, begun)
      expect([batches.length, gaps]).toEqual([2, []])
      expectChained(batches)
      expect(batches[0]?.chain.epoch).toBe(begun.epoch)
      expect(end).toEqual(valueIn(await bus.head(environmentId)))
      expect(end).toMatchObject({ epoch: begun.epoch, offset: 2, cumulative: 4 })
    })

    test('B27 reading a log that nobody has looked at gives it an epoch, too', async () => {
      const { bus, environmentId } = await given()
      const { end } = valueIn(await bus.after(environmentId, beginning(environmentId)))
      expect(end).toEqual(await givenBegun(bus, environmentId))
    })

    test('B27 who stands before the first batch is told of another life like anybody else', async () => {
      const { bus, environmentId } = await given()
      const stranger = beginning(environmentId, 'e'.repeat(16))
      const gap = { environmentId, reason: 'restarted' }
      const told = valueIn(await bus.after(environmentId, stranger))
      expect(told).toEqual({ batches: [], gap, end: await givenBegun(bus, environmentId), more: false })
      valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId)]))
      const page = valueIn(await bus.after(environmentId, stranger))
      expect(page).toMatchObject({ gap, batches: { length: 2 }, end: { offset: 2 }, more: false })
      expect(page.gap).not.toHaveProperty('impressions')
    })

    test('B27 who stands before the first batch gets an exact count of what was trimmed', async () => {
      const { bus, environmentId } = await given({ logBytes: 30_000 })
      const begun = await givenBegun(bus, environmentId)
      for (let post = 0; post < 60; post++)
        valueIn(await bus.append(environmentId, [batchOf(environmentId, { impressions: 2, padding: 500 })]))
      const { batches, gaps } = await readOn(bus, environmentId, begun)
      expect(batches.length).toBeLessThan(60)
      expect(gaps).toEqual([{ environmentId, reason: 'trimmed', impressions: 120 - impressionsOf(batches) }])
    })

    test('B11 who read another branch of the log is told so, and goes on at its head', async () => {
      const { bus, environmentId } = await given()
      valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId), batchOf(environmentId)]))
      const head = valueIn(await bus.head(environmentId))
      if (head.id === undefined) throw new Error('a log with batches has a last one')
      const forked = { batches: [], gap: { environmentId, reason: 'forked' }, end: head, more: false }
      const elsewhere = { ...head, offset: 2, cumulative: 2, id: 'f'.repeat(16) }
      expect(valueIn(await bus.after(environmentId, elsewhere))).toEqual(forked)
      expect(valueIn(await bus.after(environmentId, { ...head, id: 'f'.repeat(16) }))).toEqual(forked)
      expect(valueIn(await bus.after(environmentId, { ...head, offset: 4, cumulative: 4 }))).toEqual(forked)
    })
  })
}

/** Where a log stands to which nothing was appended. */
async function givenBegun(bus: Bus, environmentId: string): Promise<Position> {
  const begun = valueIn(await bus.head(environmentId))
  expect(begun).toEqual(beginning(environmentId, begun.epoch))
  expect(begun.epoch).toMatch(/^[0-9a-f]{16}$/)
  return begun
}

function positionAt(environmentId: string, batches: readonly ChainedBatch[], offset: number) {
  const found = batches.find(({ chain }) => chain.offset === offset)
  if (!found) throw new Error(`no batch at ${offset}`)
  return positionOf(environmentId, found.chain)
}
