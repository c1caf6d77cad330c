import { loadavg } from 'node:os'
import { startServer } from './server.ts'

/**
 * How late the server's event loop is while posts of one kind come in one after the other beside small ones, by its own
 * measure: `node --import tsx bench/loop.ts [seconds]`, with the built server.
 */
const seconds = Number(process.argv[2] ?? 6)

const row = (index: number) => ({
  k: `user-${index}`,
  t: index % 3 === 0 ? 'off' : 'on',
  m: 1_795_514_523_829 + index,
  c: 1_718_900_000_123,
  r: 'default rule',
})
const rows = (count: number, more: object = {}) => Array.from({ length: count }, (_, i) => ({ ...row(i), ...more }))
const many = <Item>(count: number, item: (index: number) => Item) => Array.from({ length: count }, (_, i) => item(i))
const names = (count: number) => many(count, (index) => `"${index.toString(36)}":1`).join(',')

const kinds: readonly (readonly [title: string, body: string, query?: string])[] = [
  ['none', ''],
  ['65,000 impressions', JSON.stringify([{ f: 'checkout', i: rows(65_000) }])],
  ['… while somebody reads key:*99*', JSON.stringify([{ f: 'checkout', i: rows(65_000) }]), 'key:*99*'],
  ['… while somebody reads treatment:on', JSON.stringify([{ f: 'checkout', i: rows(65_000) }]), 'treatment:on'],
  ['65,000 with an unknown field', JSON.stringify([{ f: 'checkout', i: rows(65_000, { unknown: 1 }) }])],
  [
    '100,000 in 100 flags',
    JSON.stringify(many(100, (flag) => ({ f: `flag-${flag}`, i: rows(1000, { b: 'bucket' }) }))),
  ],
  [
    '100,000 in as many flags',
    JSON.stringify(
      many(100_000, (flag) => ({ f: `flag-${flag}`, i: [{ ...row(flag), t: `t${flag}`, r: `l${flag}` }] })),
    ),
  ],
  ['115,000 names in a row', `[{"f":"a","i":[{${names(115_000)}}]}]`],
  ['400,000 names in a row', `[{"f":"a","i":[{${names(400_000)}}]}]`],
  ['5,500,000 empty objects', `[${'{},'.repeat(5_500_000)}{}]`],
]
const small = JSON.stringify([{ f: 'small', i: rows(20) }])

async function post(url: string, body: string): Promise<{ readonly status: number; readonly ms: number }> {
  const began = performance.now()
  const headers = { Authorization: 'Bearer some-sdk-key' }
  const response = await fetch(`${url}/api/testImpressions/bulk`, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return { status: response.status, ms: performance.now() - began }
}

/** How late the loop was since this was asked last. */
async function lag(url: string): Promise<{ readonly p99: number; readonly max: number }> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const ms = (name: string) =>
    Math.round(1000 * Number(new RegExp(`^nodejs_eventloop_lag_${name}_seconds (\\S+)$`, 'm').exec(text)?.[1]))
  return { p99: ms('p99'), max: ms('max') }
}

function median(all: readonly number[]): number {
  return Math.round([...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0)
}

async function measure(body: string, query: string | undefined): Promise<string> {
  const server = await startServer()
  const hangUp = new AbortController()
  try {
    if (query) {
      const response = await fetch(`${server.url}/api/tail?q=${encodeURIComponent(query)}`, { signal: hangUp.signal })
      void response.body?.pipeTo(new WritableStream()).catch(() => {}) // hung up on
    }
    for (let sent = 0; sent < 200; sent++) await post(server.url, small)
    await lag(server.url)
    const end = performance.now() + seconds * 1000
    const statuses = new Map<number, number>()
    const large: number[] = []
    const smallMs: number[] = []
    const posting = async (what: string, took: number[]): Promise<void> => {
      while (what !== '' && performance.now() < end) {
        const { status, ms } = await post(server.url, what)
        took.push(ms)
        if (what !== small) statuses.set(status, (statuses.get(status) ?? 0) + 1)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    await Promise.all([posting(small, smallMs), posting(body, large)])
    const { p99, max } = await lag(server.url)
    const answers = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ')
    return `p99 ${p99} ms · max ${max} ms · ${Math.round(server.residentMb())} MB · large ${median(large)} ms (${answers})`
  } finally {
    hangUp.abort()
    await server.stop()
  }
}

for (const [title, body, query] of kinds) {
  const mib = (Buffer.byteLength(body) / 1024 ** 2).toFixed(1)
  console.log(`${title} (${mib} MiB): ${await measure(body, query)} · load ${loadavg()[0]?.toFixed(0)}`)
}
