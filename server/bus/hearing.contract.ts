import { describe, expect, test } from 'vitest'
import type { ChainedBatch } from '../../domain/batch.ts'
import { beginning } from '../../domain/chain.ts'
import { batchOf, expectChained, type GivenBus, impressionsOf, readOn, until, valueIn } from './bus.fixture.ts'

/** What every bus must do for those who hear it. */
export function hearingContract(name: string, given: GivenBus): void {
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
