import { expect, test } from 'vitest'
import { groupsOf, rowsNamed, until } from '../app.fixture.ts'
import { batchesOf } from './batches.fixture.ts'
import { openHarness, PlayBus } from './harness.fixture.ts'

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const big = { tailRowsPerSecond: 1e9, tailRowsBurst: 1e9, backfillRows: 1e6, replayRows: 1e6 }

async function run(seed: number, kind: 'memory' | 'lossy') {
  let state = seed
  const random = (n: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state % n
  }
  const environments = kind === 'memory' ? ['prod', 'stage', 'test'] : ['development']
  const bus = kind === 'lossy' ? new PlayBus() : undefined
  if (bus) bus.afterDelay = () => pause(random(3))
  const h = openHarness({
    environments,
    bus,
    limits: {
      ...big,
      frameRows: 1 + random(20),
      tickMs: 1 + random(8),
      ringBytes: [1, 2000, 1e6][random(3)] ?? 1,
      replayPageBatches: 3 + random(10),
    },
  })
  let posted = 0
  const post = async () => {
    const id = environments[random(environments.length)] ?? ''
    if (bus) bus.muted = random(4) === 0
    const rows = 1 + random(30)
    await h.bus.append(id, batchesOf(groupsOf({ a: rowsNamed(`${posted}-`, rows) }), { environmentId: id }))
    posted += rows
  }
  const viewers = [h.view()]
  await viewers[0]?.watch()
  for (let step = 0; step < 150; step++) {
    await post()
    const what = random(12)
    if (what === 0) {
      const one = h.view()
      viewers.push(one)
      void one.watch()
    }
    const one = viewers[random(viewers.length)]
    if (what === 1 && one?.ledger && one.room?.how === 'rows') one.viewer.hold()
    else if (what >= 2 && what < 5 && one?.room?.how === 'held') void one.resume()
    else if (what === 5 && one?.ledger && one.room) void one.watch('', one.cursor)
    if (what === 6) await pause(random(15))
    if (bus && random(20) === 0) void h.logs.check()
  }
  if (bus) bus.muted = false
  await post()
  await pause(50)
  for (const one of viewers) if (one.room?.how === 'held') void one.resume()
  await until(() => viewers.every((one) => one.ids.length >= posted), 4000).catch(() => {})
  await pause(50)
  for (const one of viewers) {
    expect([seed, new Set(one.ids).size, one.ids.length]).toEqual([seed, posted, posted])
    const books = one.ledger?.books
    expect([seed, books?.matched, books?.held, books?.skipped]).toEqual([seed, posted, posted, 0])
  }
}
test('random joins, embedded', async () => {
  for (let seed = 1; seed <= 12; seed++) await run(seed * 7919, 'memory')
}, 60_000)
test('random joins, a bus that loses', async () => {
  for (let seed = 1; seed <= 12; seed++) await run(seed * 104729, 'lossy')
}, 60_000)
