import type { Browser } from '@playwright/test'
import { chromium } from '@playwright/test'
import { impressions } from '../../e2e/flagtail.fixture.ts'
import { findChromium } from '../../scripts/tools.ts'
import { median } from '../results.ts'
import { startServer } from '../server.ts'
import type { Figure } from './figures.ts'
import { newPage, type Screen } from './screen.ts'

const tries = 5
const settleMs = 3000

type Opening = { readonly rowMs: number; readonly largestMs: number; readonly shift: number }

/** 10: from the address to the first row, and what moved meanwhile. */
export async function openFigures({ browser, url }: Screen): Promise<readonly Figure[]> {
  const openings: Opening[] = []
  for (let one = 0; one < tries; one++) openings.push(await opening(browser, url))
  const all = { number: '10', gates: false } as const
  const middle = (of: (opening: Opening) => number) => median(openings.map(of))
  return [
    {
      ...all,
      name: 'page opened to first row, median of 5',
      value: middle(({ rowMs }) => rowMs),
      unit: 'ms',
      most: 1000,
    },
    { ...all, name: 'largest contentful paint', value: middle(({ largestMs }) => largestMs), unit: 'ms', most: 1200 },
    {
      ...all,
      name: 'cumulative layout shift, worst of 5',
      value: Math.max(...openings.map(({ shift }) => shift)),
      unit: '',
      most: 0.02,
      gates: true,
    },
  ]
}

async function opening(browser: Browser, url: string): Promise<Opening> {
  const page = await newPage(browser)
  await page.addInitScript(() => {
    const seen = { rowMs: 0, largestMs: 0, shift: 0 }
    Object.assign(window, { __opening: seen })
    new PerformanceObserver((list) => {
      seen.largestMs = list.getEntries().at(-1)?.startTime ?? seen.largestMs
    }).observe({ type: 'largest-contentful-paint', buffered: true })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
        if (!entry.hadRecentInput) seen.shift += entry.value
      }
    }).observe({ type: 'layout-shift', buffered: true })
    const look = () => {
      if (document.querySelector('[data-id]')) seen.rowMs = performance.now()
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  await page.goto(url)
  await page.waitForTimeout(settleMs)
  const seen = await page.evaluate(() => (window as unknown as { __opening: Opening }).__opening)
  await page.close()
  return seen
}

/** 11: from the answer to the first POST of all to the first run's naming it. */
export async function flipFigures(): Promise<readonly Figure[]> {
  const took: number[] = []
  for (let one = 0; one < tries; one++) took.push(await flipMs())
  return [
    {
      number: '11',
      name: 'first impression to its name on the page, median of 5',
      value: median(took),
      unit: 'ms',
      most: 300,
      gates: false,
    },
  ]
}

async function flipMs(): Promise<number> {
  const server = await startServer()
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--disable-background-networking'] })
  const page = await newPage(browser)
  await page.goto(server.url)
  await page.getByText('Waiting for the first impression').waitFor()
  await page.waitForTimeout(settleMs)
  const named = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => {
          if (document.body.innerText.includes('First impression received')) resolve(Date.now())
          else requestAnimationFrame(look)
        }
        look()
      }),
  )
  await fetch(`${server.url}/api/testImpressions/bulk`, {
    method: 'POST',
    headers: { Authorization: 'Bearer some-sdk-key' },
    body: JSON.stringify([impressions('first', [{}])]),
  })
  const answeredMs = Date.now()
  const tookMs = (await named) - answeredMs
  await browser.close()
  await server.stop()
  return Math.max(0, tookMs)
}

/** 16: from the mend of a wire to a live page. */
export async function returnFigures({ page, wire }: Screen): Promise<readonly Figure[]> {
  const took: number[] = []
  const pill = page.getByTestId('pill')
  for (let one = 0; one < tries; one++) {
    wire.cut()
    await pill.filter({ hasText: 'Reconnecting' }).waitFor()
    await page.waitForTimeout(5000)
    wire.mend()
    const mendedMs = performance.now()
    await pill.filter({ hasText: 'Live' }).waitFor({ timeout: 20_000 })
    took.push(performance.now() - mendedMs)
  }
  return [
    {
      number: '16',
      name: 'live again once the server is back, median of 5',
      value: median(took),
      unit: 'ms',
      most: 2000,
      gates: true,
    },
  ]
}
