import { monitorEventLoopDelay } from 'node:perf_hooks'
import { behaviourOf, faultOf } from './behaviour.ts'
import type { Input } from './input.ts'
import { mutate } from './mutate.ts'
import { Random } from './random.ts'
import { Corpus, recorded } from './seeds.ts'
import { FuzzedServer, healthyKey } from './server.ts'
import { bombNames, bombOf, freshPerPost, freshPost, slowLoris } from './storm.ts'
import { exchange } from './wire.ts'

/**
 * `npm run fuzz [seconds] [seed]`: throws at the built server what it was not made for. What shows a new behaviour is
 * kept and built upon, in `server/ingest/captures/fuzz` unless `--keep=no`.
 */
const [secondsText = '60', seedText = String(Date.now() % 1e9)] = process.argv
  .slice(2)
  .filter((word) => !word.startsWith('--'))
const seconds = Number(secondsText)
const seed = Number(seedText)
const explorers = 16
const slowConnections = 60
/** Memory: the logs of three environments, some 400 MB in all, and what the largest bodies take while they are read. */
const gates = { lateMs: 100, residentMb: 1000, growthMb: 100, windowMs: 5000 } as const

const corpus = new Corpus(!process.argv.includes('--keep=no'))
const known = corpus.size
const seeds = recorded()
for (const name of bombNames) bombOf(name, new Random(seed))
const server = await FuzzedServer.open()
const began = performance.now()
const end = began + seconds * 1000
const isOn = (): boolean => performance.now() < end && server.isAlive && faults.size < 20

const faults = new Map<string, string>()
const statuses = new Map<string, number>()
const counted = { inputs: 0, bombs: 0, fresh: 0, slow: 0, healthy: 0 }
const healthyMs: number[] = []
const lateMs: number[] = []
let mostLateMs = 0
let ownLateMs = 0
const residentMb: number[] = []

function tell(input: Input, what: string): void {
  const { body, ...head } = input
  const shown = body.length > 2000 ? `${body.length} bytes` : body.toString('latin1')
  if (!faults.has(what)) faults.set(what, `${JSON.stringify(head)} ${JSON.stringify(shown)}`)
}

async function attempt(input: Input): Promise<string> {
  const outcome = await exchange(server.port, input)
  const status = outcome.came === 'answer' ? String(outcome.status) : outcome.came
  statuses.set(status, (statuses.get(status) ?? 0) + 1)
  const fault = faultOf(input, outcome)
  if (fault && server.isAlive) tell(input, fault)
  return behaviourOf(input, outcome)
}

/** Goes on from what showed something new; now and then from what was recorded. */
async function explore(random: Random): Promise<void> {
  while (isOn()) {
    const all = [...seeds, ...corpus.inputs]
    const input = mutate(random.pick(random.chance(0.3) ? seeds : all), all, random)
    corpus.add(await attempt(input), input)
    counted.inputs++
  }
}

/** Cuts one recorded post at every length. */
async function cutEverywhere(random: Random): Promise<void> {
  const whole = random.pick(seeds.filter(({ body }) => body.length > 0))
  for (let length = 0; length < whole.body.length && isOn(); length++) {
    await attempt({ ...whole, body: whole.body.subarray(0, length) })
    counted.inputs++
  }
}

async function bombard(random: Random): Promise<void> {
  for (let round = 0; isOn(); round++) {
    const name = bombNames[round % bombNames.length] ?? ''
    const input = bombOf(name, random)
    await attempt(random.chance(0.8) ? input : { ...input, delivery: { how: 'cut', at: 0.9, afterwards: 'reset' } })
    counted.bombs++
  }
}

async function freshen(): Promise<void> {
  for (; isOn(); counted.fresh += freshPerPost) await attempt(freshPost(counted.fresh / freshPerPost))
}

async function drip(random: Random): Promise<void> {
  for (; isOn(); counted.slow++) await slowLoris(server.port, random)
}

/** Somebody for whom all of this should not matter. */
async function stayHealthy(): Promise<void> {
  const body = JSON.stringify([
    { f: 'healthy', i: Array.from({ length: 20 }, (_, index) => ({ k: `u${index}`, t: 'on', m: 1 })) },
  ])
  for (; isOn(); counted.healthy++) {
    const sentMs = performance.now()
    const headers = { Authorization: `Bearer ${healthyKey}` }
    const answer = await fetch(`${server.url}/api/testImpressions/bulk`, { method: 'POST', headers, body })
      .then(async (response) => `${response.status} ${await response.text()}`)
      .catch((error: unknown) => String(error))
    healthyMs.push(performance.now() - sentMs)
    if (answer !== '200 {"accepted":20,"rejected":0}') faults.set(`a healthy post got ${answer}`, '')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** How late the server is by its own measure, over some seconds at a time, less what this machine does to everybody. */
async function watch(): Promise<void> {
  const own = monitorEventLoopDelay({ resolution: 10 })
  own.enable()
  await server.numbers('nodejs_eventloop_lag_p99_seconds')
  while (isOn()) {
    await new Promise((resolve) => setTimeout(resolve, gates.windowMs))
    if (!server.isAlive) return
    const [late = 0, most = 0, resident = 0] = await server.numbers(
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_eventloop_lag_max_seconds',
      'process_resident_memory_bytes',
    )
    lateMs.push(late * 1000)
    mostLateMs = Math.max(mostLateMs, most * 1000)
    residentMb.push(Math.round(resident / 1024 ** 2))
    const machineMs = own.percentile(99) / 1e6
    ownLateMs = Math.max(ownLateMs, own.max / 1e6)
    own.reset()
    if (late * 1000 > gates.lateMs + machineMs) {
      faults.set(`the event loop's p99 was ${Math.round(late * 1000)} ms, ours ${Math.round(machineMs)}`, '')
    }
  }
}

/** The logs are followed, so that what is told of them is counted. */
async function follow(): Promise<void> {
  const hangUp = new AbortController()
  const response = await fetch(`${server.url}/api/tail?q=${encodeURIComponent('key:nobody')}`, {
    signal: hangUp.signal,
  })
  const reading = response.body?.pipeTo(new WritableStream()).catch(() => {}) // hung up on
  while (isOn()) await new Promise((resolve) => setTimeout(resolve, 200))
  hangUp.abort()
  await reading
}

function at(all: readonly number[], share: number): number {
  const sorted = [...all].sort((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
}

console.log(`fuzz: seed ${seed}, ${seconds} s, ${seeds.length} recorded requests, ${known} kept`)
await Promise.all([
  ...Array.from({ length: explorers }, (_, index) => explore(new Random(seed + index))),
  ...Array.from({ length: slowConnections }, (_, index) => drip(new Random(seed + 100 + index))),
  cutEverywhere(new Random(seed + 10)),
  bombard(new Random(seed + 11)),
  freshen(),
  stayHealthy(),
  follow(),
  watch(),
])
if (server.isAlive) {
  const [failures = 0] = await server.numbers('flagtail_failures_total')
  if (failures > 0) faults.set(`${failures} things broke inside: ${server.told.slice(-2000)}`, '')
} else faults.set(`the server died: ${server.told.slice(-2000)}`, '')
const mostMb = Math.max(0, ...residentMb)
const half = Math.ceil(residentMb.length / 2)
const [firstMb, lastMb] = [residentMb.slice(0, half), residentMb.slice(half)].map((all) => Math.min(...all))
if (Number(lastMb) > Number(firstMb) + gates.growthMb) faults.set(`from ${firstMb} to ${lastMb} MB stayed resident`, '')
if (mostMb > gates.residentMb) faults.set(`${mostMb} MB were resident`, '')
if (!(await server.close())) faults.set('the server did not leave well', '')

const { inputs, bombs, fresh, slow, healthy } = counted
console.log(
  [
    `${inputs} inputs, ${bombs} bombs, ${fresh} new flags and keys, ${slow} slow connections`,
    `answers: ${[...statuses]
      .sort()
      .map(([status, count]) => `${count} × ${status}`)
      .join(', ')}`,
    `behaviours: ${corpus.found} new, ${corpus.size} known`,
    `healthy posts: ${healthy}, p50 ${at(healthyMs, 0.5)} ms, p99 ${at(healthyMs, 0.99)} ms, at most ${at(healthyMs, 1)} ms`,
    `event loop: p99 ${lateMs.map((ms) => Math.round(ms)).join(', ')} ms in windows of ${gates.windowMs / 1000} s, at most ${Math.round(mostLateMs)} ms; this program's own at most ${Math.round(ownLateMs)} ms`,
    `resident: ${residentMb.join(', ')} MB at the ends of the same`,
  ].join('\n'),
)
for (const [fault, input] of faults) console.error(`FAULT ${fault}\n  ${input}`)
console.log(faults.size === 0 ? 'fuzz: nothing found' : `fuzz: ${faults.size} faults, seed ${seed}`)
process.exitCode = faults.size === 0 ? 0 : 1
