import { expect, test } from 'vitest'
import { beginning } from '../../domain/chain.ts'
import { at, group, onlyOn, Stage, totals } from './stage.fixture.ts'

test('U3 the newest row is on top, and a backfill is older than every frame after it', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a', 'b'])] })
  stage.frame({ ...totals(1), rows: [group(2, ['c'])] })
  expect(stage.lines()).toEqual(['c', 'b', 'a'])
})

test('U4 on connect the page asks once for its filter, and after a break for the same revision from its cursor', () => {
  const stage = new Stage({ link: { text: 'flag:checkout' } })
  stage.begin({ rows: [group(1, ['a'])] })
  stage.frame({ ...totals(1), cursor: at(2), rows: [group(2, ['b'])] })
  stage.lose()
  stage.connect()
  expect(stage.said.filter(([name]) => name !== 'ack')).toEqual([
    ['watch', { revision: 1, filter: 'flag:checkout' }],
    ['watch', { revision: 1, filter: 'flag:checkout', cursor: at(2) }],
  ])
})

test('U5 a frame of another tail, or between a question and its answer, is dropped', () => {
  const stage = new Stage()
  stage.connect()
  stage.frame({ ...totals(1), rows: [group(2, ['early'])] })
  stage.start()
  stage.frame({ ...totals(1), tail: 'another', rows: [group(2, ['foreign'])] })
  expect(stage.lines()).toEqual([])
  expect(stage.view.books.matched).toBe(0)
})

test('U6 what is typed filters the rows that are held at once, and asks the server 150 ms after the last key', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['alice', 'bob'])] })
  stage.store.setText('key:ali*')
  expect(stage.lines()).toEqual(['alice'])
  expect(stage.view.settled).toBe(false)
  stage.clock.turn(149)
  stage.store.setText('key:alic*')
  stage.clock.turn(149)
  expect(stage.said).toHaveLength(1)
  stage.clock.turn(1)
  expect(stage.said[1]).toEqual(['watch', { revision: 2, filter: 'key:alic*' }])
})

test('U7 a mistake in the filter is told with its place, and the other terms apply, in a link too', () => {
  const stage = new Stage({ link: { text: 'key:alice' } })
  stage.begin({ rows: [group(1, ['alice'])] })
  stage.store.setText('key:alice flga:x')
  stage.clock.turn(1000)
  expect(stage.view.search.error).toMatchObject({ token: 'flga', position: 10 })
  expect(stage.view.search.canonical).toBe('key:alice')
  expect(stage.lines()).toEqual(['alice'])
  expect(stage.said).toHaveLength(1)
  stage.store.setText('treatmnt')
  stage.store.setText('treatmnt:on')
  expect(stage.view.search).toMatchObject({ canonical: '', error: { token: 'treatmnt' } })
  const linked = new Stage({ link: { text: 'lag:>abc key:alice' } })
  expect(linked.view.search).toMatchObject({ canonical: 'key:alice', error: { position: 4 } })
})

test('Q7 the term at the caret says nothing while it is unfinished, and is a mistake once it is left like that', () => {
  const stage = new Stage({ link: { text: 'key:a*' } })
  stage.begin({ rows: [group(1, ['alice', 'anna'])] })
  const typed = (text: string) => stage.store.setText(text, { start: 7, end: text.length })
  for (const text of ['key:a* f', 'key:a* flag', 'key:a* flag:', 'key:a* flag:(x|']) {
    typed(text)
    expect(stage.view.search).toMatchObject({ text, canonical: 'key:a*', error: undefined })
    expect(stage.lines()).toEqual(['anna', 'alice'])
  }
  stage.store.setText('key:a* flag:')
  expect(stage.view.search.error).toMatchObject({ token: 'flag:', position: 7 })
  typed('key:a* flga:')
  expect(stage.view.search.error).toMatchObject({ token: 'flga' })
  typed('key:a* alic')
  expect(stage.lines()).toEqual(['alice'])
})

test('U8 an answer to a filter that was replaced meanwhile changes nothing', () => {
  const stage = new Stage()
  stage.begin()
  stage.store.setText('key:a')
  stage.clock.turn(150)
  stage.store.setText('key:b')
  stage.clock.turn(150)
  stage.start({ revision: 2, tail: 't2', rows: [group(1, ['a'])] })
  expect(stage.lines()).toEqual([])
  stage.start({ revision: 3, tail: 't3', rows: [group(1, ['b'])] })
  expect(stage.lines()).toEqual(['b'])
})

test('U9 a filter that narrows keeps older rows in view, marked as outside of the counts, until they come again', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a1', 'b1', 'a2']), group(2, ['a3'])] })
  stage.store.setText('key:(a1|a2|a3)')
  stage.clock.turn(150)
  stage.start({ revision: 2, tail: 't2', rows: [group(2, ['a3'])] })
  expect(stage.lines()).toEqual(['a3', '<kept>', 'a2', 'a1'])
  expect(stage.view.books).toMatchObject({ matched: 1, held: 1 })
})

test('U10 a row that comes again is shown once, and counts from then on', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a', 'b'])] })
  stage.store.setText('-key:zed')
  stage.clock.turn(150)
  stage.start({ revision: 2, tail: 't2', rows: [group(1, ['a', 'b']), group(2, ['c'])] })
  expect(stage.lines()).toEqual(['c', 'b', 'a'])
  expect(stage.view.books).toMatchObject({ matched: 3, held: 3 })
})

test('U11 a filter that does not narrow drops every row that its backfill does not bring', () => {
  const stage = new Stage({ link: { text: 'key:a*' } })
  stage.begin({ rows: [group(1, ['a1', 'a2'])] })
  stage.store.setText('')
  stage.clock.turn(150)
  stage.start({ revision: 2, tail: 't2', rows: [group(2, ['b'])] })
  expect(stage.lines()).toEqual(['b'])
})

test('U12 a gap is a row that tells its exact count before filtering, or that nobody knows it', () => {
  const stage = new Stage()
  stage.begin()
  stage.hears.gap({ environmentId: 'prod', reason: 'trimmed', impressions: 3210 })
  stage.hears.gap({ environmentId: 'prod', reason: 'restarted' })
  stage.paint()
  expect(stage.lines()).toEqual(['<unknown-gap>', '<gap>'])
  expect(stage.view.list.at(1)).toMatchObject({ impressions: 3210, environment: 'Production' })
  expect(stage.view.books.missed).toEqual({ impressions: 3210, unknown: 1 })
})

test('U13 rows that were not sent are a row that tells how many, before those that came after them', () => {
  const stage = new Stage()
  stage.begin()
  stage.frame({ ...totals(5), sequence: 2, rows: [group(3, ['d', 'e'])] })
  expect(stage.lines()).toEqual(['e', 'd', '<skipped>'])
  expect(stage.view.list.at(2)).toMatchObject({ rows: 3 })
  stage.lose()
  stage.connect()
  const replayed = { matched: 7001, perTreatment: onlyOn(7001) }
  stage.start({ tail: 't9', cursor: at(9), rows: [group(9, ['z'])], replayed, complete: false })
  expect(stage.lines().slice(0, 2)).toEqual(['z', '<skipped>'])
  expect(stage.view.books).toMatchObject({ matched: 7006, held: 3, skipped: 7003 })
})

test('U14 a break of more than two seconds leaves a mark, a shorter one none', () => {
  const stage = new Stage()
  stage.begin()
  stage.lose()
  stage.clock.turn(1500)
  stage.begin({ rows: [group(2, ['a'])] })
  expect(stage.lines()).toEqual(['a'])
  stage.lose()
  stage.clock.turn(12_400)
  stage.begin({ rows: [group(3, ['b'])], cursor: at(3) })
  expect(stage.lines()).toEqual(['b', '<resumed>', 'a'])
  expect(stage.view.list.at(1)).toMatchObject({ awayMs: 12_400 })
})

test('U15 a log that began anew leaves one mark', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a'])] })
  stage.lose()
  stage.begin({ cursor: at(1, 'e2'), rows: [group(1, ['b'], { epoch: 'e2' })] })
  expect(stage.lines()).toEqual(['b', '<restart>', 'a'])
  stage.lose()
  const gaps = [{ environmentId: 'prod', reason: 'restarted' }] as const
  stage.begin({ cursor: at(1, 'e3'), gaps, rows: [group(1, ['c'], { epoch: 'e3' })] })
  expect(stage.lines()).toEqual(['c', '<unknown-gap>', 'b', '<restart>', 'a'])
})

test('U15 a log that began anew before its first batch was read leaves one mark', () => {
  const stage = new Stage()
  stage.begin({ cursor: [beginning('prod', 'e0')], rows: [] })
  stage.lose()
  const gaps = [{ environmentId: 'prod', reason: 'restarted' }] as const
  stage.begin({ cursor: at(1, 'e1'), gaps, rows: [group(1, ['a'])] })
  expect(stage.lines()).toEqual(['a', '<unknown-gap>'])
})

test('U23 the screen is painted at most once per interval, however many frames arrive', () => {
  const stage = new Stage({ paintMs: 100 })
  stage.begin()
  let shown = 0
  stage.store.subscribe(() => shown++)
  for (let index = 1; index <= 50; index++) {
    stage.hears.frame({ ...totals(index), tail: 't1', sequence: index, cursor: at(index), rows: [group(index, ['k'])] })
    stage.clock.turn(10)
  }
  expect(shown).toBeGreaterThanOrEqual(4)
  expect(shown).toBeLessThanOrEqual(6)
})

test('U24 until anybody has sent an impression the first run is shown; the first one is named, then the table comes', () => {
  const stage = new Stage()
  const nothing = [{ environmentId: 'prod', offset: 0, cumulative: 0 }] as const
  stage.begin({ cursor: nothing })
  expect(stage.view.firstRun.kind).toBe('waiting')
  stage.frame({ ...totals(1), cursor: at(1), rows: [group(1, ['user-42'])] })
  expect(stage.view.firstRun).toMatchObject({
    kind: 'arrived',
    row: { impression: { flag: 'checkout', key: 'user-42' } },
  })
  stage.clock.turn(800)
  expect(stage.view.firstRun.kind).toBe('over')
  expect(stage.lines()).toEqual(['user-42'])
})

test('U25 losing the socket keeps every row, and they can still be filtered', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['a', 'b'])] })
  stage.lose()
  stage.store.setText('key:a')
  stage.clock.turn(1000)
  expect(stage.lines()).toEqual(['a'])
  expect(stage.said).toHaveLength(1)
  stage.connect()
  expect(stage.said[1]).toEqual(['watch', { revision: 2, filter: 'key:a' }])
})

test('U26 rows beyond what the browser holds leave at the old end and are told as evicted', () => {
  const stage = new Stage({ capacity: 3 })
  stage.begin({ rows: [group(1, ['a', 'b'])] })
  stage.frame({ ...totals(2), rows: [group(2, ['c', 'd'])] })
  expect(stage.lines()).toEqual(['d', 'c', 'b'])
  expect(stage.view.books).toMatchObject({ matched: 4, held: 3, evicted: 1 })
})

test('U27 after a fork a new row at an old place is another row', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['old'])] })
  stage.lose()
  const gaps = [{ environmentId: 'prod', reason: 'forked' }] as const
  stage.begin({ gaps })
  stage.frame({ ...totals(1), rows: [group(1, ['new'])] })
  expect(stage.lines()).toEqual(['new', '<unknown-gap>', 'old'])
  expect(stage.view.books).toMatchObject({ matched: 2, held: 2, evicted: 0 })
})

test('W6 the first impression is named at once and its row is selected afterwards, while the list goes on', () => {
  const stage = new Stage({ paintMs: 1000 })
  stage.begin({ cursor: [{ environmentId: 'prod', offset: 0, cumulative: 0 }] })
  stage.hears.frame({ ...totals(1), tail: 't1', sequence: 1, cursor: at(1), rows: [group(1, ['first'])] })
  expect(stage.view.firstRun.kind).toBe('arrived')
  stage.clock.turn(800)
  expect(stage.view).toMatchObject({ mode: 'live', selected: { index: 0 } })
  stage.clock.turn(1000)
  stage.frame({ ...totals(3), sequence: 2, cursor: at(2), rows: [group(2, ['second', 'third'])] })
  stage.clock.turn(1000)
  expect(stage.lines()).toEqual(['third', 'second', 'first'])
  expect(stage.view.selected).toMatchObject({ index: 2 })
  const many = Array.from({ length: 20 }, (_, index) => `k${index}`)
  stage.frame({ ...totals(23), sequence: 3, cursor: at(3), rows: [group(3, many)] })
  stage.clock.turn(1000)
  expect(stage.view.selected).toBeUndefined()
})

test('W9 the rows of a key are those that are held, newest first, and each can be opened', () => {
  const stage = new Stage()
  stage.begin({ rows: [group(1, ['ann', 'bob', 'ann'])] })
  stage.store.reader.setPaused(true)
  stage.frame({ ...totals(1), rows: [group(2, ['ann'])] })
  const ids = stage.store.newestOf('ann', 50).map(({ id }) => id)
  expect(ids).toEqual(['prod:e1:2:0', 'prod:e1:1:2', 'prod:e1:1:0'])
  expect(stage.store.newestOf('ann', 2)).toHaveLength(2)
  for (const id of ids) {
    stage.store.reader.jump(id)
    expect(stage.view.opened?.id).toBe(id)
    expect(stage.view.selected?.id).toBe(id)
  }
  expect(stage.view.mode).toBe('paused')
})

test('W10 a calmer page paints less often from the next paint on', () => {
  const stage = new Stage({ paintMs: 100 })
  stage.begin()
  stage.store.setPaintMs(1000)
  let shown = 0
  stage.store.subscribe(() => shown++)
  for (let index = 1; index <= 40; index++) {
    stage.hears.frame({ ...totals(index), tail: 't1', sequence: index, cursor: at(index), rows: [group(index, ['k'])] })
    stage.clock.turn(100)
  }
  expect(shown).toBeGreaterThanOrEqual(3)
  expect(shown).toBeLessThanOrEqual(5)
})
