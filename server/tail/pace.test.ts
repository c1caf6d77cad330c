import { expect, test } from 'vitest'
import { groupsOf, rowsNamed } from '../app.fixture.ts'
import { batchesOf } from './batches.fixture.ts'
import { openHarness } from './harness.fixture.ts'

/** How long the event loop was held up at most while something ran. */
async function longestTurnMs(run: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let last = performance.now()
  const look = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 1)
  await run()
  await new Promise(setImmediate)
  clearInterval(look)
  return Math.max(longest, performance.now() - last)
}

const post = (name: string, rows: number) =>
  batchesOf(
    groupsOf(
      Object.fromEntries(
        Array.from({ length: 86 }, (_, flag) => [
          `flag-${flag}`,
          rowsNamed(`${name}-${flag}-`, rows, { r: 'default rule', b: 'bucket' }),
        ]),
      ),
    ),
  )

test('F24 a post of 65,000 rows does not stop a server whose viewer filters by something in the row', async () => {
  const { bus, view } = openHarness()
  await view().watch('key:*99*')
  const batches = post('x', 755)
  expect(await longestTurnMs(() => bus.append('development', batches))).toBeLessThan(1000) // 2,069 with the slow reader of rows
})

test('F25 a filter that looks at every row of a full log lets other work have its turn', async () => {
  const { bus, view } = openHarness()
  for (let round = 0; round < 12; round++) await bus.append('development', post(`p${round}`, 100))
  const viewer = view()
  expect(await longestTurnMs(() => viewer.watch('key:nobody*'))).toBeLessThan(500)
  expect(viewer.starts[0]).toMatchObject({ complete: true, replayed: { matched: 0 } })
})
