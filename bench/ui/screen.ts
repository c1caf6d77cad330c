import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import type { Limits } from '../../domain/limits.ts'
import { impressions } from '../../e2e/flagtail.fixture.ts'
import { openWire, type Wire } from '../../e2e/proxy.fixture.ts'
import { findChromium } from '../../scripts/tools.ts'
import { type MeasuredServer, startServer } from '../server.ts'

const ringRows = 50_000
const postRows = 1000
const loadRows = 5000
const sdkKey = 'a-server-side-key-of-the-bench'
/** A config file brings rates per key, which are no part of what is measured. */
const noRates: Partial<Limits> = { serverKeyPostsPerSecond: 1e9, serverKeyImpressionsPerSecond: 1e9 }

/** A server, a page on it under `?debug`, and a wire between them. */
export type Screen = {
  readonly browser: Browser
  /** Of the server, past the wire. */
  readonly url: string
  readonly page: Page
  readonly post: (groups: unknown) => Promise<void>
  readonly close: () => Promise<void>
  readonly wire: Wire
}

export async function openScreen(limits: Partial<Limits> = {}): Promise<Screen> {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-bench-ui-'))
  const config = join(folder, 'config.json')
  const environments = [{ id: 'prod', name: 'Production', sdkKeys: [{ kind: 'server', key: sdkKey }] }]
  writeFileSync(config, JSON.stringify({ environments, limits: { ...noRates, ...limits } }))
  const server = await startServer({ FLAGTAIL_CONFIG: config })
  const wire = await openWire(server.url)
  const browser: Browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--disable-background-networking'],
  })
  const page = await newPage(browser)
  const post = (groups: unknown) => postTo(server, groups)
  await post([impressions('first', Array(40).fill({}))])
  await page.goto(`${wire.url}/?debug`)
  await page.waitForFunction(() => document.querySelectorAll('[data-id]').length > 20)
  const close = async () => {
    await browser.close()
    await wire.stop()
    await server.stop()
    rmSync(folder, { recursive: true })
  }
  return { browser, url: server.url, page, post, wire, close }
}

/** A page of the usual size. */
export async function newPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.addInitScript({ content: 'globalThis.__name = (named) => named' }) // tsx has it around inner functions
  return page
}

async function postTo(server: MeasuredServer, groups: unknown): Promise<void> {
  const response = await fetch(`${server.url}/api/testImpressions/bulk`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${sdkKey}`, SplitSDKVersion: 'nodejs-11.11.2' },
    body: JSON.stringify(groups),
  })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
}

/** Fills the page's ring to its last place: cut off, it comes back to the newest rows and loads the others. */
export async function fillRing({ page, post, wire }: Screen): Promise<void> {
  wire.cut()
  await page.getByTestId('pill').filter({ hasText: 'Reconnecting' }).waitFor()
  const labels = ['default rule', 'in segment employees', 'whitelisted', 'killed']
  for (let first = 0; first < ringRows; first += postRows) {
    const rows = Array.from({ length: postRows }, (_, row) => ({
      k: `user-${first + row}`,
      t: row % 3 === 0 ? 'on' : 'off',
      r: labels[row % labels.length],
      c: 1_718_900_000_123,
    }))
    await post([impressions(`flag_${(first / postRows) % 40}`, rows)])
  }
  wire.mend()
  await page.waitForFunction((least) => (window.__flagtail?.held ?? 0) >= least, loadRows, { timeout: 60_000 })
  await page.keyboard.press('n')
  for (let held = 2 * loadRows; held <= ringRows; held += loadRows) {
    await page.keyboard.press('Enter')
    await page.waitForFunction((least) => (window.__flagtail?.held ?? 0) >= least, held, { timeout: 60_000 })
  }
  await page.keyboard.press('Home')
}
