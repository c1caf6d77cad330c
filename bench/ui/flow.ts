import type { Page } from '@playwright/test'
import { flood } from '../../e2e/flood.fixture.ts'
import { type Figure, quantile } from './figures.ts'
import type { Screen } from './screen.ts'

const watchMs = 30_000
const typed = 'flag:checkout treatment:on'

type Seen = {
  readonly frames: readonly number[]
  readonly tasks: readonly number[]
  readonly inputs: readonly number[]
}

/** 3, 4 and 5 at 2,000 rows/s shown: frames, tasks and answers to keys and clicks. The screen is one without a cap. */
export async function smoothFigures({ page, post }: Screen): Promise<readonly Figure[]> {
  const traffic = flood({ post }, 2000)
  await page.waitForTimeout(3000)
  const { frames, tasks } = await watch(page, async () => {})
  const { inputs } = await watch(page, () => useIt(page))
  await traffic.stop()
  const frame = { number: '3', unit: 'ms', gates: false } as const
  return [
    { ...frame, name: 'frame at 2,000 rows/s shown, p95', value: quantile(frames, 0.95), most: 17 },
    { ...frame, name: 'frame, p99', value: quantile(frames, 0.99), most: 34 },
    { number: '4', name: 'tasks over 50 ms in 30 s at 2,000/s', value: tasks.length, unit: '', most: 0, gates: false },
    { ...answer, name: 'key or click to the next paint at 2,000/s, p98', value: quantile(inputs, 0.98), most: 100 },
  ]
}

/** 4 and 5 at 10,000/s with the usual cap. */
export async function floodedFigures({ page, post }: Screen): Promise<readonly Figure[]> {
  const traffic = flood({ post }, 10_000)
  await page.waitForTimeout(3000)
  const { tasks } = await watch(page, async () => {})
  const { inputs } = await watch(page, () => useIt(page))
  await traffic.stop()
  const task = { number: '4', unit: '', gates: false } as const
  return [
    { ...task, name: 'tasks over 50 ms in 30 s at 10,000/s', value: tasks.length, most: 3 },
    { ...task, name: 'the longest of them', value: Math.max(0, ...tasks), unit: 'ms', most: 200 },
    { ...answer, name: 'key or click to the next paint at 10,000/s, p98', value: quantile(inputs, 0.98), most: 200 },
  ]
}

const answer = { number: '5', unit: 'ms', gates: false } as const

/** What the page went through meanwhile, 30 s at least. */
async function watch(page: Page, meanwhile: () => Promise<void>): Promise<Seen> {
  await page.evaluate(() => {
    const seen = { frames: [] as number[], tasks: [] as number[], inputs: [] as number[] }
    const tasks = new PerformanceObserver((list) => {
      seen.tasks.push(...list.getEntries().map(({ duration }) => duration))
    })
    tasks.observe({ type: 'longtask' })
    const inputs = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if ((entry as PerformanceEventTiming).interactionId) seen.inputs.push(entry.duration)
      }
    })
    inputs.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
    let lastMs = performance.now()
    let going = true
    const frame = (nowMs: number) => {
      seen.frames.push(nowMs - lastMs)
      lastMs = nowMs
      if (going) requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
    const end = () => {
      going = false
      tasks.disconnect()
      inputs.disconnect()
      return seen
    }
    Object.assign(window, { __watch: end })
  })
  const until = Date.now() + watchMs
  await meanwhile()
  await page.waitForTimeout(Math.max(0, until - Date.now()))
  return page.evaluate(() => (window as unknown as { __watch: () => Seen }).__watch())
}

/** As somebody would: types a filter and takes it back, pauses, opens rows. */
async function useIt(page: Page): Promise<void> {
  for (let round = 0; round < 5; round++) {
    await page.keyboard.press('/')
    await page.keyboard.type(typed, { delay: 40 })
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Space')
    await page.waitForTimeout(200)
    await page.keyboard.press('Space')
    await page.locator('[data-id] [data-column=time]').first().click()
    await page.waitForTimeout(200)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Home')
    await page.mouse.move(700, 20)
  }
}
