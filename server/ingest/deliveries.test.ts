import { Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { defaultLimits } from '../../domain/limits.ts'
import { failed, ok, type Result } from '../../domain/result.ts'
import type { BusFailure } from '../bus/bus.ts'
import { openProxy } from './cutting-proxy.fixture.ts'
import { Deliveries } from './deliveries.ts'
import {
  type Append,
  authorized,
  bulk,
  clientKey,
  head,
  openDoor,
  post,
  row,
  send,
  until,
  Wire,
} from './ingest.fixture.ts'

type Door = Awaited<ReturnType<typeof openDoor>>

/** A log that answers when told to. */
function slowLog() {
  const waiting: ((outcome: Result<void, BusFailure>) => void)[] = []
  const append: Append = () => new Promise((resolve) => waiting.push(resolve))
  return {
    append,
    waiting: () => waiting.length,
    answer: (outcome: Result<void, BusFailure>) => waiting.shift()?.(outcome),
  }
}

/** Posts one row of flag `a` per key, and leaves the connection open unless `headers` say otherwise. */
function begin(port: number, keys: readonly string[], headers: Readonly<Record<string, string>> = {}): Wire {
  const wire = new Wire(port)
  write(wire, keys, headers)
  return wire
}

function write(wire: Wire, keys: readonly string[], headers: Readonly<Record<string, string>> = {}): void {
  const body = post('a', ...keys.map((k) => row({ k })))
  const all = { ...authorized, ...headers, 'Content-Length': String(body.length) }
  wire.write(head('POST', bulk, Object.entries(all)) + body)
}

/** The keys that are labelled when these come again: those that were remembered. */
async function labelledOf(door: Door, keys: readonly string[]): Promise<readonly string[]> {
  await send(door, bulk, post('a', ...keys.map((k) => row({ k }))))
  const batches = door.recorded.appends.at(-1)?.batches ?? []
  return batches.flatMap(({ header }) => header.retries.map((index) => keys[index] ?? 'none'))
}

test.each(['reset', 'end'] as const)(
  'R2 rows are labelled whose sender was gone (%s) before the answer, whenever they come again',
  async (how) => {
    const log = slowLog()
    let slow = true
    const door = await openDoor({
      append: async (environmentId, batches) => (slow ? log.append(environmentId, batches) : ok(undefined)),
    })
    const proxy = await openProxy(door.port)
    const wire = begin(proxy.port, ['ann', 'bob'])
    await until(() => log.waiting() === 1)
    slow = false
    proxy.cut(how)
    await wire.closed
    await untilLabelled(door, ['ann'])
    log.answer(ok(undefined))
    expect(await labelledOf(door, ['new', 'bob', 'ann', 'ann'])).toEqual(['bob', 'ann', 'ann'])
    expect(door.recorded.retried.at(-1)).toBe(3)
    expect(door.recorded.failures).toEqual([])
  },
)

/** The cut travels as fast as the next post: sends these until they are labelled. */
async function untilLabelled(door: Door, keys: readonly string[]): Promise<void> {
  const deadline = performance.now() + 5000
  while ((await labelledOf(door, keys)).length < keys.length) {
    if (performance.now() > deadline) throw new Error(`never labelled: ${keys}`)
  }
}

test.each(['keep-alive', 'close'])(
  'R2 so are rows whose answer was reset on its way (Connection: %s)',
  async (connection) => {
    const door = await openDoor()
    const proxy = await openProxy(door.port)
    proxy.cutNextAnswer()
    const wire = begin(proxy.port, ['ann', 'bob'], { Connection: connection })
    await wire.closed
    await untilLabelled(door, ['bob'])
    expect(await labelledOf(door, ['ann', 'new', 'bob'])).toEqual(['ann', 'bob'])
    expect(proxy.answersCut()).toBe(1)
    expect(door.recorded.failures).toEqual([])
  },
)

test('a retry whose answer is cut too is labelled, and so is the next', async () => {
  const door = await openDoor()
  const proxy = await openProxy(door.port)
  for (let times = 0; times < 3; times++) {
    proxy.cutNextAnswer()
    await begin(proxy.port, ['ann']).closed
    await untilLabelled(door, ['ann'])
  }
  expect(proxy.answersCut()).toBe(3)
})

test('rows of a beacon are known again too: a browser repeats a request by itself when a kept connection breaks', async () => {
  const door = await openDoor()
  const proxy = await openProxy(door.port)
  const beacon = JSON.stringify({ entries: JSON.parse(post('a', row({ k: 'ann' }))), token: clientKey })
  proxy.cutNextAnswer()
  const wire = new Wire(proxy.port)
  wire.write(head('POST', '/testImpressions/beacon', [['Content-Length', String(beacon.length)]]) + beacon)
  await wire.closed
  await untilLabelled(door, ['ann'])
})

test('R3 rows of a post that was 503 because the log was late are labelled when they come again', async () => {
  const log = slowLog()
  const door = await openDoor({ append: log.append })
  const reply = begin(door.port, ['ann']).reply()
  expect((await reply).status).toBe(503)
  log.answer(ok(undefined))
  const again = begin(door.port, ['new', 'ann']).reply()
  await until(() => log.waiting() === 1)
  log.answer(ok(undefined))
  expect((await again).status).toBe(200)
  expect(door.recorded.appends[1]?.batches[0]?.header.retries).toEqual([1])
  expect(door.recorded.retried).toEqual([1])
})

const outcomes: readonly (readonly [reason: BusFailure['reason'], labelled: readonly string[]])[] = [
  ['unanswered', ['ann']],
  ['down', []],
]

test.each(outcomes)('R3 when the bus says %s, these are labelled: %j', async (reason, labelled) => {
  let outcome: Result<void, BusFailure> = failed({ reason, message: 'no route to Redis' })
  const door = await openDoor({ append: async () => outcome })
  expect((await send(door, bulk, post('a', row({ k: 'ann' })))).status).toBe(503)
  outcome = ok(undefined)
  expect(await labelledOf(door, ['ann'])).toEqual(labelled)
})

test('what breaks inside may have reached the log', async () => {
  let broken = true
  const append = () => (broken ? Promise.reject(new Error('broken')) : Promise.resolve(ok(undefined)))
  const door = await openDoor({ append })
  expect((await send(door, bulk, post('a', row({ k: 'ann' })))).status).toBe(500)
  broken = false
  expect(await labelledOf(door, ['ann'])).toEqual(['ann'])
})

test('R4 where answers arrive nothing is remembered: identical rows are no retries', async () => {
  const door = await openDoor()
  expect(await labelledOf(door, ['twin', 'twin'])).toEqual([])
  const kept = begin(door.port, ['twin', 'kept'])
  await kept.reply()
  write(kept, ['twin', 'second'])
  await kept.reply()
  kept.socket.resetAndDestroy() // its last answer may be lost, the one before has arrived
  await kept.closed
  await untilLabelled(door, ['second'])
  expect(await labelledOf(door, ['kept'])).toEqual([])
  for (const how of ['end', 'destroy'] as const) {
    const closing = begin(door.port, [`closed by ${how}`], { Connection: 'close' })
    await closing.reply()
    closing.socket[how]()
    await closing.closed
  }
  const ended = begin(door.port, ['ended'])
  await ended.reply()
  ended.socket.end()
  await ended.closed
  expect(await labelledOf(door, ['closed by end', 'closed by destroy', 'ended'])).toEqual([])
})

test('R4 an answer that has left for a while has arrived', async () => {
  const door = await openDoor({ limits: { deliveryMs: 50 } })
  const wire = begin(door.port, ['ann'])
  await wire.reply()
  await new Promise((resolve) => setTimeout(resolve, 100)) // the time is what this is about
  wire.socket.resetAndDestroy()
  await wire.closed
  await begin(door.port, ['other']).reply()
  expect(await labelledOf(door, ['ann'])).toEqual([])
})

test('a closing connection whose sender does not end it is closed after that while', async () => {
  const door = await openDoor({ limits: { deliveryMs: 200 } })
  const wire = new Wire(door.port)
  wire.socket.allowHalfOpen = true
  write(wire, ['ann'], { Connection: 'close' })
  await wire.reply()
  expect(await door.connections()).toBe(1)
  let connections = 1
  const asking = setInterval(async () => {
    connections = await door.connections()
  }, 5)
  onTestFinished(() => clearInterval(asking))
  await until(() => connections === 0)
})

test('an answer is lost at once when its connection is gone already', () => {
  let lost = 0
  const deliveries = new Deliveries(defaultLimits)
  const socket = new Socket().destroy()
  const delivery = deliveries.open(socket, [], () => lost++)
  expect(lost).toBe(1)
  deliveries.lose(delivery)
  expect(lost).toBe(1)
})

test('of answers that have left only so many bytes are followed, the newest', async () => {
  const door = await openDoor({ limits: { deliveryBytes: 100 } })
  const wires: Wire[] = []
  for (const key of ['first', 'second', 'third']) {
    const wire = begin(door.port, [key]) // some 40 bytes of rows
    await wire.reply()
    wires.push(wire)
  }
  for (const wire of wires) wire.socket.resetAndDestroy()
  await untilLabelled(door, ['second', 'third'])
  expect(await labelledOf(door, ['first'])).toEqual([])
})

test('R5 what is forgotten before its time is told', async () => {
  const door = await openDoor({ limits: { retryFingerprints: 2 } })
  const proxy = await openProxy(door.port)
  proxy.cutNextAnswer()
  await begin(proxy.port, ['ann', 'bob', 'cyd']).closed
  await until(() => door.recorded.forgotten.length === 1)
  expect(door.recorded.forgotten).toEqual([1])
  expect(await labelledOf(door, ['ann', 'bob', 'cyd'])).toEqual(['bob', 'cyd'])
})
