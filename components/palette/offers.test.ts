import { expect, test } from 'vitest'
import type { Command } from '../commands.ts'
import { group, Stage } from '../tail/stage.fixture.ts'
import { findOffers, offersOf } from './offers.ts'

const command = (id: string, more: Partial<Command> = {}): Command => {
  return { id, title: `Do ${id}`, group: 'Watch', keys: [], run: () => {}, ...more }
}

function offers(commands: readonly Command[]) {
  const stage = new Stage({ link: { text: 'treatment:on' } })
  const prod = { id: 'prod', name: 'Production' }
  stage.begin({ environments: [prod, { id: 'stage', name: 'Stag\u202ee' }], rows: [group(1, ['ann'])] })
  const flags = { values: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((flag) => [flag, 1] as const), other: 0 }
  const none = { values: [], other: 0 }
  stage.hears.facets({ environments: none, flags, treatments: none, labels: none, sdks: none, machines: none })
  stage.paint()
  return { stage, offers: offersOf(commands, stage.store, stage.view) }
}

test('W8 the palette offers each command with its key, each environment and each flag of late', () => {
  const { stage, offers: all } = offers([command('x', { keys: ['x', 'y'] }), command('move', { hidden: true })])
  expect(findOffers(all, '').map(({ title, key }) => [title, key])).toEqual([
    ['Do x', 'x'],
    ['Watch only Production', undefined],
    ['Watch only Stag\\u202ee', undefined],
    ['Watch all environments', undefined],
    ...['a', 'b', 'c', 'd', 'e', 'f'].map((flag) => [`Filter by flag ${flag}`, undefined]),
  ])
  findOffers(all, 'checkout')[0]?.run()
  expect(stage.view.search.text).toBe('treatment:on flag:checkout')
  findOffers(all, 'flag g')[0]?.run()
  expect(stage.view.search.text).toBe('treatment:on flag:g')
  findOffers(all, 'only prod')[0]?.run()
  expect(stage.view.search.text).toBe('treatment:on env:Production')
})
