import type { Page } from '@playwright/test'
import { flood } from '../../e2e/flood.fixture.ts'
import type { Wire } from '../../e2e/proxy.fixture.ts'
import type { Traffic } from './traffic.ts'

/** What a scene is played with. The page is at the wire's address, and is open. */
export type Stage = {
  readonly page: Page
  readonly traffic: Traffic
  readonly wire: Wire
  readonly phone: boolean
}

export type Scene = {
  readonly name: string
  /** What the address asks for. */
  readonly query?: string
  /** Bytes that the server's log holds; else as many as usual. */
  readonly logBytes?: number
  /** Who looks, at a server that lets not everybody in; else one that does. */
  readonly who?: 'stranger' | 'support'
  /** Plays it; what it returns stops what still goes on. */
  readonly play: (stage: Stage) => Promise<(() => Promise<void>) | undefined>
}

const long = `a_flag_${'with_a_very_long_name_'.repeat(9)}`.slice(0, 200)

/** Each state that a person meets, played to the moment of its picture. */
export const scenes: readonly Scene[] = [
  { name: 'first-run', play: async () => undefined },
  {
    name: 'sign-in',
    who: 'stranger',
    play: async ({ page }) => {
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      return undefined
    },
  },
  {
    name: 'masked',
    who: 'support',
    play: async ({ page, traffic, phone }) => {
      await traffic.play(60, 20)
      await openOne(page, phone)
      return undefined
    },
  },
  {
    name: 'live',
    play: async ({ traffic }) => {
      await traffic.play(70, 30)
      return goOn(traffic)
    },
  },
  {
    name: 'filtered',
    query: '?q=flag%3Acheckout*%20-treatment%3Acontrol',
    play: async ({ page, traffic }) => {
      await traffic.play(70, 20)
      await page.getByRole('combobox', { name: 'Filter' }).click()
      await page.keyboard.type('tr')
      return undefined
    },
  },
  {
    name: 'facets',
    query: '?q=flag%3Acheckout*%20-treatment%3Acontrol',
    play: async ({ page, traffic, phone }) => {
      await traffic.play(70, 20)
      if (phone) await page.getByRole('button', { name: /^Filters/ }).tap()
      else await page.getByRole('region', { name: 'Treatment' }).getByRole('button', { name: /^on,/ }).hover()
      return undefined
    },
  },
  {
    name: 'paused',
    play: async ({ page, traffic, phone }) => {
      await traffic.play(60, 20)
      if (phone) await page.getByRole('button', { name: 'Pause' }).tap()
      else await page.keyboard.press('Space')
      await traffic.play(25, 20)
      return undefined
    },
  },
  {
    name: 'detail',
    play: async ({ page, traffic, phone }) => {
      await traffic.play(60, 20)
      await openOne(page, phone)
      await traffic.play(10, 20)
      return undefined
    },
  },
  {
    name: 'gap',
    query: '?q=flag%3Acheckout*',
    logBytes: 4000,
    play: async ({ page, traffic, wire }) => {
      await traffic.play(12, 20)
      wire.cut()
      await page.getByTestId('pill').filter({ hasText: 'Reconnecting' }).waitFor()
      await traffic.play(450, 2)
      wire.mend()
      await page.getByText('missed (before filtering)').first().waitFor({ timeout: 20_000 })
      await traffic.play(8, 20)
      return undefined
    },
  },
  {
    name: 'cut-off',
    play: async ({ page, traffic, wire }) => {
      await traffic.play(40, 20)
      wire.cut()
      await page
        .getByTestId('pill')
        .filter({ hasText: /try [2-9]/ })
        .waitFor({ timeout: 20_000 })
      return undefined
    },
  },
  {
    name: 'no-match',
    query: '?q=flag%3Acheckout_redesign%20label%3A%22in%20segment%20staff%22',
    play: async ({ page, traffic }) => {
      await traffic.play(60, 20)
      await page.getByText('No impression matches').waitFor()
      return goOn(traffic)
    },
  },
  {
    name: 'sampled-10000-per-second',
    play: async ({ page, traffic }) => {
      const many = flood({ post: (groups) => traffic.post(groups as readonly unknown[]) }, 10_000)
      await page.getByText(/Showing about 1 in/).waitFor({ timeout: 20_000 })
      await page.waitForTimeout(8000)
      return many.stop
    },
  },
  {
    name: 'long-values',
    play: async ({ traffic }) => {
      await traffic.play(14, 20)
      await traffic.post([
        { f: long, i: [row('user-with-a-very-long-key-'.repeat(8).slice(0, 200), `t_${'long_'.repeat(20)}`, long)] },
        { f: 'دفع_جديد', i: [row('مستخدم-٤٢', 'مفعل', 'قاعدة افتراضية')] },
        { f: '🚀_launch', i: [row('👩‍👩‍👧‍👦', '✅', '日本のユーザー')] },
        { f: 'evil\u202etxt.exe', i: [row('zero\u200bwidth', 'tab\there', 'line\nbreak')] },
      ])
      return undefined
    },
  },
]

/** Opens an impression of a flag. */
async function openOne(page: Page, phone: boolean): Promise<void> {
  const value = page.locator('[data-column=flag]').getByText('checkout_redesign').first()
  if (phone) await value.tap()
  else await value.click()
  await page.getByRole('tab', { name: 'Fields' }).waitFor()
}

function row(k: string, t: string, r: string): unknown {
  return { k, t, r, m: Date.now() - 90, c: 1_795_440_000_123 }
}

/** Goes on posting until it is stopped. */
function goOn(traffic: Traffic): () => Promise<void> {
  let going = true
  const done = (async () => {
    while (going) await traffic.play(1, 40)
  })()
  return () => {
    going = false
    return done
  }
}
