import { afterEach, describe, expect, test } from 'vitest'
import type { ChainedBatch } from '../../domain/batch.ts'
import { beginning, positionOf } from '../../domain/chain.ts'
import type { Limits } from '../../domain/limits.ts'
import { batchOf, impressionsOf, readOn, until, valueIn } from './bus.fixture.ts'
import type { Bus } from './bus.ts'

/** What every bus must do. `open` gives one whose limits are the defaults with these overrides; the tests close it. */
export function busContract(name: string, open: (overrides?: Partial<Limits>) => Promise<Bus>): void {
  const opened: Bus[] = []
  let tests = 0

  async function given(overrides?: Partial<Limits>) {
    const bus = await open(overrides)
    opened.push(bus)
    tests++
    return { bus, environmentId: `contract-${tests}` }
  }

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((bus) => bus.close()))
  })

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

    test('B2 the head is the newest position, and the beginning while nothing was appended', async () => {
      const { bus, environmentId } = await given()
      expect(valueIn(await bus.head(environmentId))).toEqual(beginning(environmentId))
      const empty = { batches: [], end: beginning(environmentId), more: false }
      expect(valueIn(await bus.after(environmentId, beginning(environmentId)))).toEqual(empty)
      valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId, { impressions: 4 })]))
      const head = valueIn(await bus.head(environmentId))
      expect(head).toMatchObject({ environmentId, offset: 2, cumulative: 5 })
      expect(valueIn(await bus.after(environmentId, head))).toEqual({ batches: [], end: head, more: false })
    })

    test('B3 a post of no batches changes nothing', async () => {
      const { bus, environmentId } = await given()
      valueIn(await bus.append(environmentId, []))
      expect(valueIn(await bus.head(environmentId))).toEqual(beginning(environmentId))
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
      const empty = { batches: [], gap, end: beginning(environmentId), more: false }
      expect(valueIn(await bus.after(environmentId, stranger))).toEqual(empty)
      valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId)]))
      const page = valueIn(await bus.after(environmentId, stranger))
      expect(page).toMatchObject({ gap, batches: { length: 2 }, end: { offset: 2 }, more: false })
      expect(page.gap).not.toHaveProperty('impressions')
    })

    test('B11 who read another branch of the log is told so, and goes on at its head', async () => {
      const { bus, environmentId } = await given()
      valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId), batchOf(environmentId)]))
      const head = valueIn(await bus.head(environmentId))
      if (head.epoch === undefined) throw new Error('a log with batches has an epoch')
      const forked = { batches: [], gap: { environmentId, reason: 'forked' }, end: head, more: false }
      const elsewhere = { ...head, offset: 2, cumulative: 2, id: 'f'.repeat(16) }
      expect(valueIn(await bus.after(environmentId, elsewhere))).toEqual(forked)
      expect(valueIn(await bus.after(environmentId, { ...head, id: 'f'.repeat(16) }))).toEqual(forked)
      expect(valueIn(await bus.after(environmentId, { ...head, offset: 4, cumulative: 4 }))).toEqual(forked)
    })
  })

  describe(`the ${name} bus as it is heard`, () => {
    test('B4 each batch is heard once and in log order, and is in the log by then', async () => {
      const { bus, environmentId } = await given()
      const heard: ChainedBatch[] = []
      const inLog: Promise<boolean>[] = []
      const hear = (batch: ChainedBatch): void => {
        heard.push(batch)
        inLog.push(bus.head(environmentId).then((head) => valueIn(head).offset >= batch.chain.offset))
      }
      valueIn(await bus.subscribe(environmentId, hear))
      const posts = Array.from({ length: 20 }, () => [
        batchOf(environmentId),
        batchOf(environmentId, { impressions: 3 }),
      ])
      await Promise.all(posts.map((batches) => bus.append(environmentId, batches)))
      await until(() => heard.length >= 40)
      expect(await Promise.all(inLog)).not.toContain(false)
      expectChained(heard)
      expect(await readOn(bus, environmentId)).toMatchObject({ batches: heard.map(({ chain }) => ({ chain })) })
    })

    test('B3 a post of 254 batches is heard and kept as a whole', async () => {
      const { bus, environmentId } = await given()
      const heard: ChainedBatch[] = []
      valueIn(await bus.subscribe(environmentId, (batch) => heard.push(batch)))
      const post = Array.from({ length: 254 }, () => batchOf(environmentId, { impressions: 256, padding: 50 }))
      valueIn(await bus.append(environmentId, post))
      await until(() => heard.length === 254)
      expect(impressionsOf(heard)).toBe(254 * 256)
      expect((await readOn(bus, environmentId)).batches).toHaveLength(254)
      expectChained(heard)
    })

    test('B5 environments have logs and hearers of their own', async () => {
      const { bus, environmentId } = await given({ logBytes: 30_000 })
      const other = `${environmentId}-other`
      const heard: ChainedBatch[] = []
      valueIn(await bus.subscribe(environmentId, (batch) => heard.push(batch)))
      valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
      for (let post = 0; post < 40; post++) valueIn(await bus.append(other, [batchOf(other, { padding: 1000 })]))
      valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
      await until(() => heard.length >= 2)
      expect(heard.map(({ header }) => header.shared.environmentId)).toEqual([environmentId, environmentId])
      expect(await readOn(bus, environmentId)).toMatchObject({ gaps: [], batches: { length: 2 } })
    })

    test('B4 who ended a subscription hears no more, and the others still do', async () => {
      const { bus, environmentId } = await given()
      const stayed: ChainedBatch[] = []
      const left: ChainedBatch[] = []
      valueIn(await bus.subscribe(environmentId, (batch) => stayed.push(batch)))
      const end = valueIn(await bus.subscribe(environmentId, (batch) => left.push(batch)))
      valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
      await until(() => left.length === 1 && stayed.length === 1)
      await end()
      await end()
      valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
      await until(() => stayed.length === 2)
      expect(left).toHaveLength(1)
    })

    test('B4 an environment that was left can be heard again', async () => {
      const { bus, environmentId } = await given()
      const end = valueIn(await bus.subscribe(environmentId, () => {}))
      const heard: ChainedBatch[] = []
      const [, again] = await Promise.all([end(), bus.subscribe(environmentId, (batch) => heard.push(batch))])
      valueIn(again)
      valueIn(await bus.append(environmentId, [batchOf(environmentId)]))
      await until(() => heard.length === 1)
    })

    test('B4 a hearer that throws surfaces as an uncaught exception and keeps nobody else from hearing', async () => {
      const { bus, environmentId } = await given()
      const uncaught = takeUncaught()
      const heard: ChainedBatch[] = []
      valueIn(
        await bus.subscribe(environmentId, () => {
          throw new Error('a mistake in a hearer')
        }),
      )
      valueIn(await bus.subscribe(environmentId, (batch) => heard.push(batch)))
      valueIn(await bus.append(environmentId, [batchOf(environmentId), batchOf(environmentId)]))
      await until(() => heard.length === 2 && uncaught.errors.length === 2)
      uncaught.giveBack()
      expect(uncaught.errors).toEqual([new Error('a mistake in a hearer'), new Error('a mistake in a hearer')])
    })

    test('B12 it is up, and after its close everything fails as a value', async () => {
      const { bus, environmentId } = await given()
      const states: unknown[] = []
      const end = bus.watchState((state) => states.push(state))
      expect(states).toEqual([{ up: true }])
      await bus.close()
      await bus.close()
      end()
      const results = await Promise.all([
        bus.append(environmentId, [batchOf(environmentId)]),
        bus.subscribe(environmentId, () => {}),
        bus.head(environmentId),
        bus.after(environmentId, beginning(environmentId)),
        bus.before(environmentId, undefined),
      ])
      expect(results.map((result) => result.ok || result.error.reason)).toEqual(Array(5).fill('down'))
      expect(states).toEqual([{ up: true }])
    })
  })
}

function expectChained(batches: readonly ChainedBatch[]): void {
  let before = { offset: 0, id: '', cumulative: 0 }
  for (const { chain, header } of batches) {
    expect(chain.offset).toBe(before.offset + 1)
    expect(chain.previousId).toBe(before.id)
    expect(chain.cumulative).toBe(before.cumulative + header.impressions)
    expect(chain.epoch).toBe(batches[0]?.chain.epoch)
    expect(chain.id).toMatch(/^[0-9a-f]{16}$/)
    before = chain
  }
}

function positionAt(environmentId: string, batches: readonly ChainedBatch[], offset: number) {
  const found = batches.find(({ chain }) => chain.offset === offset)
  if (!found) throw new Error(`no batch at ${offset}`)
  return positionOf(environmentId, found.chain)
}

/** Uncaught exceptions, taken away from the test runner until given back. */
function takeUncaught() {
  const errors: unknown[] = []
  const before = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error) => errors.push(error))
  const giveBack = (): void => {
    process.removeAllListeners('uncaughtException')
    for (const listener of before) process.on('uncaughtException', listener)
  }
  return { errors, giveBack }
}
