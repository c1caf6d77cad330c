import { hostname } from 'node:os'
import { expect } from '@playwright/test'
import { SplitFactory } from '@splitsoftware/splitio'
import { changeNumber, startDefinitionsHost } from './definitions-host.fixture.ts'
import { test } from './flagtail.fixture.ts'
import { detailValue, openRow, rowOf } from './page.fixture.ts'

const flags = [
  { name: 'checkout_redesign', treatment: 'v1', whitelist: { alice: 'v2' } },
  { name: 'legacy_banner', treatment: 'off', killed: true },
]

test('E1 impressions of the real Node SDK, unmodified, appear in the page with every field right', async ({
  page,
  flagtail,
}) => {
  const definitions = await startDefinitionsHost(flags)
  await page.goto(flagtail.url)
  await expect(page.getByText('Waiting for the first impression')).toBeVisible()
  const factory = SplitFactory({
    core: { authorizationKey: 'a-server-side-sdk-key' },
    urls: {
      sdk: `${definitions.url}/api`,
      auth: `${definitions.url}/api`,
      events: `${flagtail.url}/api`,
      telemetry: `${flagtail.url}/api`,
    },
    scheduler: { impressionsRefreshRate: 1 },
    sync: { impressionsMode: 'DEBUG' },
    streamingEnabled: false,
  })
  const client = factory.client()
  await client.ready()
  const before = Date.now()
  expect(client.getTreatment('alice', 'checkout_redesign')).toBe('v2')
  client.getTreatment({ matchingKey: 'bob', bucketingKey: 'account-77' }, 'checkout_redesign')
  client.getTreatment('dave', 'checkout_redesign', undefined, { properties: { page: '/cart', attempt: 2, beta: true } })
  client.getTreatment('erin', 'legacy_banner')
  client.getTreatment('alice', 'checkout_redesign')

  await expect(rowOf(page, 'erin')).toContainText(/legacy_banner.*erin.*off.*killed.*nodejs/)
  await expect(rowOf(page, 'alice')).toHaveCount(2)
  await openRow(page, 'bob')
  expect(await detailValue(page, 'Flag')).toBe('checkout_redesign')
  expect(await detailValue(page, 'Key')).toBe('bob')
  expect(await detailValue(page, 'Bucketing key')).toBe('account-77')
  expect(await detailValue(page, 'Treatment')).toBe('v1')
  expect(await detailValue(page, 'Label')).toBe('default rule')
  expect(await detailValue(page, 'SDK')).toContain('nodejs')
  expect(await detailValue(page, 'Machine')).toBe(hostname())

  const answer = await (await fetch(`${flagtail.url}/api/impressions`)).json()
  const of = (key: string) => answer.impressions.filter((one: { key: string }) => one.key === key)
  expect(of('dave')).toHaveLength(1)
  expect(of('dave')[0]).toMatchObject({
    environmentId: 'development',
    flag: 'checkout_redesign',
    treatment: 'v1',
    label: 'default rule',
    changeNumber,
    sdk: 'nodejs',
    machineName: hostname(),
    impressionsMode: 'DEBUG',
    source: 'sdk',
    verified: false,
    properties: { page: '/cart', attempt: 2, beta: true },
  })
  expect(of('dave')[0].timestamp).toBeGreaterThanOrEqual(before)
  expect(of('dave')[0].timestamp).toBeLessThanOrEqual(of('dave')[0].receptionTimestamp)
  expect(of('alice')[0].previousTimestamp).toBe(of('alice')[1].timestamp)
  await client.destroy()
  await definitions.stop()
})
