import { chromium } from '@playwright/test'
import { findChromium } from '../scripts/tools.ts'
import { startServer } from './server.ts'
import { percentile, postBody } from './workload.ts'

/** Time from the start of a POST to its row painted in a page of a real Chromium, by one clock, at some rates. */
const seconds = Number(process.argv[2] ?? 15)

const server = await startServer()
console.log(`start to first 200: ${Math.round(server.startMs)} ms`)
await new Promise((resolve) => setTimeout(resolve, 2000))
console.log(`idle memory: ${Math.round(server.residentMb())} MB resident`)
const browser = await chromium.launch({ executablePath: findChromium(), args: ['--disable-background-networking'] })

for (const [perSecond, perPost] of [
  [100, 10],
  [1000, 50],
] as const) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(server.url)
  await page.getByTestId('pill').waitFor()
  await page.evaluate(() => {
    const seen = new Set<string>()
    const lags: number[] = []
    Object.assign(window, { lags })
    new MutationObserver(() => {
      const found = [...document.querySelectorAll('[data-column=key]')].flatMap(
        (cell) => /sent-[\d.]+/.exec(cell.textContent ?? '')?.[0] ?? [],
      )
      const fresh = found.filter((key) => !seen.has(key))
      for (const key of fresh) seen.add(key)
      requestAnimationFrame(() => {
        const paintedMs = performance.timeOrigin + performance.now()
        for (const key of fresh) lags.push(paintedMs - Number(key.slice(5)))
      })
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  const everyMs = (1000 * perPost) / perSecond
  const began = performance.now()
  for (let post = 0; performance.now() - began < seconds * 1000; post++) {
    const sent = `sent-${(performance.timeOrigin + performance.now()).toFixed(2)}`
    // the post's last row is the newest, so it is on the screen when the post is
    const body = JSON.parse(postBody(perPost - 1, () => 'user'))
    body.push({ f: 'marked', i: [{ k: sent, t: 'on', m: Date.now() }] })
    const headers = { Authorization: 'Bearer some-sdk-key' }
    void fetch(`${server.url}/api/testImpressions/bulk`, { method: 'POST', headers, body: JSON.stringify(body) })
    const waitMs = began + (post + 1) * everyMs - performance.now()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const lags = await page.evaluate(() => (window as unknown as { lags: number[] }).lags)
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => Math.round(percentile(lags, share)))
  console.log(
    `${perSecond} impressions/s: POST → row painted p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms (${lags.length} posts seen)`,
  )
  await page.close()
}
await browser.close()
await server.stop()
