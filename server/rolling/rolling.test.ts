import { afterAll, beforeAll, expect, test } from 'vitest'
import { Closing } from '../closing.ts'
import { viewerProblems } from './accounts.fixture.ts'
import { namesOf } from './load.fixture.ts'
import { type Rolled, rollingRestart } from './restart.fixture.ts'

const pageBatches = 100
/** A hole that pub/sub leaves is filled by two of them. */
const otherReads = 4

const closing = new Closing()
let rolled: Rolled

beforeAll(async () => {
  rolled = await rollingRestart(closing)
  process.stdout.write(`rolling restart: ${told(rolled)}\n`)
}, 200_000)
afterAll(() => closing.close(), 30_000)

function told({ restarts, posts, log }: Rolled): string {
  const each = restarts.map(({ exit, caughtUpMs, lateMs, reads }) => {
    const [gone, caughtUp, late] = [exit.tookMs, caughtUpMs, lateMs].map(Math.round)
    return `gone in ${gone} ms, all caught up in ${caughtUp} ms (viewers ${late} ms late by themselves), ${reads} reads`
  })
  const load = `${log.impressions} impressions, ${posts.refusals} posts refused, ${posts.unanswered} unanswered`
  return `${each.join('; ')}; ${load}`
}

test('every viewer had to leave both servers', () => {
  expect(rolled.restarts).toHaveLength(2)
  const stayed = rolled.pages.filter(({ counts }) => counts.drained < 2 || counts.connected < 3 || counts.resumed < 2)
  expect(stayed.map(({ counts }) => counts)).toEqual([])
})

test('N7 in a rolling restart under load no viewer meets a gap, and its rows and ledger are what the log has', () => {
  expect(rolled.pages.flatMap((page) => viewerProblems(page, rolled.log))).toEqual([])
})

test('N8 in a rolling restart every viewer has caught up within 20 s, and each server leaves with code 0 within 25 s', () => {
  for (const { exit, caughtUpMs, lateMs } of rolled.restarts) {
    expect(exit).toMatchObject({ code: 0, complaints: '' })
    expect(exit.tookMs).toBeLessThan(25_000)
    expect(caughtUpMs - lateMs).toBeLessThan(20_000)
  }
})

test('N9 in a rolling restart no acknowledged post is lost, and none is there twice unless its answer was', () => {
  const { posts, log } = rolled
  const names = new Set(log.names)
  const acknowledged = [...posts.acknowledged].flatMap(namesOf)
  expect(acknowledged.filter((name) => !names.has(name))).toEqual([])
  expect(names.size).toBe(acknowledged.length)
  expect(log.impressions - names.size).toBeLessThanOrEqual(posts.unanswered * namesOf(0).length)
})

test('N10 in a rolling restart the server to which the viewers come reads the log once, however many they are', () => {
  const pages = Math.ceil(rolled.log.batches / pageBatches)
  for (const { reads } of rolled.restarts) {
    expect(reads).toBeGreaterThan(0)
    expect(reads).toBeLessThanOrEqual(pages + otherReads)
  }
})
