import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isBuilt, root } from '../scripts/stamp.js'
import { describeMachine } from './machine.ts'
import { readOptions } from './options.ts'
import { plotResults } from './plot.ts'
import { notesOf, reportOf } from './report.ts'
import { measure } from './run.ts'

/** `npm run bench`: measures, then writes docs/BENCH.md and docs/bench.svg, or only prints when not everything was measured well. */
const reportFile = join(root, 'docs', 'BENCH.md')
const plotFile = join(root, 'docs', 'bench.svg')

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130)) // takes its processes along
const options = readOptions(process.argv.slice(2))
if (!isBuilt()) execFileSync(process.execPath, [join(root, 'scripts', 'build.js')], { stdio: 'ignore' })
const beganMs = performance.now()
const results = await measure(options)
const notes = existsSync(reportFile) ? notesOf(readFileSync(reportFile, 'utf8')) : ''
const report = reportOf(results, { machine: describeMachine(new Date()), options, notes })
if (options.keep) {
  writeFileSync(reportFile, report)
  writeFileSync(plotFile, plotResults(results))
} else console.log(`\n${report}`)
console.log(`${((performance.now() - beganMs) / 60_000).toFixed(1)} minutes`)
process.exit(results.measured.some(({ rounds }) => rounds.includes(undefined)) ? 1 : 0)
