import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from '@playwright/test'
import { startServer } from '../../bench/server.ts'
import { behindProxy, configFile, namedByProxy } from '../../e2e/behind-proxy.fixture.ts'
import { openWire } from '../../e2e/proxy.fixture.ts'
import { root } from '../stamp.js'
import { findChromium } from '../tools.ts'
import { type Scene, scenes } from './scenes.ts'
import { Traffic } from './traffic.ts'

/**
 * Takes the pictures of `docs/screens`, wide and on a phone, light and dark, and the README's:
 * `node --import tsx scripts/screens/main.ts [scene…]` after a build. Some minutes.
 */
const key = 'a-server-key-of-20-characters'
const token = 'the-token-of-the-screens-0123456789'
const folder = join(root, 'docs', 'screens')
const sizes = {
  1440: { viewport: { width: 1440, height: 900 } },
  390: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
} as const satisfies Record<number, BrowserContextOptions>
/** Until what was last posted is painted, and the code that comes later is there. */
const settleMs = 1200

mkdirSync(folder, { recursive: true })
const asked = process.argv.slice(2)
const browser = await chromium.launch({ executablePath: findChromium(), args: ['--disable-background-networking'] })
for (const scene of scenes.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  for (const width of [1440, 390] as const) await take(browser, scene, width)
}
await browser.close()

async function take(browser: Browser, scene: Scene, width: keyof typeof sizes): Promise<void> {
  const config = configFile(configOf(scene))
  const doors = scene.who && { FLAGTAIL_AUTH: '', FLAGTAIL_TOKEN: token }
  const server = await startServer({ FLAGTAIL_CONFIG: config.file, ...doors })
  const wire = await openWire(server.url)
  const context = await browser.newContext({
    ...sizes[width],
    colorScheme: 'light',
    extraHTTPHeaders: headersOf(scene),
  })
  const page = await context.newPage()
  await page.goto(`${wire.url}/${scene.query ?? ''}`)
  if (scene.who !== 'stranger') await page.getByTestId('pill').filter({ hasText: 'Live' }).waitFor()
  const stop = await scene.play({ page, wire, traffic: new Traffic(server.url, key), phone: width === 390 })
  await page.waitForTimeout(settleMs)
  await shoot(page, `${scene.name}-${width}`)
  await stop?.()
  await context.close()
  await wire.stop()
  await server.stop()
  config.remove()
}

function headersOf({ who }: Scene): Record<string, string> {
  return who === 'support' ? namedByProxy('sam', 'support') : {}
}

function configOf({ logBytes, who }: Scene): unknown {
  return {
    environments: [
      { id: 'prod', name: 'Production', sdkKeys: [{ kind: 'server', key }] },
      { id: 'staging', name: 'Staging', sdkKeys: [{ kind: 'server', key: `${key}-staging` }] },
    ],
    ...(logBytes !== undefined && { limits: { logBytes, ringBytes: 1 } }),
    ...(who === 'support' && behindProxy),
  }
}

/** In both themes. WebP, which Playwright does not write itself: a tenth of the bytes. */
async function shoot(page: Page, name: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.waitForTimeout(300)
    if (name === 'live-1440' && colorScheme === 'light')
      await page.screenshot({ path: join(root, 'docs', 'live-tail.png') })
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 88 })
    writeFileSync(join(folder, `${name}-${colorScheme}.webp`), Buffer.from(data, 'base64'))
  }
}
