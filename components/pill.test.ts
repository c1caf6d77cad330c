import { expect, test } from 'vitest'
import { pillOf } from './pill.ts'
import { at, group, Stage, totals } from './tail/stage.fixture.ts'

test('U38 the pill names the state in words: connecting, live with its rate or its quiet, reading, paused, reconnecting', () => {
  const stage = new Stage()
  const text = () => pillOf(stage.view).text
  expect(text()).toBe('')
  stage.clock.turn(1100)
  expect(text()).toBe('Connecting…')
  stage.begin({ cursor: [{ environmentId: 'prod', offset: 0, cumulative: 0 }] })
  expect(text()).toBe('Live · no impressions yet')
  stage.frame({ ...totals(90), rows: [group(1, ['a'])], cursor: at(1) })
  stage.clock.turn(900)
  expect(text()).toMatch(/^Live · \d+\/s$/)
  stage.clock.turn(130_000)
  expect(text()).toBe('Live · quiet 2 m')
  stage.store.reader.move(1)
  expect(text()).toBe('Reading · 0 new')
  stage.store.reader.setPaused(true)
  stage.frame({ ...totals(91), sequence: 2, rows: [group(2, ['b'])] })
  expect(text()).toBe('Paused · 1 new')
  stage.lose()
  stage.clock.turn(12_950)
  expect(text()).toBe('Reconnecting… 12 s (try 1)')
})

test('U39 the pill announces states, not numbers', () => {
  const stage = new Stage()
  stage.begin()
  expect(pillOf(stage.view).state).toBe('Live')
  stage.store.reader.setPaused(true)
  expect(pillOf(stage.view).state).toBe('Paused')
  stage.lose()
  stage.paint()
  expect(pillOf(stage.view).state).toBe('Reconnecting')
})
