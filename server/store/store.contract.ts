import { afterEach, expect, test } from 'vitest'
import type { Limits } from '../../domain/limits.ts'
import { until, valueIn } from '../bus/bus.fixture.ts'
import type { SharedStore } from './store.ts'

/** Stores that share what they have, as of so many servers; their limits are the defaults with these overrides. */
export type OpenStores = (servers: number, overrides?: Partial<Limits>) => Promise<readonly SharedStore[]>

/** What every store must do; each test has names of its own, and what it opened is closed behind it. */
export function storeContract(kind: string, open: OpenStores): void {
  const opened: SharedStore[] = []
  let names = 0

  async function given(overrides?: Partial<Limits>) {
    const [here, there] = await open(2, overrides)
    if (!here || !there) throw new Error('two servers are wanted')
    opened.push(here, there)
    names++
    return { here, there, name: `contract-${names}` }
  }

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()))
  })

  test(`KY1 ${kind}: a text is made by the first who asks, and the same for all from then on`, async () => {
    const { here, there, name } = await given()
    const asked = [here, there, here, there].map((store, turn) => store.made(name, () => `made by ${turn}`))
    const texts = (await Promise.all(asked)).map(valueIn)
    expect(new Set(texts).size).toBe(1)
    expect(texts[0]).toMatch(/^made by \d$/)
    const again = await there.made(name, () => {
      throw new Error('made twice')
    })
    expect(valueIn(again)).toBe(texts[0])
    expect(valueIn(await here.made(`${name}-other`, () => 'other'))).toBe('other')
  })

  test(`KY1 ${kind}: a name is taken by one, until its time is up`, async () => {
    const { here, there, name } = await given()
    const claims = (await Promise.all([here, there, here].map((store) => store.claim(name, 60_000)))).map(valueIn)
    expect(claims.filter((taken) => taken)).toHaveLength(1)
    expect(valueIn(await there.claim(`${name}-short`, 30))).toBe(true)
    expect(valueIn(await here.claim(`${name}-short`, 60_000))).toBe(false)
    await until(async () => valueIn(await here.claim(`${name}-short`, 60_000)))
  })

  test(`KY1 ${kind}: a text is read until it is forgotten, replaced or deleted`, async () => {
    const { here, there, name } = await given()
    expect(valueIn(await here.get(name))).toBeUndefined()
    valueIn(await here.put(name, 'first', 60_000))
    expect(valueIn(await there.get(name))).toBe('first')
    valueIn(await there.put(name, 'zweiter ✓\0\n', 60_000))
    expect(valueIn(await here.get(name))).toBe('zweiter ✓\0\n')
    valueIn(await here.put(name, '', 60_000))
    expect(valueIn(await there.get(name))).toBe('')
    valueIn(await there.delete(name))
    valueIn(await there.delete(name))
    expect(valueIn(await here.get(name))).toBeUndefined()
    valueIn(await here.put(name, 'short', 50.5))
    await until(async () => valueIn(await there.get(name)) === undefined)
  })

  test(`KY1 ${kind}: the entries of a table are kept until they are deleted`, async () => {
    const { here, there, name } = await given()
    expect(valueIn(await here.table(name))).toEqual(new Map())
    valueIn(await here.putEntry(name, 'a', '1'))
    valueIn(await there.putEntry(name, 'b', '2'))
    valueIn(await there.putEntry(name, 'a', '3'))
    const before = valueIn(await here.table(name))
    expect(before).toEqual(
      new Map([
        ['a', '3'],
        ['b', '2'],
      ]),
    )
    valueIn(await there.deleteEntry(name, 'a'))
    valueIn(await there.deleteEntry(name, 'never there'))
    expect(valueIn(await here.table(name))).toEqual(new Map([['b', '2']]))
    expect(before.size).toBe(2)
  })

  test(`KY1 ${kind}: texts, claims, made texts and tables have names of their own`, async () => {
    const { here, name } = await given()
    valueIn(await here.put(name, 'text', 60_000))
    expect(valueIn(await here.made(name, () => 'made'))).toBe('made')
    expect(valueIn(await here.claim(name, 60_000))).toBe(true)
    valueIn(await here.putEntry(name, 'field', 'entry'))
    expect(valueIn(await here.get(name))).toBe('text')
  })

  test(`KY2 ${kind}: a table that is full takes no further entry, and says so`, async () => {
    const { here, there, name } = await given({ storeTableEntries: 2 })
    valueIn(await here.putEntry(name, 'a', '1'))
    valueIn(await there.putEntry(name, 'b', '2'))
    expect(await here.putEntry(name, 'c', '3')).toEqual({
      ok: false,
      error: { reason: 'full', message: `"${name}" has 2 entries, and may not have more` },
    })
    valueIn(await here.putEntry(name, 'b', 'another'))
    valueIn(await there.deleteEntry(name, 'a'))
    valueIn(await here.putEntry(name, 'c', '3'))
    expect([...valueIn(await here.table(name)).keys()].sort()).toEqual(['b', 'c'])
  })

  test(`KY2 ${kind}: a text that is too long is a mistake of ours, and nothing is stored`, async () => {
    const { here, name } = await given({ storeTextBytes: 4 })
    await expect(here.put(name, 'üüü', 60_000)).rejects.toThrow('too long')
    await expect(here.putEntry(name, 'a', '12345')).rejects.toThrow('too long')
    await expect(here.made(name, () => '12345')).rejects.toThrow('too long')
    expect(valueIn(await here.get(name))).toBeUndefined()
    expect(valueIn(await here.table(name)).size).toBe(0)
    valueIn(await here.put(name, 'üü', 60_000))
  })
}
