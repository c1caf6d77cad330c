import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { groupsOf, openTestApp, rowsNamed, type TestApp, twoEnvironments, until } from '../app.fixture.ts'

type Line = { readonly id?: string; readonly key?: string } & Readonly<Record<string, unknown>>
type Ledger = { matched: number; held: number; skipped: number; missed: number | null; cursor: string }

/** Reads `/api/tail` line by line, as a script does. */
async function openTail(app: TestApp, query = ''): Promise<{ lines: Line[]; ended: () => boolean; stop: () => void }> {
  const leave = new AbortController()
  onTestFinished(() => leave.abort())
  const response = await fetch(`${app.url}/api/tail${query}`, { signal: leave.signal })
  expect(response.status).toBe(200)
  const lines: Line[] = []
  let ended = false
  const read = async (): Promise<void> => {
    let text = ''
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const parts = (text + chunk).split('\n')
      text = parts.pop() ?? ''
      lines.push(...parts.map((line): Line => JSON.parse(line)))
    }
  }
  void read().then(
    () => {
      ended = true
    },
    () => {},
  )
  return { lines, ended: () => ended, stop: () => leave.abort() }
}

const ledgersOf = (lines: readonly Line[]): Ledger[] =>
  lines.flatMap((line) => (line.ledger ? [line.ledger as Ledger] : []))
const keysOf = (lines: readonly Line[]): unknown[] => lines.filter(({ id }) => id !== undefined).map(({ key }) => key)

test('T1 a reader of /api/tail gets every match as a line, in order, and a ledger first, now and then, and last', async () => {
  const app = await openTestApp({ limits: { ledgerMs: 50, tailRowsPerSecond: 1, tailRowsBurst: 1 } })
  const tail = await openTail(app, '?q=flag:a')
  await app.post(groupsOf({ a: rowsNamed('x', 3000), b: rowsNamed('y', 10) }))
  await until(() => keysOf(tail.lines).length === 3000)
  expect(keysOf(tail.lines)).toEqual(rowsNamed('x', 3000).map(({ k }) => k))
  await until(() => ledgersOf(tail.lines).at(-1)?.matched === 3000)
  await app.close()
  await until(tail.ended)
  expect(Object.keys(tail.lines[0] ?? {})).toEqual(['ledger'])
  expect(ledgersOf(tail.lines)[0]).toMatchObject({ matched: 0, held: 0, skipped: 0, missed: 0 })
  expect(Object.keys(tail.lines.at(-1) ?? {})).toEqual(['ledger'])
  expect(ledgersOf(tail.lines).at(-1)).toMatchObject({
    matched: 3000,
    held: 3000,
    evicted: 0,
    sampledOut: 0,
    skipped: 0,
  })
})

test('T2 a reader that comes back with a ledger’s cursor gets the rest, and no id twice', async () => {
  const app = await openTestApp({ limits: { ledgerMs: 30 } })
  const first = await openTail(app)
  await app.post(groupsOf({ a: rowsNamed('x', 5) }))
  await until(() => ledgersOf(first.lines).at(-1)?.matched === 5)
  const { cursor } = ledgersOf(first.lines).at(-1) ?? { cursor: '' }
  first.stop()
  await app.post(groupsOf({ a: rowsNamed('y', 700) }))
  const second = await openTail(app, `?cursor=${cursor}`)
  await app.post(groupsOf({ a: rowsNamed('z', 5) }))
  await until(() => keysOf(second.lines).length === 705)
  expect(keysOf(second.lines)).toEqual([...rowsNamed('y', 700), ...rowsNamed('z', 5)].map(({ k }) => k))
  const ids = [...first.lines, ...second.lines].flatMap(({ id }) => id ?? [])
  expect(new Set(ids).size).toBe(710)
})

test('T3 a reader that is too far behind is told exactly how many matches it did not get', async () => {
  const app = await openTestApp({ limits: { tailReaderBytes: 20_000, tailPatienceMs: 50, ledgerMs: 50 } })
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write('GET /api/tail HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await new Promise((resolve) => socket.once('data', resolve))
  socket.pause()
  const posted = 60
  for (let post = 0; post < posted; post++)
    await app.post(groupsOf({ a: rowsNamed('x', 1000, { b: 'z'.repeat(200) }) }))
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  socket.resume()
  const found = (pattern: RegExp): number[] => [...text.matchAll(pattern)].map(([, count]) => Number(count))
  await until(() => text.includes('"slow"'))
  await until(() => found(/"ledger":\{"matched":(\d+)/g).at(-1) === posted * 1000)
  const skipped = found(/"reason":"slow","matched":(\d+)/g).reduce((sum, count) => sum + count, 0)
  const rows = text.split('"receptionTimestamp"').length - 1
  expect(skipped).toBeGreaterThan(0)
  expect(rows + skipped).toBe(posted * 1000)
  expect(text).toContain(`"held":${rows},"evicted":0,"sampledOut":0,"skipped":${skipped},"missed":0`)
})

test('T8 a reader that reads gets every row of a large post, however much of it is on the way at once', async () => {
  const app = await openTestApp({ limits: { ledgerMs: 50 } })
  const tail = await openTail(app)
  await app.post(groupsOf({ a: rowsNamed('x', 20_000, { b: 'z'.repeat(100) }) }), {
    headers: { SplitSDKMachineName: 'vm' },
  })
  await until(() => ledgersOf(tail.lines).at(-1)?.matched === 20_000)
  expect(keysOf(tail.lines)).toHaveLength(20_000)
  expect(ledgersOf(tail.lines).at(-1)).toMatchObject({ held: 20_000, skipped: 0 })
  expect(new Set(tail.lines.flatMap(({ id }) => id ?? [])).size).toBe(20_000)
})

test('T4 what is in no log any more is a gap line, before filtering, with its count', async () => {
  const app = await openTestApp({ limits: { logBytes: 20_000, ringBytes: 1, ledgerMs: 30 } })
  const first = await openTail(app)
  await until(() => ledgersOf(first.lines).length > 0)
  const { cursor } = ledgersOf(first.lines)[0] ?? { cursor: '' }
  for (let post = 0; post < 10; post++) await app.post(groupsOf({ a: rowsNamed('x', 100) }))
  const second = await openTail(app, `?cursor=${cursor}`)
  await until(() => (ledgersOf(second.lines).at(-1)?.matched ?? 0) > 0)
  const gap = second.lines.find((line) => line.gap)?.gap
  const ledger = ledgersOf(second.lines).at(-1)
  expect(gap).toMatchObject({ reason: 'trimmed', environmentId: 'development' })
  expect((ledger?.matched ?? 0) + (ledger?.missed ?? 0)).toBe(1000)
})

test('N11 a script whose cursor stands before the first batch is told when that server and its log are gone', async () => {
  const left = await openTestApp({ limits: { ledgerMs: 30 } })
  const first = await openTail(left)
  await until(() => ledgersOf(first.lines).length > 0)
  const { cursor } = ledgersOf(first.lines)[0] ?? { cursor: '' }
  first.stop()
  await left.post(groupsOf({ a: rowsNamed('x', 10) }))
  await left.close()
  const right = await openTestApp({ limits: { ledgerMs: 30 } })
  await right.post(groupsOf({ a: rowsNamed('y', 5) }))
  const second = await openTail(right, `?cursor=${cursor}`)
  await until(() => ledgersOf(second.lines).at(-1)?.matched === 5)
  const told = second.lines.filter((line) => !line.ledger)
  expect(told[0]).toEqual({ gap: { environmentId: 'development', reason: 'restarted' } })
  expect(keysOf(told)).toEqual(rowsNamed('y', 5).map(({ k }) => k))
  expect(ledgersOf(second.lines).at(-1)?.missed).toBe(null)
})

test('T5 a filter or parameter that is wrong is a 400 that names it', async () => {
  const app = await openTestApp()
  const ask = async (path: string): Promise<unknown> => {
    const response = await fetch(`${app.url}${path}`)
    return [response.status, await response.json()]
  }
  const wrong = { message: 'unknown field "flga" at 0: did you mean flag?', token: 'flga', position: 0 }
  expect(await ask('/api/tail?q=flga:x')).toEqual([400, { error: wrong }])
  expect(await ask('/api/impressions?q=flga:x')).toEqual([400, { error: wrong }])
  expect(await ask('/api/tail?cursor=rubbish')).toMatchObject([400, { error: { field: 'cursor' } }])
  expect(await ask('/api/impressions?limit=1001')).toMatchObject([400, { error: { field: 'limit' } }])
  expect(await ask('/api/impressions?fliter=x')).toMatchObject([400, { error: { field: 'fliter' } }])
  expect(await ask('/api/tail?q=a&q=b')).toMatchObject([400, { error: { field: 'q' } }])
})

test('T6 /api/impressions gives the newest matches first, and says whether anything older matches', async () => {
  const app = await openTestApp({ environments: twoEnvironments })
  const keys = { prod: 'prod-server-key-0001', stage: 'stage-client-key-001' }
  for (const [index, key] of [keys.prod, keys.stage, keys.prod].entries()) {
    await app.post(groupsOf({ a: rowsNamed(`p${index}-`, 40), b: rowsNamed('q', 40) }), { key })
  }
  const ask = async (query: string): Promise<{ keys: unknown[]; complete: boolean }> => {
    const answer = await (await fetch(`${app.url}/api/impressions?${query}`)).json()
    return { keys: answer.impressions.map(({ key }: { key: string }) => key), complete: answer.complete }
  }
  const all = [2, 1, 0].flatMap((post) =>
    rowsNamed(`p${post}-`, 40)
      .map(({ k }) => k)
      .reverse(),
  )
  expect(await ask('q=flag:a')).toEqual({ keys: all.slice(0, 100), complete: false })
  expect(await ask('q=flag:a&limit=120')).toEqual({ keys: all, complete: true })
  expect(await ask('q=flag:a&limit=119')).toEqual({ keys: all.slice(0, 119), complete: false })
  expect(await ask('q=flag:a%20env:stage')).toEqual({ keys: all.slice(40, 80), complete: true })
})

test('T7 pages of other sites cannot read', async () => {
  const app = await openTestApp()
  for (const path of ['/api/tail', '/api/impressions']) {
    const response = await fetch(`${app.url}${path}`, { headers: { Origin: 'http://evil.example' } })
    expect(response.status).toBe(403)
  }
})
