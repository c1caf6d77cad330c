import { chromium } from '@playwright/test'
import { startServer } from '../bench/server.ts'
import { root } from './stamp.js'
import { findChromium } from './tools.ts'

/** Takes the README's picture of a tail in use: `node --import tsx scripts/screenshot.ts` after a build. */
const server = await startServer()
const flags = ['checkout_redesign', 'search_ranking', 'legacy_banner', 'new_navigation', 'pricing_page']
const treatments = ['on', 'off', 'v1', 'v2', 'on']
const labels = ['default rule', 'in segment employees', 'whitelisted', 'country in list ["DE", "FR"]']
const sdks = ['nodejs-11.11.2', 'java-4.18.1', 'browserjs-1.7.1', 'python-10.2.0']

async function post(index: number): Promise<void> {
  const rows = (flag: number) =>
    Array.from({ length: 1 + ((index + flag) % 2) }, (_, row) => {
      const unready = (index * 7 + flag) % 23 === 0
      return {
        k: `user-${1000 + ((index * 37 + flag * 11 + row * 101) % 900)}`,
        t: unready ? 'control' : treatments[(index + flag * 3) % treatments.length],
        m: Date.now() - 140 - row * 20,
        ...(unready ? {} : { c: 1_795_440_000_123 }),
        r: unready ? 'not ready' : labels[(index * 3 + flag) % labels.length],
        ...(flag === 0 && { properties: JSON.stringify({ page: '/cart', plan: 'gold' }) }),
      }
    })
  await fetch(`${server.url}/api/testImpressions/bulk`, {
    method: 'POST',
    headers: {
      Authorization: 'Bearer some-sdk-key',
      SplitSDKVersion: sdks[index % sdks.length] ?? '',
      SplitSDKMachineName: `web-${index % 4}`,
      SplitSDKImpressionsMode: 'DEBUG',
    },
    body: JSON.stringify([index % 5, (index + 2) % 5].map((flag) => ({ f: flags[flag], i: rows(flag) }))),
  })
}

const browser = await chromium.launch({ executablePath: findChromium(), args: ['--disable-background-networking'] })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
await page.goto(`${server.url}/?q=${encodeURIComponent('-flag:legacy_banner')}`)
for (let index = 0; index < 60; index++) {
  await post(index)
  await page.waitForTimeout(40)
}
await page.locator('[data-column=flag]').getByText('checkout_redesign').first().click()
for (let index = 60; index < 70; index++) await post(index)
await page.waitForTimeout(500)
await page.screenshot({ path: `${root}docs/live-tail.png` })
await browser.close()
await server.stop()
