import { expect, test } from 'vitest'
import { Announcer } from './announcer.ts'
import { at, group, onlyOn, Stage, totals } from './tail/stage.fixture.ts'
import { titleOf } from './use-title.ts'

test('V7 a second of the chart leads to the newest row of it that is held', () => {
  const stage = new Stage()
  stage.begin({ cursor: at(1) })
  for (let second = 1; second <= 5; second++) {
    stage.clock.turn(899)
    const sent = group(second, [`a${second}`, `b${second}`])
    const shared = { ...sent.shared, receptionTimestamp: stage.clock.now() }
    stage.frame({ ...totals(second * 2), sequence: second, cursor: at(second), rows: [{ ...sent, shared }] })
  }
  const { chart } = stage.view
  stage.store.showSecond(chart.untilS - 2)
  const { selected, list, mode } = stage.view
  expect(mode).toBe('reading')
  expect(selected && list.at(selected.index)).toMatchObject({ impression: { key: 'b3' } })
  stage.store.showSecond(chart.untilS - 250)
  expect(stage.view.selected?.index).toBe(9)
})

test('V16 the title says how fast it runs, or what keeps it', () => {
  const stage = new Stage()
  const title = () => titleOf(stage.store.glance())
  stage.begin()
  expect(title()).toBe('▶ Quiet · Flagtail')
  stage.clock.turn(2000)
  stage.frame({ ...totals(2600), rows: [group(2, ['a'])] })
  expect(title()).toBe('▶ 1.2k/s · Flagtail')
  stage.store.reader.setPaused(true)
  stage.frame({ ...totals(2607), sequence: 2, cursor: at(3), rows: [group(3, ['b'])] })
  expect(title()).toBe('⏸ 7 new · Flagtail')
  stage.lose()
  expect(title()).toBe('⏸ Reconnecting · Flagtail')
})

test('V17 each change of state is announced at once, a lost connection once, and its return once', () => {
  const stage = new Stage()
  const announcer = new Announcer()
  const said: string[] = []
  const look = () => {
    const text = announcer.hear(stage.view, false)
    if (text !== undefined) said.push(text)
  }
  stage.begin()
  look()
  stage.store.reader.setPaused(true)
  look()
  stage.lose()
  stage.paint()
  look()
  stage.hears.connection({ kind: 'offline', sinceMs: 0 })
  stage.paint()
  look()
  stage.lose()
  stage.paint()
  look()
  stage.begin()
  look()
  look()
  expect(said).toEqual([
    'Live',
    'Paused',
    'Connection lost. The rows stay, and it is tried again.',
    'Connected again. Paused',
  ])
})

test('V18 a summary is spoken at most every ten seconds, only when asked for, and names new treatments', () => {
  const stage = new Stage()
  const [silent, speaking] = [new Announcer(), new Announcer()]
  const said: string[] = []
  stage.begin()
  for (let second = 1; second <= 35; second++) {
    const counts = [...onlyOn(second * 10).counts, ...(second > 22 ? [['v3', second] as const] : [])]
    const matched = counts.reduce((sum, [, count]) => sum + count, 0)
    stage.frame({ ...totals(matched), sequence: second, perTreatment: { counts, other: 0 } })
    stage.clock.turn(899)
    expect(silent.hear(stage.view, false) ?? 'Live').toBe('Live')
    const text = speaking.hear(stage.view, true)
    if (text !== undefined) said.push(text)
  }
  expect(said[0]).toBe('Live')
  expect(said.slice(1)).toHaveLength(3)
  expect(said[1]).toMatch(/^100 impressions in the last 10 s$/)
  expect(said[3]).toMatch(/; new treatment v3$/)
})
