import { expect, test } from 'vitest'
import { isAdmin, rolesOf, sightOf } from './person.ts'

const grants = [
  { group: 'support', environments: ['prod', 'stage'], role: 'masked' },
  { group: 'engineers', environments: ['stage'], role: 'full' },
  { group: 'owners', environments: ['*'], role: 'admin' },
  { group: 'auditors', environments: ['prod'], role: 'admin' },
  { group: 'leavers', environments: ['*'], role: 'none' },
] as const

function seenBy(...groups: string[]) {
  return Object.fromEntries(sightOf(rolesOf(groups, grants), ['prod', 'stage', 'dev']))
}

test('AC14 groups give roles, the strongest counts, and who has none sees nothing', () => {
  expect(seenBy('support')).toEqual({ prod: 'masked', stage: 'masked' })
  expect(seenBy('engineers', 'support')).toEqual({ prod: 'masked', stage: 'full' })
  expect(seenBy('owners', 'support')).toEqual({ prod: 'full', stage: 'full', dev: 'full' })
  expect(seenBy('leavers', 'engineers')).toEqual({ stage: 'full' })
  expect(seenBy('strangers')).toEqual({})
  expect(seenBy('__proto__', 'constructor')).toEqual({})
})

test('AC14 only who is admin of every environment may sign others out', () => {
  expect(isAdmin(rolesOf(['owners'], grants))).toBe(true)
  expect(isAdmin(rolesOf(['auditors', 'engineers'], grants))).toBe(false)
  expect(isAdmin(rolesOf([], grants))).toBe(false)
})
