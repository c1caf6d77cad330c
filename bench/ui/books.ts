import { flood } from '../../e2e/flood.fixture.ts'
import type { Figure } from './figures.ts'
import { heapMib } from './measure.ts'
import type { Screen } from './screen.ts'

const accountMs = 60_000
const awayMs = 5000
const soakMs = 8 * 60_000
const warmMs = 2 * 60_000

/** 15: over a minute with a break of 5 s every impression is somewhere. */
export async function bookFigures({ page, post, wire }: Screen): Promise<readonly Figure[]> {
  let posted = 40 // the screen's own
  const counted = async (groups: unknown) => {
    await post(groups)
    posted += (groups as readonly { readonly i: readonly unknown[] }[]).reduce((sum, { i }) => sum + i.length, 0)
  }
  const traffic = flood({ post: counted }, 2000)
  await page.waitForTimeout((accountMs - awayMs) / 2)
  wire.cut()
  await page.waitForTimeout(awayMs)
  wire.mend()
  await page.waitForTimeout((accountMs - awayMs) / 2)
  await traffic.stop()
  await page.waitForTimeout(3000)
  const books = await page.evaluate(() => window.__flagtail)
  if (!books) throw new Error('no books')
  const accounted = books.held + books.evicted + books.sampledOut + books.skipped + books.missed
  return [
    {
      number: '15',
      name: `impressions of ${posted} that are nowhere, with a break of 5 s`,
      value: Math.abs(posted - accounted),
      unit: '',
      most: 0,
      gates: true,
    },
  ]
}

/** 7: whether the heap grows between the second minute and the tenth, at 2,000/s. Ten minutes, so only when it is asked for. */
export async function soakFigures({ page, post }: Screen): Promise<readonly Figure[]> {
  const traffic = flood({ post }, 2000)
  await page.waitForTimeout(warmMs)
  const from = await heapMib(page)
  await page.waitForTimeout(soakMs)
  const grown = (await heapMib(page)) - from
  await traffic.stop()
  return [
    { number: '7', name: 'growth of the heap from minute 2 to 10', value: grown, unit: 'MiB', most: 5, gates: true },
  ]
}
