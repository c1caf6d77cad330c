import { expect, test } from 'vitest'
import { jsonBytes } from './json-bytes.ts'
import { type Text, Texts } from './texts.ts'

/** Reads a string as it stands in a body, behind others. */
function read(texts: Texts, text: string): Text {
  const json = JSON.stringify(text)
  const body = Buffer.from(`["before",${json}]`)
  const from = body.indexOf(json) + 1
  return texts.at(body, from, from + Buffer.byteLength(json) - 2, json.includes('\\'))
}

/** Different strings of one length that a sum of bytes times 31 cannot tell apart: "Aa" and "BB". */
function colliding(pairs: number): readonly string[] {
  return Array.from({ length: 2 ** pairs }, (_, bits) =>
    Array.from({ length: pairs }, (_, pair) => ((bits >> pair) & 1 ? 'BB' : 'Aa')).join(''),
  )
}

test('strings that fall on one slot are each read as they stand', () => {
  const texts = new Texts()
  for (let round = 0; round < 3; round++) for (const text of colliding(8)) expect(read(texts, text).text).toBe(text)
})

test('a string that is met again is the same object, with what it weighs', () => {
  const texts = new Texts()
  for (const text of ['on', 'in list ["a"]', 'größer', '😀', 'x'.repeat(256)]) {
    const first = read(texts, text)
    expect(first).toMatchObject({ text, jsonBytes: jsonBytes(text) })
    read(texts, 'other')
    expect(read(texts, text)).toBe(first)
  }
})

test('a string too long to be kept is read all the same', () => {
  const texts = new Texts()
  const long = `${'x'.repeat(300)}"é`
  expect(read(texts, long)).toEqual({ text: long, jsonBytes: jsonBytes(long) })
  expect(read(texts, long)).not.toBe(read(texts, long))
})

test('strings that fall on one slot cost no more than others', () => {
  const hostile = colliding(13)
  const usual = hostile.map((text, index) => `${index}-${text}`.slice(0, text.length))
  const cost = (all: readonly string[]): number => {
    const texts = new Texts()
    const began = performance.now()
    for (const text of all) read(texts, text)
    return performance.now() - began
  }
  cost(usual) // code is compiled
  const [hostileMs, usualMs] = [cost(hostile), cost(usual)]
  expect(hostileMs).toBeLessThan(10 * usualMs + 50) // chains of all 8,192 would be hundreds of times slower
})
