import { expect, test } from 'vitest'
import { defaultLimits, type Limits } from '../../domain/limits.ts'
import { valueIn } from '../bus/bus.fixture.ts'
import { openMemoryStore } from './memory.ts'
import { openSharedStore } from './open.ts'
import { storeContract } from './store.contract.ts'

storeContract('memory', async (servers, overrides) => {
  const limits = { ...defaultLimits, ...overrides }
  const store = valueIn(await openSharedStore({ redisUrl: undefined, limits, now: Date.now }))
  return Array.from({ length: servers }, () => store)
})

function givenStore(overrides: Partial<Limits> = {}) {
  const clock = { nowMs: 1_700_000_000_000 }
  const store = openMemoryStore({ limits: { ...defaultLimits, ...overrides }, now: () => clock.nowMs })
  return { store, clock }
}

test('KY1 memory: the time of a text and of a claim is up to the ms', async () => {
  const { store, clock } = givenStore()
  await store.put('text', 'kept', 1000)
  await store.claim('claim', 1000)
  clock.nowMs += 999
  expect(valueIn(await store.get('text'))).toBe('kept')
  expect(valueIn(await store.claim('claim', 1000))).toBe(false)
  clock.nowMs += 1
  expect(valueIn(await store.get('text'))).toBeUndefined()
  expect(valueIn(await store.claim('claim', 1000))).toBe(true)
})

test('KY2 memory: without room, what would be forgotten first goes, and what is past its time before that', async () => {
  const { store, clock } = givenStore({ storeTexts: 3 })
  const held = async () => {
    const texts = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => store.get(name)))
    return texts.map((text) => valueIn(text) ?? '').join('')
  }
  await store.put('a', 'a', 3000)
  await store.put('b', 'b', 1000)
  await store.put('c', 'c', 2000)
  await store.put('c', 'c', 2000)
  expect(await held()).toBe('abc')
  await store.put('d', 'd', 5000)
  expect(await held()).toBe('acd')
  clock.nowMs += 2500
  await store.put('e', 'e', 1)
  expect(await held()).toBe('ade')
})

test('KY2 memory: claims beyond the bound take the place of those that would end first', async () => {
  const { store } = givenStore({ storeTexts: 2 })
  for (const [name, forMs] of [
    ['a', 1000],
    ['b', 3000],
    ['c', 2000],
  ] as const)
    expect(valueIn(await store.claim(name, forMs))).toBe(true)
  expect(valueIn(await store.claim('b', 1000))).toBe(false)
  expect(valueIn(await store.claim('c', 1000))).toBe(false)
  expect(valueIn(await store.claim('a', 1000))).toBe(true)
})
