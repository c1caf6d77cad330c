import { expect } from '@playwright/test'
import { startDefinitionsHost } from './definitions-host.fixture.ts'
import { test } from './flagtail.fixture.ts'
import { rowOf } from './page.fixture.ts'
import { startSite } from './site.fixture.ts'

test('E2 impressions of the real browser SDK on another origin appear, those of its beacon on page hide too', async ({
  page,
  context,
  flagtail,
}) => {
  const definitions = await startDefinitionsHost([
    { name: 'checkout_redesign', treatment: 'v1' },
    { name: 'search', treatment: 'on' },
  ])
  const site = await startSite(
    `import { SplitFactory } from '@splitsoftware/splitio-browserjs'; window.SplitFactory = SplitFactory`,
  )
  await page.goto(flagtail.url)
  const shop = await context.newPage()
  await shop.goto(site.url)
  await shop.evaluate(
    async ({ definitionsUrl, eventsUrl }) => {
      const { SplitFactory } = window as unknown as { SplitFactory: (config: object) => { client(): Client } }
      type Client = { ready(): Promise<void>; getTreatment(flag: string): string }
      const factory = SplitFactory({
        core: { authorizationKey: 'a-client-side-sdk-key', key: 'visitor-42' },
        urls: { sdk: definitionsUrl, auth: definitionsUrl, events: eventsUrl, telemetry: eventsUrl },
        scheduler: { impressionsRefreshRate: 1 },
        sync: { impressionsMode: 'DEBUG' },
        streamingEnabled: false,
      })
      const client = factory.client()
      await client.ready()
      client.getTreatment('checkout_redesign')
      Object.assign(window, { splitClient: client })
    },
    { definitionsUrl: `${definitions.url}/api`, eventsUrl: `${flagtail.url}/api` },
  )
  await expect(rowOf(page, 'visitor-42')).toContainText(/checkout_redesign.*visitor-42.*v1.*default rule.*browserjs/)
  await shop.evaluate(() => {
    const { splitClient } = window as unknown as { splitClient: { getTreatment(flag: string): string } }
    splitClient.getTreatment('search')
    location.href = 'about:blank'
  })
  await expect(rowOf(page, 'visitor-42')).toHaveCount(2)
  await expect(rowOf(page, 'visitor-42').first()).toContainText('search')
  const { impressions } = await (await fetch(`${flagtail.url}/api/impressions?q=flag:search`)).json()
  expect(impressions).toMatchObject([
    {
      key: 'visitor-42',
      treatment: 'on',
      source: 'beacon',
      sdk: 'browserjs',
      impressionsMode: 'DEBUG',
      verified: false,
    },
  ])
  await site.stop()
  await definitions.stop()
})
