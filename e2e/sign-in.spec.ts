import { expect, type Page } from '@playwright/test'
import { freePort } from '../server/bus/redis/redis-server.fixture.ts'
import { violations } from './access.fixture.ts'
import { behindProxy, configFile } from './behind-proxy.fixture.ts'
import { impressions, startFlagtail, test } from './flagtail.fixture.ts'
import { rowOf, rows } from './page.fixture.ts'
import { client, startProvider } from './provider.fixture.ts'

const token = 'the-token-of-the-journeys-0123456789'
const key = 'a-server-key-of-the-journeys'

function linkOf(greeting: string): string {
  return /http:\/\/\S+/.exec(greeting)?.[0] ?? ''
}

test('AC15 the link that a start prints signs one in, and leaves nothing of the token behind', async ({ page }) => {
  const flagtail = await startFlagtail({ FLAGTAIL_AUTH: '' })
  const link = linkOf(flagtail.greeting)
  const [, shown = ''] = link.split('#token=')
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(link)
  await expect(page.getByText('Waiting for the first impression')).toBeVisible()
  await flagtail.post([impressions('checkout', [{ k: 'ada' }])])
  await expect(rowOf(page, 'ada')).toBeVisible()
  expect(page.url()).toBe(`${flagtail.url}/`)
  expect(asked.join()).not.toContain(shown)
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]),
  )
  expect(kept).not.toContain(shown)
  await page.reload()
  await expect(rowOf(page, 'ada')).toBeVisible()
  await flagtail.stop()
})

test('AC15 without it one is told what to do, and may paste it; a link to a view leads to that view', async ({
  page,
}) => {
  const flagtail = await startFlagtail({ FLAGTAIL_AUTH: '', FLAGTAIL_TOKEN: token })
  await flagtail.post([impressions('checkout', [{ k: 'ada' }, { k: 'bob' }])])
  await page.goto(`${flagtail.url}/?q=key:ada`)
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  expect(await violations(page)).toEqual([])
  const field = page.getByLabel('Or paste the link or its token')
  await field.fill('something else')
  await field.press('Enter')
  await expect(problem(page)).toHaveText('That is not the token of this server.')
  await field.fill(`${flagtail.url}/#token=${token}`)
  await field.press('Enter')
  await expect(rowOf(page, 'ada')).toBeVisible()
  await expect(rowOf(page, 'bob')).toBeHidden()
  await flagtail.stop()
})

test('AC16 who signs out in one tab is out in all; after signing in again the rows are still there', async ({
  page,
  context,
}) => {
  const flagtail = await startFlagtail({ FLAGTAIL_AUTH: '', FLAGTAIL_TOKEN: token })
  await page.goto(`${flagtail.url}/#token=${token}`)
  await flagtail.post([impressions('checkout', [{ k: 'ada' }])])
  await expect(rowOf(page, 'ada')).toBeVisible()
  const other = await context.newPage()
  await other.goto(flagtail.url)
  await expect(rowOf(other, 'ada')).toBeVisible()
  await signOut(other)
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Your session has ended' })).toBeVisible()
  await expect(rowOf(page, 'ada')).toBeHidden()
  await flagtail.post([impressions('checkout', [{ k: 'bob' }])])
  await page.getByLabel('Or paste the link or its token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(rowOf(page, 'bob')).toBeVisible()
  await expect(rows(page).first()).toBeVisible()
  await expect(rowOf(page, 'ada')).toBeVisible()
  await flagtail.stop()
})

test('AC17 people sign in at an OpenID Connect provider, and see what their groups may see', async ({ browser }) => {
  const flagtail = await startBehindProvider()
  await flagtail.post([impressions('checkout', [{ k: 'ada-lovelace' }])], { key })
  const ann = await signInAs(browser, flagtail.url, 'ann', '/?q=flag:checkout')
  await expect(rowOf(ann, 'ada-lovelace')).toBeVisible()
  expect(new URL(ann.url()).searchParams.get('q')).toBe('flag:checkout')
  await ann.getByRole('button', { name: 'Settings' }).click()
  await expect(ann.getByText('Signed in as Ann')).toBeVisible()
  const sam = await signInAs(browser, flagtail.url, 'sam')
  await expect(
    rows(sam)
      .locator('[data-column=key]')
      .getByText(/^user·[0-9a-f]/),
  ).toBeVisible()
  expect(await sam.content()).not.toContain('ada-lovelace')
  const guest = await signInAs(browser, flagtail.url, 'guest')
  await expect(guest.getByRole('heading', { name: 'Nothing to see here yet' })).toBeVisible()
  expect(await violations(guest)).toEqual([])
  await guest.getByRole('button', { name: 'Sign out' }).click()
  await expect(guest.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await flagtail.stop()
})

test('AC18 an answer that this browser did not ask for, or a second time, signs nobody in', async ({ page }) => {
  const flagtail = await startBehindProvider()
  const seen: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/api/sign-in/callback')) seen.push(request.url())
  })
  await page.goto(flagtail.url)
  await nameYourself(page, 'ann')
  await expect(page.getByText('Waiting for the first impression')).toBeVisible()
  await page.context().clearCookies()
  await page.goto(seen[0] ?? '')
  await expect(problem(page)).toContainText('That sign-in did not work')
  await page.goto(`${flagtail.url}/api/sign-in/callback?code=made-up&state=made-up`)
  await expect(problem(page)).toContainText('That sign-in did not work')
  for (const to of ['https://evil.example', '//evil.example', '/\\evil.example', '/api/session']) {
    await page.context().clearCookies()
    await page.goto(`${flagtail.url}/api/sign-in?to=${encodeURIComponent(to)}`)
    await signInHere(page, 'ann')
    await expect(page).toHaveURL(`${flagtail.url}/`)
  }
  await flagtail.stop()
})

/** What the sign-in page says went wrong. */
function problem(page: Page) {
  return page.locator('main').getByRole('alert')
}

async function startBehindProvider() {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const provider = await startProvider(url)
  const { roles } = behindProxy.auth
  const oidc = { name: 'Example', issuer: provider.issuer, clientId: client.id, clientSecret: client.secret, url }
  const environments = [{ id: 'prod', name: 'Production', sdkKeys: [{ kind: 'server', key }] }]
  const config = configFile({ environments, auth: { oidc, roles } })
  const flagtail = await startFlagtail({ FLAGTAIL_AUTH: '', FLAGTAIL_CONFIG: config.file, PORT: String(port) })
  const stop = async () => {
    await flagtail.stop()
    await provider.stop()
    config.remove()
  }
  return { ...flagtail, url, stop }
}

async function signInAs(
  browser: import('@playwright/test').Browser,
  url: string,
  name: string,
  path = '/',
): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(`${url}${path}`)
  await nameYourself(page, name)
  return page
}

async function nameYourself(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Sign in with Example' }).click()
  await signInHere(page, name)
}

/** On the pages of the provider. */
async function signInHere(page: Page, name: string): Promise<void> {
  const login = page.locator('input[name=login]')
  const consent = page.getByRole('button', { name: 'Continue' })
  await login.or(consent).first().waitFor()
  if (await login.isVisible()) {
    await login.fill(name)
    await page.locator('input[name=password]').fill('any')
    await page.getByRole('button', { name: 'Sign-in' }).click()
  }
  await consent.click()
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
}
