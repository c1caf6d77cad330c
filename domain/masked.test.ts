import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isMask, maskedRow, maskedShared, maskText, spellsAddress } from './masked.ts'

const maskOf = (text: string) => maskText(createHmac('sha256', 'secret').update(text).digest('hex'))
/** Neither hex digits nor the letters of `user`: where these stand in a mask, they are of the key. */
const elsewhere = fc.string({ unit: fc.constantFrom(...'ghijklmnopqtvwxyzGHIJ@_é'), minLength: 1, maxLength: 40 })
const anything = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })

test('MK3 a mask tells nothing of its key: no part of it, not its length, and no two have the same', () => {
  const masks = new Map<string, string>()
  fc.assert(
    fc.property(fc.oneof(elsewhere, anything), elsewhere, (key, letters) => {
      const mask = maskOf(key + letters)
      expect(isMask(mask)).toBe(true)
      expect(mask).toHaveLength(21)
      for (const letter of letters) expect(mask).not.toContain(letter)
      expect(masks.get(mask) ?? key + letters).toBe(key + letters)
      masks.set(mask, key + letters)
    }),
    { numRuns: 2000 },
  )
})

test('MK3 of hexadecimal keys no more of four digits stands in a mask than chance brings', () => {
  let found = 0
  const runs = 20_000
  for (let index = 0; index < runs; index++) {
    const key = createHmac('sha256', 'keys').update(String(index)).digest('hex').slice(0, 8)
    const mask = maskOf(key)
    if ([0, 1, 2, 3, 4].some((from) => mask.includes(key.slice(from, from + 4)))) found++
  }
  expect(found / runs).toBeLessThan(0.002) // 5 parts at 13 places, 1 in 65,536 each: 0.001
})

test('a masked row has the fields that we know, masked where they are hidden, and none besides', () => {
  const row = {
    k: 'ada',
    b: 'b',
    t: 'on',
    m: 5,
    r: 'rule',
    c: 7,
    pt: 3,
    properties: '{"a":1}',
    et: 'user',
    x: { y: 1 },
  }
  expect(maskedRow(row, (text) => `<${text}>`)).toEqual({ k: '<ada>', b: '<b>', t: 'on', m: 5, r: 'rule', c: 7, pt: 3 })
  const loose = { k: 'ada', b: '', t: 'on', m: 5, r: { deep: 'ada' }, c: ['ada'], pt: 'ada' }
  expect(JSON.stringify(maskedRow(loose, () => 'M'))).toBe('{"k":"M","t":"on","m":5}')
})

test('a machine is hidden when its name spells an address, however it is spelled', () => {
  const spelled = [
    ...[
      '10.0.0.7',
      'ip-10-0-0-7',
      'ip-10-0-0-7.eu-west-1.compute.internal',
      'node_10_0_0_7',
      'x10.0.0.7y',
      'ip-0A000007',
      'x-2001-db8--1',
    ],
    ...['2001:db8::1', 'fe80::1%eth0', '::1', '2001:db8:0:0:0:0:0:1', '2001-0db8-0000-0000-0000-0000-0000-0001'],
  ]
  for (const name of spelled) expect(spellsAddress(name, undefined), name).toBe(true)
  for (const name of ['web-1', 'app-2024-01-02', 'checkout-7f9c-1234', 'ip-cache', undefined, '10.0.0'])
    expect(spellsAddress(name, undefined), name).toBe(false)
  expect(spellsAddress('host-2001-db8--1', '2001:db8::1')).toBe(true)
  for (const name of ['host-0a090807', '168364039', 'vm168364039a', 'X-0A090807-1'])
    expect([spellsAddress(name, '10.9.8.7'), spellsAddress(name, '10.9.8.6')], name).toEqual([true, false])
  expect(spellsAddress('web-1', '10.0.0.7')).toBe(false)
  const shared = {
    environmentId: 'e',
    environmentName: 'e',
    source: 'sdk',
    verified: true,
    receptionTimestamp: 1,
  } as const
  expect(maskedShared({ ...shared, machineIp: '10.0.0.7', machineName: 'web-1' })).toEqual({
    ...{ ...shared, machineName: 'web-1', machineIp: undefined, masked: true },
  })
})
