import { expect, test } from 'vitest'
import type { Sight } from '../../domain/access.ts'
import { rowsOf } from '../../domain/rows.ts'
import { groupsOf, rowsNamed, until } from '../app.fixture.ts'
import { openNdjson, openRoles } from './roles.fixture.ts'
import { testMasks } from './sight.fixture.ts'
import type { TestViewer } from './viewer.fixture.ts'

const masked: Sight = new Map([['prod', 'masked']])
const full: Sight = new Map([['prod', 'full']])
const mixed: Sight = new Map([
  ['prod', 'masked'],
  ['stage', 'full'],
])

const maskOf = (text: string, environmentId = 'prod') => testMasks.of(environmentId)(text)
const q = (filter: string) => `?q=${encodeURIComponent(filter)}`

type Told = { readonly impressions: readonly Readonly<Record<string, unknown>>[] }

async function keysAsked(answer: Promise<Response>): Promise<readonly unknown[]> {
  return ((await (await answer).json()) as Told).impressions.map(({ key }) => key)
}

const secrets = {
  k: 'KEYSECRET',
  b: 'BUCKETSECRET',
  properties: '{"plan":"PROPSECRET"}',
  unheardOf: { deep: 'FIELDSECRET' },
}
const machine = { machineIp: '203.0.113.77', machineName: 'ip-203-0-113-77', sdk: 'nodejs', sdkVersion: '11.1.0' }
const allSecrets = ['KEYSECRET', 'BUCKETSECRET', 'PROPSECRET', 'FIELDSECRET', '203.0.113.77', '203-0-113-77']

test('MK1 of a masked environment no key, bucketing key, property, address or unknown field leaves the server on any path', async () => {
  const roles = await openRoles({ environments: ['prod'], limits: { heartbeatMs: 50, backfillRows: 1, ledgerMs: 50 } })
  roles.roles.set('some', masked).set('all', full)
  const post = (times: number) => roles.post('prod', groupsOf({ a: Array(times).fill(secrets), b: [{}] }), machine)
  await post(3)
  const texts: Record<string, string> = {}
  for (const role of ['some', 'all']) {
    const viewer = await roles.watch(role, 'flag:a')
    const tail = await openNdjson(roles, role)
    const beginning = viewer.cursor
    await post(2)
    await until(() => viewer.rows.length === 3 && tail.heard.text.includes('"id"'))
    await viewer.hold()
    await post(4)
    await viewer.resume()
    await until(() => viewer.rows.length === 7)
    const loaded = await viewer.load(
      beginning.map(({ environmentId, epoch }) => ({ environmentId, epoch: epoch ?? '', offset: 0, cumulative: 0 })),
      viewer.cursor,
    )
    expect(loaded.rows.flatMap(rowsOf).length).toBeGreaterThanOrEqual(9)
    expect(await viewer.find(viewer.rows[0]?.id ?? '')).toHaveLength(1)
    await until(() => viewer.facets.length > 0)
    const asked = await Promise.all(
      [`/api/impressions${q('')}`, `/api/without${q('flag:a treatment:on')}`].map(async (path) =>
        (await roles.ask(role, path)).text(),
      ),
    )
    tail.leave()
    texts[role] = [...viewer.texts, tail.heard.text, ...asked].join('\n')
    for (const { row } of loaded.rows.flatMap(rowsOf).filter(({ impression }) => impression.flag === 'a')) {
      if (role === 'some') expect(row).toEqual({ k: maskOf('KEYSECRET'), b: maskOf('BUCKETSECRET'), t: 'on', m: row.m })
      else expect(row).toMatchObject(secrets)
    }
  }
  for (const secret of allSecrets) {
    expect(texts.some, secret).not.toContain(secret)
    expect(texts.all, secret).toContain(secret)
  }
  expect(texts.some).toContain(maskOf('KEYSECRET'))
  expect(texts.some).toContain('"sdkVersion":"11.1.0"')
  expect(roles.failures).toEqual([])
})

test('MK2 in a key’s place stands `user·` and 16 hex digits: the same everywhere in an environment, and others in another', async () => {
  const roles = await openRoles({ environments: ['prod', 'stage'] })
  const other = await openRoles({ environments: ['prod', 'stage'], bus: roles.bus })
  const sight: Sight = new Map([
    ['prod', 'masked'],
    ['stage', 'masked'],
  ])
  for (const one of [roles, other]) one.roles.set('some', sight)
  const here = await roles.watch('some')
  const there = await other.watch('some')
  for (const id of ['prod', 'stage']) await roles.post(id, groupsOf({ a: [{ k: 'ada', b: 'ada' }, { k: 'bob' }] }))
  for (const viewer of [here, there]) await until(() => viewer.rows.length === 4)
  expect([...here.keys].sort()).toEqual([...there.keys].sort())
  expect(new Set(here.keys).size).toBe(4)
  for (const { impression } of here.rows) {
    expect(impression.key).toMatch(/^user·[0-9a-f]{16}$/)
    expect(impression.masked).toBe(true)
    if (impression.bucketingKey !== undefined) expect(impression.bucketingKey).toBe(impression.key)
  }
})

test('MK4 a masked key is found by its exact value and by its mask, live, in the log and by scripts', async () => {
  const roles = await openRoles({ environments: ['prod'] })
  roles.roles.set('some', masked)
  const post = () =>
    roles.post('prod', groupsOf({ a: [{ k: 'ada' }, { k: 'bob', b: 'ada' }, ...rowsNamed('other', 40)] }))
  await post()
  const filters = ['key:ada', `key:${maskOf('ada')}`, 'key:(nobody|ada)', 'key:"ada" flag:a', '-bucket:ada key:ada']
  const viewers = await Promise.all(filters.map((filter) => roles.watch('some', filter)))
  const bucket = await roles.watch('some', 'bucket:ada')
  const others = await roles.watch('some', `-key:ada -key:${maskOf('bob')}`)
  await post()
  for (const viewer of viewers) await until(() => viewer.books.matched === 2)
  await until(() => bucket.books.matched === 2 && others.books.matched === 80)
  for (const viewer of viewers) expect(new Set(viewer.keys)).toEqual(new Set([maskOf('ada')]))
  expect(new Set(bucket.keys)).toEqual(new Set([maskOf('bob')]))
  for (const filter of filters) {
    expect(await keysAsked(roles.ask('some', `/api/impressions${q(filter)}`))).toEqual([maskOf('ada'), maskOf('ada')])
  }
  const without = await (await roles.ask('some', `/api/without${q('key:ada flag:b')}`)).json()
  expect(without).toEqual({
    without: [
      { term: 'flag:b', matched: 2, of: 84 },
      { term: 'key:ada', matched: 0, of: 84 },
    ],
  })
})

const hiddenFilters = [
  'key:al*',
  'prop.plan:gold',
  'ip:10.*',
  'key:(a*|b*)',
  'bucket:a?ice',
  'key:user·*',
  'ip:10.0.0.7',
]

test('MK6 what asks for hidden fields only is refused at its term where everything is masked', async () => {
  const roles = await openRoles({ environments: ['prod', 'stage'] })
  roles.roles.set('some', masked).set('mixed', mixed)
  const viewer = await roles.watch('some', 'flag:a')
  for (const hidden of hiddenFilters.flatMap((filter) => [filter, `-${filter}`])) {
    const text = `flag:a ${hidden} treatment:on`
    await expect(viewer.watch(text)).rejects.toThrow(/exact value only|hidden from you/)
    expect(viewer.refusals.at(-1)).toMatchObject({ reason: 'filter', error: { token: hidden, position: 7 } })
    for (const path of ['/api/impressions', '/api/without', '/api/tail']) {
      const answer = await roles.ask('some', `${path}${q(text)}`)
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ error: { token: hidden, position: 7 } })
    }
    expect((await roles.ask('mixed', `/api/impressions${q(text)}`)).status).toBe(200)
  }
  await expect(viewer.watch('word -key:ada bucket:b machine:m* repeat:true')).resolves.toBeDefined()
})

test('MK7 who sees one environment as it is and another masked gets each by its rule, in one Tail', async () => {
  const roles = await openRoles({ environments: ['prod', 'stage'] })
  roles.roles.set('mixed', mixed)
  const row = { k: 'alice', properties: '{"plan":"gold"}' }
  const post = async () => {
    for (const id of ['prod', 'stage']) {
      await roles.post(id, groupsOf({ a: [row, { k: 'bob' }] }), { machineIp: '10.0.0.7' })
    }
  }
  await post()
  const found: Record<string, readonly string[]> = {
    'key:al*': ['alice'],
    '-key:al*': [maskOf('alice'), maskOf('bob'), 'bob'],
    alice: ['alice'],
    '-alice': [maskOf('alice'), maskOf('bob'), 'bob'],
    user·: [],
    'prop.plan:gold': ['alice'],
    '-prop.plan:gold': [maskOf('alice'), maskOf('bob'), 'bob'],
    'ip:10.*': ['alice', 'bob'],
    '-ip:10.*': [maskOf('alice'), maskOf('bob')],
    'key:(a*|bob)': [maskOf('bob'), 'alice', 'bob'],
    '-key:(a*|bob)': [maskOf('alice')],
    'key:alice': [maskOf('alice'), 'alice'],
    [`key:${maskOf('alice')}`]: [maskOf('alice')],
    [`key:${maskOf('alice', 'stage')}`]: [],
    'key:*': ['alice', 'bob'],
  }
  const viewers = await Promise.all(Object.keys(found).map((filter) => roles.watch('mixed', filter)))
  await post()
  for (const [index, [filter, once]] of Object.entries(found).entries()) {
    const keys = [...once, ...once].sort()
    const viewer = viewers[index]
    await until(() => viewer?.books.matched === keys.length)
    expect([...(viewer?.keys ?? [])].sort(), filter).toEqual(keys)
    const asked = await keysAsked(roles.ask('mixed', `/api/impressions${q(filter)}`))
    expect([...asked].sort(), filter).toEqual(keys)
  }
})

test('MK9 viewers who may see the same share a Tail, others do not', async () => {
  const roles = await openRoles({ environments: ['prod', 'stage'] })
  roles.roles.set('full', full).set('masked', masked).set('mixed', mixed)
  roles.roles.set('again', new Map(full)).set('wider', new Map([...full, ['gone', 'full']]))
  const tailOf = async (role: string) => (await roles.watch(role, 'flag:a')).starts[0]?.tail
  const [first, again, wider] = [await tailOf('full'), await tailOf('again'), await tailOf('wider')]
  expect(new Set([first, again, wider])).toEqual(new Set([first]))
  expect(new Set([first, await tailOf('masked'), await tailOf('mixed')]).size).toBe(3)
})

/** Where a row of this environment stands, as those know who may see it. */
async function knownRow(viewer: TestViewer): Promise<string> {
  await until(() => viewer.rows.length > 0)
  return viewer.rows[0]?.id ?? ''
}

test('MK8 an environment out of sight does not exist: not by its name, a cursor, an id or a load', async () => {
  const roles = await openRoles({ environments: ['prod', 'stage'], limits: { heartbeatMs: 50, logBytes: 3000 } })
  roles.roles
    .set('prod', full)
    .set('stage', new Map([['stage', 'full']]))
    .set('none', new Map())
  const secret = { machineName: 'STAGESECRET' }
  const stage = () => roles.post('stage', groupsOf({ STAGESECRET: [{ k: 'STAGESECRET' }] }), secret)
  await stage()
  const insider = await roles.watch('stage')
  const id = await knownRow(insider)
  for (const role of ['prod', 'none']) {
    const viewer = await roles.watch(role, 'env:stage')
    expect(viewer.starts[0]).toMatchObject({ cursor: [], unknownEnvironments: ['stage'], complete: true, rows: [] })
    expect(viewer.starts[0]?.environments).toEqual(role === 'prod' ? [{ id: 'prod', name: 'Name of prod' }] : [])
    expect(await viewer.find(id)).toEqual([])
    for (const filter of ['flag:STAGE*', '-env:prod', '']) {
      await viewer.watch(filter, insider.cursor)
      expect(
        await viewer.load(
          insider.cursor.map((one) => ({ ...one })),
          insider.cursor,
        ),
      ).toMatchObject({
        ...{ rows: [], to: [], gaps: [], complete: true },
      })
      await stage()
      for (const path of ['/api/impressions', '/api/without']) {
        const text = await (await roles.ask(role, `${path}${q(filter)}`)).text()
        expect(text).not.toContain('STAGESECRET')
      }
    }
    const tail = await openNdjson(roles, role)
    const facets = viewer.facets.length
    const frames = viewer.frames.length
    const mine = groupsOf({ a: [{}] })
    if (role === 'prod') await roles.post('prod', mine)
    for (let times = 0; times < 40; times++) await stage() // more than its log holds
    await until(() => viewer.facets.length > facets + 1 && viewer.frames.length > frames + 1)
    await until(() => role === 'none' || tail.heard.text.includes('"flag":"a"'))
    expect(viewer.gaps).toEqual([])
    expect(viewer.cursor.map(({ environmentId }) => environmentId)).toEqual(role === 'prod' ? ['prod'] : [])
    expect([...viewer.texts, tail.heard.text].join('\n')).not.toContain('STAGESECRET')
  }
  expect(insider.texts.join('\n')).toContain('STAGESECRET')
})

test('MK10 a viewer who may see less since then is sent nothing more of it, at each command and by itself', async () => {
  const roles = await openRoles({ environments: ['prod', 'stage'], limits: { heartbeatMs: 200, ledgerMs: 100 } })
  roles.roles.set('some', new Map([...full, ['stage', 'full']]))
  const viewer = await roles.watch('some')
  const tail = await openNdjson(roles, 'some')
  for (const id of ['prod', 'stage']) await roles.post(id, groupsOf({ a: [{ k: 'before' }] }))
  await until(() => viewer.rows.length === 2)
  const ids = viewer.rows.map(({ id }) => id)
  roles.roles.set('some', masked)
  expect(await viewer.find(ids.find((id) => id.startsWith('stage')) ?? '')).toEqual([])
  const found = await viewer.find(ids.find((id) => id.startsWith('prod')) ?? '')
  expect(found.map(({ impression }) => impression.key)).toEqual([maskOf('before')])
  await until(() => viewer.starts.length === 2 && tail.heard.ended)
  expect(viewer.starts[1]?.environments).toEqual([{ id: 'prod', name: 'Name of prod', masked: true }])
  for (const id of ['prod', 'stage']) await roles.post(id, groupsOf({ a: [{ k: 'SINCE' }] }))
  await until(() => viewer.keys.includes(maskOf('SINCE')))
  roles.roles.delete('some')
  await until(() => viewer.starts.length === 3)
  for (const id of ['prod', 'stage']) await roles.post(id, groupsOf({ a: [{ k: 'LAST' }] }))
  await viewer.watch('treatment:on')
  expect(viewer.starts[3]).toMatchObject({ environments: [], rows: [], cursor: [] })
  expect([...viewer.texts, tail.heard.text].join('\n')).not.toMatch(/SINCE|LAST|stage:[^"]*:2:0/)
  expect(viewer.keys).toHaveLength(3)
})

test('MK11 a machine that is named by its address is told in facets only to those who may see addresses', async () => {
  const roles = await openRoles({ environments: ['prod', 'stage'], limits: { heartbeatMs: 50 } })
  roles.roles.set('full', full).set('masked', masked).set('mixed', mixed)
  const viewers = new Map<string, TestViewer>()
  for (const role of ['full', 'masked', 'mixed']) viewers.set(role, await roles.watch(role))
  const named = { machineName: 'web-1', machineIp: '10.0.0.7' }
  for (const id of ['prod', 'stage']) {
    await roles.post(id, groupsOf({ a: [{}] }), named)
    await roles.post(id, groupsOf({ a: [{}, {}] }), { ...named, machineName: 'ip-10-0-0-7' })
  }
  const machinesOf = (role: string) => viewers.get(role)?.facets.at(-1)?.machines.values ?? []
  const told = { full: 2, masked: 1, mixed: 2 }
  for (const [role, values] of Object.entries(told)) await until(() => machinesOf(role).length === values)
  expect(new Map(machinesOf('full'))).toEqual(
    new Map([
      ['web-1', 1],
      ['ip-10-0-0-7', 2],
    ]),
  )
  expect(machinesOf('masked')).toEqual([['web-1', 1]])
  expect(new Map(machinesOf('mixed'))).toEqual(
    new Map([
      ['web-1', 2],
      ['ip-10-0-0-7', 2],
    ]),
  )
  const filter = await roles.watch('masked', 'machine:ip-*')
  expect(filter.starts[0]?.replayed.matched).toBe(0)
})
