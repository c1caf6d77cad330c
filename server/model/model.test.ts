import { availableParallelism } from 'node:os'
import { beforeAll, expect, test } from 'vitest'
import { Fired } from './faults.fixture.ts'
import { type LaneOutcome, runLane } from './run.fixture.ts'

/**
 * How many runs, and which; `scripts/model.ts` looks at many others. A failure names the seed of its lane:
 * `FT_MODEL_SEED=<that> FT_MODEL_LANES=1` finds it again.
 */
const runs = Number(process.env.FT_MODEL_RUNS || 200)
const seed = Number(process.env.FT_MODEL_SEED || 1)
const lanes = Number(process.env.FT_MODEL_LANES || 4 * availableParallelism())

const fired = new Fired()
let outcomes: readonly LaneOutcome[] = []

beforeAll(
  async () => {
    const began = performance.now()
    say(`model: ${runs} runs in ${lanes} lanes, FT_MODEL_SEED=${seed}`)
    const numbers = Array.from({ length: lanes }, (_, lane) => lane)
    outcomes = await Promise.all(
      numbers.map((lane) =>
        runLane({
          name: `l${lane}-`,
          seed: seed + lane,
          runs: Math.ceil(runs / lanes),
          fired,
          shrinkMs: 60_000,
        }),
      ),
    )
    say(`model: ${Math.round((performance.now() - began) / 1000)} s; ${fired.text}`)
  },
  120_000 + runs * 10_000,
)

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function expectKept(promise: string): void {
  const broken = outcomes.filter((outcome) => outcome.broken.has(promise)).map(({ report }) => report)
  expect(broken, broken.join('\n\n')).toEqual([])
}

test('every run of the model comes to its end', () => expectKept('run'))

test('M1 whatever fails, each acknowledged match is delivered to a viewer, counted as skipped or sampled out, or in a gap that it is told', () =>
  expectKept('M1'))

test('M2 whatever fails, a viewer gets the rows of a log in order and none twice', () => expectKept('M2'))

test('M3 whatever fails, gaps are counted to the impression while the chain is intact, and uncounted only where a log lost a life or a branch', () =>
  expectKept('M3'))

test('M4 whatever fails, a post that was answered 200 was in the log as a whole', () => expectKept('M4'))

test('M5 whatever fails, the books balance at every step, say what the logs say, and skipped rows that a log holds can be loaded', () =>
  expectKept('M5'))

test('M6 whatever fails, a viewer gets nothing that its filter excludes, and nothing altered', () => expectKept('M6'))

test.skipIf(runs < 100)('every fault of the model has had its effect', () => {
  expect(fired.never).toEqual([])
})
