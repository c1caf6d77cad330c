import type { CDPSession, Page } from '@playwright/test'
import { flood } from '../../e2e/flood.fixture.ts'
import { changesIn } from '../../e2e/page.fixture.ts'
import { type Figure, quantile } from './figures.ts'
import { fillRing, type Screen } from './screen.ts'

const paintsWanted = 60
const tries = 100
const frozenRows = 50_000
const mib = 1024 * 1024

/** 1 and 2: what a paint costs, and taking rows in. */
export async function paintFigures({ page, post }: Screen): Promise<readonly Figure[]> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const traffic = flood({ post }, 10_000)
  const usual = await paintsOf(page, devtools)
  const takes = await page.evaluate(() => window.__flagtail?.takes ?? [])
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  const slowed = await paintsOf(page, devtools)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  await traffic.stop()
  const paint = { number: '1', unit: 'ms' } as const
  return [
    { ...paint, name: 'processor time of script per paint, rows included', value: usual.cpuMs, most: 8, gates: true },
    { ...paint, name: 'script per paint at 10,000/s, median', value: quantile(usual.ms, 0.5), most: 2, gates: false },
    { ...paint, name: 'script per paint, p95', value: quantile(usual.ms, 0.95), most: 6, gates: false },
    { ...paint, name: 'script per paint, 4× slower, median', value: quantile(slowed.ms, 0.5), most: 10, gates: false },
    {
      number: '2',
      name: 'decode and hold 1,000 rows, median',
      value: takeMs(takes),
      unit: 'ms',
      most: 2,
      gates: false,
    },
  ]
}

/**
 * The cost of so many paints from now: by the clock, which goes on while others have the processor, and in processor time of
 * all script on the page, of which the paints are the greater part.
 */
async function paintsOf(
  page: Page,
  devtools: CDPSession,
): Promise<{ readonly ms: readonly number[]; readonly cpuMs: number }> {
  const paints = () => page.evaluate(() => window.__flagtail?.paints ?? 0)
  const from = { paints: await paints(), seconds: await scriptSeconds(devtools) }
  await page.waitForFunction((until) => (window.__flagtail?.paints ?? 0) > until, from.paints + paintsWanted)
  const to = { paints: await paints(), seconds: await scriptSeconds(devtools) }
  const ms = await page.evaluate((newest) => window.__flagtail?.paintMs.slice(-newest) ?? [], paintsWanted)
  return { ms, cpuMs: ((to.seconds - from.seconds) * 1000) / (to.paints - from.paints) }
}

async function scriptSeconds(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN
}

/** Frames are small and the browser's clock is coarse, so what counts is each thousand rows together. */
function takeMs(takes: readonly { readonly rows: number; readonly ms: number }[]): number {
  const thousands: number[] = []
  let [rows, ms] = [0, 0]
  for (const take of takes) {
    rows += take.rows
    ms += take.ms
    if (rows < 1000) continue
    thousands.push((ms / rows) * 1000)
    ;[rows, ms] = [0, 0]
  }
  return quantile(thousands, 0.5)
}

/** 13 and 14: what stands still, stands. */
export async function stillFigures({ page, post }: Screen): Promise<readonly Figure[]> {
  const slow = flood({ post }, 2000)
  let moved = 0
  for (let one = 0; one < tries; one++) {
    const [x, y] = [80 + ((one * 197) % 1200), 170 + ((one * 83) % 600)]
    await page.mouse.move(x, y)
    if (!(await stands(page, x, y))) moved++
    await page.keyboard.press('Home')
    await page.mouse.move(x, 20)
  }
  await slow.stop()
  const fast = flood({ post }, 10_000)
  await page.keyboard.press('Space')
  const changes = await changesIn(page, 5000)
  await page.keyboard.press('Space')
  await fast.stop()
  return [
    { number: '13', name: 'changes in 5 s of pause at 10,000/s', value: changes, unit: '', most: 0, gates: true },
    { number: '14', name: `targets that moved, of ${tries}`, value: moved, unit: '', most: 0, gates: true },
  ]
}

function stands(page: Page, x: number, y: number): Promise<boolean> {
  return page.evaluate(
    async ([x, y]) => {
      const row = document.elementFromPoint(x, y)?.closest('[data-id]')
      const id = row?.getAttribute('data-id')
      await new Promise((resolve) => setTimeout(resolve, 500))
      const same = document.elementFromPoint(x, y)?.closest('[data-id]') === row
      return row !== undefined && same && row?.getAttribute('data-id') === id
    },
    [x, y] as const,
  )
}

/** 6, 8 and 12: what a full ring costs. */
export async function ringFigures(screen: Screen): Promise<readonly Figure[]> {
  const { page, post } = screen
  await fillRing(screen)
  const live = await heapMib(page)
  const elements = await mostElements(page)
  await page.keyboard.press('Home')
  const keyMs = await keystrokeMs(page)
  const matched = () => page.evaluate(() => window.__flagtail?.matched ?? 0)
  await page.keyboard.press('Space')
  const traffic = flood({ post }, 2000)
  const until = (await matched()) + frozenRows
  await page.waitForFunction((least) => (window.__flagtail?.matched ?? 0) >= least, until, { timeout: 120_000 })
  await traffic.stop()
  const frozen = await heapMib(page)
  return [
    { number: '6', name: 'heap with 50,000 rows, live', value: live, unit: 'MiB', most: 60, gates: true },
    {
      number: '6',
      name: 'heap with 50,000 rows, paused, and more behind',
      value: frozen,
      unit: 'MiB',
      most: 90,
      gates: true,
    },
    { number: '8', name: 'elements at any place of 50,000 rows', value: elements, unit: '', most: 1500, gates: true },
    {
      number: '12',
      name: 'keystroke to filtered rows, 50,000 rows, median',
      value: keyMs,
      unit: 'ms',
      most: 50,
      gates: false,
    },
  ]
}

/** What is left after a collection. */
export async function heapMib(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  await devtools.detach()
  return usedSize / mib
}

function mostElements(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const grid = document.querySelector('[role=grid]')
    if (!grid) throw new Error('no grid')
    let most = 0
    for (let part = 0; part <= 100; part++) {
      grid.scrollTop = (grid.scrollHeight * part) / 100
      await new Promise(requestAnimationFrame)
      await new Promise(requestAnimationFrame)
      most = Math.max(most, document.querySelectorAll('*').length)
    }
    return most
  })
}

/** From the press of a key to the frame that shows the rows that are left. */
async function keystrokeMs(page: Page): Promise<number> {
  await page.evaluate(() => {
    const took: number[] = []
    Object.assign(window, { __keys: took })
    document.addEventListener(
      'keydown',
      ({ timeStamp }) => {
        requestAnimationFrame(() => {
          const channel = new MessageChannel() // its message comes right after the frame is painted
          channel.port1.onmessage = () => took.push(performance.now() - timeStamp)
          channel.port2.postMessage(undefined)
        })
      },
      true,
    )
  })
  await page.keyboard.press('/')
  for (const key of 'flag:flag_7') {
    await page.keyboard.press(key)
    await page.evaluate(() => new Promise(requestAnimationFrame))
  }
  const took = await page.evaluate(() => (window as unknown as { __keys: number[] }).__keys)
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Escape')
  return quantile(took.slice(1), 0.5)
}
