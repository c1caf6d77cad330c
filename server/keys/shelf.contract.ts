import { afterEach, expect, test } from 'vitest'
import { valueIn } from '../bus/bus.fixture.ts'
import { keyIdOf, sha256Of } from './made-key.ts'
import type { MadeKey } from './made-keys.ts'
import type { KeyShelf } from './shelf.ts'

/** What stands in the config file that a shelf is opened with, besides environments `prod` and `stage`. */
export const writtenKey = 'written-by-hand-into-the-file'

/** Several views of the same keys: `prod` has `writtenKey`, a server key; `stage` has none. */
export type OpenShelves = (views: number) => Promise<readonly KeyShelf[]>

let made = 0

/** A key that no other test has, made a second after the last. */
export function newKey(fields: Partial<MadeKey> = {}): MadeKey {
  made++
  const sha256 = sha256Of(`key ${made}`)
  const createdAt = new Date(Date.UTC(2026, 10, 24, 10) + made * 1000).toISOString()
  return { sha256, environmentId: 'stage', kind: 'server', createdAt, ...fields }
}

export function shelfContract(place: string, open: OpenShelves): void {
  const opened: KeyShelf[] = []

  async function given() {
    const [here, there] = await open(2)
    if (!here || !there) throw new Error('two views are wanted')
    opened.push(here, there)
    return { here, there }
  }

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((shelf) => shelf.close()))
  })

  const hashes = async (shelf: KeyShelf) => valueIn(await shelf.list()).map(({ sha256 }) => sha256)

  test(`KY5 ${place}: a key is listed with what was said of it until it is revoked by its id`, async () => {
    const { here, there } = await given()
    const before = await hashes(here)
    expect(before).toEqual([sha256Of(writtenKey)])
    const plain = newKey()
    const full = newKey({
      kind: 'client',
      name: 'web shop',
      origins: ['https://shop.example', 'capacitor://localhost'],
    })
    valueIn(await here.add(plain))
    valueIn(await there.add(full))
    const listed = valueIn(await there.list())
    expect(listed).toHaveLength(3)
    expect(listed).toContainEqual(expect.objectContaining(plain))
    expect(listed).toContainEqual(expect.objectContaining(full))
    const removed = valueIn(await here.remove(keyIdOf(full.sha256)))
    expect(removed).toMatchObject(full)
    expect(await hashes(there)).toEqual([sha256Of(writtenKey), plain.sha256])
    const again = await here.remove(keyIdOf(full.sha256))
    expect(again).toEqual({
      ok: false,
      error: `no key has the id ${keyIdOf(full.sha256)}: flagtail keys list shows them`,
    })
  })

  test(`KY6 ${place}: of one environment and kind two keys live, and the third is refused until one is revoked`, async () => {
    const { here, there } = await given()
    const [first, second, third] = [newKey(), newKey(), newKey()]
    valueIn(await here.add(first))
    valueIn(await there.add(second))
    const ids = [first, second].map(({ sha256 }) => keyIdOf(sha256)).join(', ')
    expect(await here.add(third)).toEqual({
      ok: false,
      error: `stage has 2 live server keys (${ids}), and 2 are the most: revoke one first`,
    })
    valueIn(await here.add(newKey({ kind: 'client' })))
    valueIn(await there.remove(keyIdOf(first.sha256)))
    valueIn(await here.add(third))
  })

  test(`KY6 ${place}: keys that were written into the config file by hand count too`, async () => {
    const { here } = await given()
    valueIn(await here.add(newKey({ environmentId: 'prod' })))
    const third = await here.add(newKey({ environmentId: 'prod' }))
    expect(!third.ok && third.error).toContain(keyIdOf(sha256Of(writtenKey)))
  })

  test(`KY6 ${place}: also of those who add at the same moment no more than two get in`, async () => {
    const { here, there } = await given()
    const keys = Array.from({ length: 6 }, () => newKey())
    const added = await Promise.all(keys.map((key, index) => (index % 2 === 0 ? here : there).add(key)))
    const live = (await hashes(here)).filter((sha256) => sha256 !== sha256Of(writtenKey))
    expect(live.length).toBeLessThanOrEqual(2)
    const taken = keys.filter((_, index) => added[index]?.ok).map(({ sha256 }) => sha256)
    expect([...live].sort()).toEqual(taken.sort())
  })
}
