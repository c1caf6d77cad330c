import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './stamp.js'

/**
 * The model-based tests, longer than in `npm test`: 5,000 runs, in rounds of a seed each so that a failure is told soon.
 * `node --import tsx scripts/model.ts [runs] [seed]`; a round is found again by its seed.
 */
const runsPerRound = 500
const runs = Number(process.argv[2] ?? 5000)
const firstSeed = Number(process.argv[3] ?? Date.now() % 0x7fffffff)

type Round = { readonly seed: number; readonly runs: number; readonly passed: boolean; readonly seconds: number }

function round(seed: number, count: number): Round {
  const began = performance.now()
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const env = { ...process.env, FT_MODEL_RUNS: `${count}`, FT_MODEL_SEED: `${seed}` }
  const { status } = spawnSync(process.execPath, [vitest, 'run', 'server/model'], { cwd: root, stdio: 'inherit', env })
  return { seed, runs: count, passed: status === 0, seconds: Math.round((performance.now() - began) / 1000) }
}

const rounds: Round[] = []
for (let done = 0; done < runs; done += runsPerRound) {
  rounds.push(round(firstSeed + rounds.length * 1000, Math.min(runsPerRound, runs - done)))
}
for (const { seed, runs: count, passed, seconds } of rounds) {
  console.log(`seed ${seed}: ${count} runs in ${seconds} s ${passed ? 'passed' : 'FAILED'}`)
}
const failed = rounds.filter(({ passed }) => !passed).length
console.log(`model: ${runs} runs from seed ${firstSeed}, ${failed} of ${rounds.length} rounds failed`)
process.exitCode = failed === 0 ? 0 : 1
