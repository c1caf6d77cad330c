import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Clarity, Sight } from '../../domain/access.ts'
import type { Position } from '../../domain/chain.ts'
import { rowsOf, type TailRow } from '../../domain/rows.ts'
import { until } from '../app.fixture.ts'
import { openNdjson, openRoles, type Roles } from './roles.fixture.ts'
import { testMasks } from './sight.fixture.ts'
import type { TestViewer } from './viewer.fixture.ts'

const q = (filter: string) => `?q=${encodeURIComponent(filter)}`
const environments = ['alpha', 'beta', 'gamma'] as const
const addresses = { alpha: '203.0.113.71', beta: '203.0.113.72', gamma: '203.0.113.73' } as const
type Id = (typeof environments)[number]

const clarity = fc.constantFrom<Clarity | undefined>('full', 'masked', undefined)
const sight = fc
  .tuple(clarity, clarity, clarity)
  .map((one): Sight => new Map(environments.flatMap((id, index) => (one[index] ? [[id, one[index]]] : []))))
const filters = fc.constantFrom(
  ...['', 'key:k*', '-key:kZ*', 'kz', '-kz', 'prop.plan:p*', '-prop.plan:p*', 'ip:203.*', '-ip:203.*', 'machine:*'],
  ...['bucket:*', '-bucket:b?*', 'treatment:on', 'env:alpha', '-env:(alpha|beta)', 'repeat:true', 'key:(nobody|k*)'],
)
const traffic = fc.array(fc.tuple(fc.constantFrom(...environments), fc.integer({ min: 1, max: 6 })), {
  minLength: 1,
  maxLength: 4,
})

/** Rows in which whatever may be hidden, and whatever else names their environment, has `Z` and that name. */
async function post(roles: Roles, id: Id, rows: number): Promise<void> {
  const row = { k: `kZ${id}`, b: `bZ${id}`, properties: `{"plan":"pZ${id}"}`, t: 'on', m: 1, extra: `xZ${id}` }
  const machine = { machineIp: addresses[id], machineName: `ip-${addresses[id].replaceAll('.', '-')}` }
  await roles.post(id, [{ f: `fZ${id}`, i: Array(rows).fill(row) }], machine)
}

const hiddenOf = (id: Id) => [`kZ${id}`, `bZ${id}`, `pZ${id}`, `xZ${id}`, ...addressesOf(id)]
const addressesOf = (id: Id) => [addresses[id], addresses[id].replaceAll('.', '-')]

/** Until a viewer has heard of all that was posted. */
async function untilAtHead({ bus }: Roles, viewer: TestViewer): Promise<void> {
  for (const { environmentId } of viewer.cursor) {
    const head = await bus.head(environmentId)
    const isThere = ({ environmentId: id, offset }: Position) =>
      id === environmentId && head.ok && offset >= head.value.offset
    await until(() => viewer.cursor.some(isThere))
  }
}

/** Everything that a viewer and a script of this role are sent while they do all that they can. */
async function hearAll(roles: Roles, role: string, filter: string, live: () => Promise<void>, ids: readonly string[]) {
  const refused = (error: Error) => (/hidden|exact/.test(error.message) ? undefined : Promise.reject(error))
  const filtered = await roles.watch(role, filter).catch(refused)
  const viewer = filtered ?? (await roles.watch(role))
  await untilAtHead(roles, viewer)
  const tail = await openNdjson(roles, role, filtered ? filter : '')
  const start = viewer.cursor
  await live()
  viewer.socket.disconnect()
  const again = await roles.watch(role)
  await again.watch(filtered ? filter : '', start)
  const before = start.map(
    ({ environmentId, epoch = '' }) => ({ environmentId, epoch, offset: 0, cumulative: 0 }) as const,
  )
  const loaded = await again.load(before, again.cursor)
  const older = await again.older(again.cursor)
  const found: (readonly TailRow[])[] = []
  for (const id of ids) found.push(await again.find(id))
  const asked = ['/api/impressions', '/api/without'].map(async (path) =>
    (await roles.ask(role, path + q(filter))).text(),
  )
  const { matched } = again.books
  await until(() => tail.heard.text.split('\n').filter((line) => line.includes('"id"')).length >= matched)
  tail.leave()
  const rows = [
    ...again.rows,
    ...viewer.rows,
    ...loaded.rows.flatMap(rowsOf),
    ...older.rows.flatMap(rowsOf),
    ...found.flat(),
  ]
  return { rows, text: [...viewer.texts, ...again.texts, tail.heard.text, ...(await Promise.all(asked))].join('\n') }
}

test('MK1 whatever the roles, filters and traffic, nobody is sent a row out of sight or a hidden value', async () => {
  const seen = { full: 0, masked: 0, none: 0 }
  const roles = await openRoles({ environments, limits: { heartbeatMs: 20 } })
  roles.roles.set('all', new Map(environments.map((id) => [id, 'full'])))
  for (const id of environments) await post(roles, id, 1)
  const all = await roles.watch('all')
  const run = async (one: Sight, filter: string, past: readonly [Id, number][], now: readonly [Id, number][]) => {
    const role = `role ${roles.roles.size}`
    roles.roles.set(role, one)
    for (const [id, rows] of past) await post(roles, id, rows)
    const live = async () => {
      for (const [id, rows] of now) await post(roles, id, rows)
    }
    const ids = all.rows.slice(-6).map(({ id }) => id)
    const { rows, text } = await hearAll(roles, role, filter, live, ids)
    for (const id of environments) {
      const how = one.get(id)
      const of = rows.filter(({ impression }) => impression.environmentId === id)
      seen[how ?? 'none'] += of.length
      if (!how) expect(of.length + text.split(`Z${id}`).length - 1, `${id} is out of sight`).toBe(0)
      if (how !== 'full') for (const secret of hiddenOf(id)) expect(text, filter).not.toContain(secret)
      if (how === 'full' && of.length > 0) for (const secret of hiddenOf(id)) expect(text, filter).toContain(secret)
      for (const { impression } of of) expect(impression.masked, filter).toBe(how === 'masked' ? true : undefined)
    }
  }
  await fc.assert(fc.asyncProperty(sight, filters, traffic, traffic, run), { numRuns: 40 })
  expect(seen.full).toBeGreaterThan(100)
  expect(seen.masked).toBeGreaterThan(100)
  expect(roles.failures).toEqual([])
}, 60_000)

/** Two worlds that differ in nothing but what is hidden: the same users, with other names. */
const worlds = [
  { users: ['alice', 'albert', 'bob', 'on'], plans: ['gold', 'on'], ip: '10.0.0.7' },
  { users: ['xenia', 'zoe', 'alfred', 'checkout'], plans: ['free', 'gold'], ip: '192.168.1.9' },
] as const
const hidden = fc.constantFrom(
  ...['key:al*', '-key:al*', 'key:*', '-key:*', 'key:?????', 'bucket:a*', '-bucket:*', 'key:(x*|z*)', 'key:user·*'],
  ...['alice', '-alice', 'al', 'x', '-o', 'user', '9', 'prop.plan:gold', '-prop.plan:gold', 'prop.plan:*', 'on'],
  ...['ip:10.*', '-ip:10.*', 'ip:10.0.0.7', 'machine:ip-10*', '-machine:*', 'machine:ip*'],
)
const open = fc.constantFrom(
  'flag:a',
  '-flag:a',
  'treatment:on',
  'repeat:true',
  'lag:>5s',
  'env:alpha',
  'label:*',
  'ch',
)
const someRows = fc.array(
  fc.record({
    ...{ user: fc.nat(3), bucket: fc.option(fc.nat(3), { nil: undefined }), plan: fc.option(fc.nat(1)) },
    ...{ flag: fc.constantFrom('a', 'checkout'), t: fc.constantFrom('on', 'off'), pt: fc.constantFrom(0, 5) },
  }),
  { minLength: 1, maxLength: 8 },
)
type SomeRow = { user: number; bucket: number | undefined; plan: number | null; flag: string; t: string; pt: number }

function groupsIn({ users, plans }: (typeof worlds)[number], rows: readonly SomeRow[]): unknown {
  return rows.map(({ user, bucket, plan, flag, t, pt }) => {
    const properties = plan === null ? undefined : JSON.stringify({ plan: plans[plan] })
    return { f: flag, i: [{ k: users[user], b: bucket && users[bucket], properties, t, pt, m: 1_795_514_523_829 }] }
  })
}

/** What somebody was told, with users by their numbers in place of masks, and without what is by chance. */
function plainly(told: unknown, { users }: (typeof worlds)[number]): unknown {
  let text = JSON.stringify(told)
  for (const id of environments) {
    for (const [number, user] of users.entries()) text = text.replaceAll(testMasks.of(id)(user), `${id}#${number}`)
  }
  return JSON.parse(text.replace(/"id":"([^:]+):[^:]+:/g, '"id":"$1:'))
}

async function told(roles: Roles, filter: string, viewer: TestViewer): Promise<object> {
  const answers = [`/api/impressions${q(filter)}&limit=1000`, `/api/without${q(filter)}`].map(async (path) =>
    (await roles.ask('some', path)).json(),
  )
  const start = viewer.starts.map(({ replayed, complete, gaps }) => ({ replayed, complete, gaps }))
  const rows = viewer.rows.map(({ id, impression }) => ({ id, impression }))
  return {
    start,
    rows,
    perTreatment: viewer.frames.at(-1)?.perTreatment,
    books: viewer.books,
    answers: await Promise.all(answers),
  }
}

test('MK5 patterns, words, properties and addresses find nothing in masked rows: who asks is told the same whatever is hidden', async () => {
  const receptionTimestamp = Date.now()
  const both = await Promise.all(
    worlds.map(async (world) => ({ world, roles: await openRoles({ environments, limits: { heartbeatMs: 20 } }) })),
  )
  let rowsTold = 0
  const run = async (beta: Clarity, terms: readonly string[], past: readonly SomeRow[], now: readonly SomeRow[]) => {
    const filter = terms.join(' ')
    const answers: unknown[] = []
    for (const { world, roles } of both) {
      const one: Sight = new Map([...(beta === 'full' ? ([['beta', beta]] as const) : []), ['alpha', 'masked']])
      roles.roles.set('some', one)
      const machine = { machineIp: world.ip, machineName: `ip-${world.ip.replaceAll('.', '-')}`, receptionTimestamp }
      const postBoth = async (rows: readonly SomeRow[]) => {
        await roles.post('alpha', groupsIn(world, rows), machine)
        await roles.post('beta', groupsIn(worlds[0], rows), { ...machine, machineIp: '10.1.1.1', machineName: 'ip-10' })
      }
      await postBoth(past)
      const viewer = await roles.watch('some', filter).catch(() => undefined)
      await postBoth(now)
      if (!viewer) continue
      await untilAtHead(roles, viewer)
      const heard = await told(roles, filter, viewer)
      rowsTold += viewer.rows.length
      answers.push(plainly(heard, world))
      viewer.socket.disconnect()
    }
    expect(answers[1]).toEqual(answers[0])
  }
  const terms = fc.tuple(hidden, fc.option(hidden), fc.option(open)).map((all) => all.filter((term) => term !== null))
  const seenBeta = fc.constantFrom<Clarity>('full', 'full', 'masked')
  await fc.assert(fc.asyncProperty(seenBeta, terms, someRows, someRows, run), { numRuns: 60 })
  expect(rowsTold).toBeGreaterThan(100)
}, 60_000)
