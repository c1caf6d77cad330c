import { expect, test } from 'vitest'
import { at, group, onlyOn, Stage, totals } from './stage.fixture.ts'

const unavailable = { reason: 'unavailable', message: 'no connection to Redis', retryInMs: 1000 } as const
const watches = (stage: Stage) => stage.said.filter(([name]) => name === 'watch').length

test('a refused watch is asked again also when the text changes without another filter', () => {
  const stage = new Stage()
  stage.connect()
  stage.hears.refused(unavailable)
  stage.store.setText(' ') // the same filter
  stage.clock.turn(5000)
  expect(watches(stage)).toBe(2)
})

test('and when what is typed is a mistake', () => {
  const stage = new Stage()
  stage.connect()
  stage.hears.refused(unavailable)
  stage.store.setText('flga:')
  stage.clock.turn(5000)
  expect(watches(stage)).toBe(2)
})

test('an unknown environment stays told while the filter that names it stays', () => {
  const stage = new Stage({ link: { text: 'env:nowhere' } })
  stage.begin({ unknownEnvironments: ['nowhere'] })
  stage.store.setText('env:nowhere ')
  stage.clock.turn(2500)
  expect(stage.view.notice.text).toContain('nowhere')
})

test('the notice of a filter that was replaced is not told of the next', () => {
  const stage = new Stage({ link: { text: 'env:nowhere' } })
  stage.connect()
  stage.store.setText('')
  stage.clock.turn(150)
  stage.start({ revision: 1, unknownEnvironments: ['nowhere'] }) // was on its way
  stage.start({ revision: 2 })
  expect(stage.view.notice.text).not.toContain('nowhere')
})

test('a bus that came back while the socket was away is not told as down', () => {
  const stage = new Stage()
  stage.begin()
  stage.hears.notice({ kind: 'bus-down', sinceMs: stage.clock.now() })
  stage.lose()
  stage.clock.turn(3000)
  stage.connect() // maybe to another server
  stage.start()
  expect(stage.view.notice.text).not.toContain('cut off')
})

test('on hold a gap is counted once, when rows are taken again', () => {
  const stage = new Stage({ capacity: 3 })
  stage.begin()
  stage.store.reader.setPaused(true)
  stage.frame({ ...totals(3), cursor: at(2), rows: [group(2, ['a', 'b', 'c'])] })
  expect(stage.said.at(-1)?.[0]).toBe('hold')
  const gap = { environmentId: 'prod', reason: 'trimmed', impressions: 100 } as const
  stage.hears.gap(gap)
  stage.frame({ ...totals(7), sequence: 9, cursor: [] }) // tells how many wait, and settles nothing
  expect(stage.view.books.missed).toEqual({ impressions: 100, unknown: 0 })
  stage.store.reader.setPaused(false)
  stage.start({ cursor: at(9), gaps: [gap], replayed: { matched: 4, perTreatment: onlyOn(4) } })
  expect(stage.view.books).toMatchObject({ matched: 7, missed: { impressions: 100, unknown: 0 } })
})

test('a gap that was told before the socket was lost is counted once', () => {
  const stage = new Stage()
  stage.begin()
  const gap = { environmentId: 'prod', reason: 'trimmed', impressions: 100 } as const
  stage.hears.gap(gap)
  stage.lose()
  stage.connect()
  expect(stage.said.at(-1)).toMatchObject(['watch', { cursor: at(1) }]) // before the gap
  stage.start({ cursor: at(9), gaps: [gap] })
  expect(stage.view.books.missed).toEqual({ impressions: 100, unknown: 0 })
  expect(stage.lines()).toEqual(['<gap>'])
})

test('hold and resume within one start', () => {
  const stage = new Stage({ capacity: 3 })
  stage.begin()
  stage.store.reader.setPaused(true)
  stage.frame({ ...totals(3), cursor: at(2), rows: [group(2, ['a', 'b', 'c'])] })
  stage.store.reader.setPaused(false)
  stage.store.reader.setPaused(true)
  stage.store.reader.setPaused(false)
  expect(stage.said.map(([name]) => name).filter((name) => name !== 'ack')).toEqual(['watch', 'hold', 'resume'])
  stage.start({ ...totals(3), cursor: at(3), replayed: { matched: 0, perTreatment: onlyOn(0) } })
  stage.frame({ ...totals(4), sequence: 1, cursor: at(4), rows: [group(4, ['d'])] })
  expect(stage.view.books).toMatchObject({ matched: 4, held: 3, evicted: 1 })
})
