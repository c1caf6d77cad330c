import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Accepted, accepted } from './mutants-accepted.ts'
import { root } from './stamp.js'

/**
 * Mutation tests of the resume and gap modules: each mutant is the code with one thing changed, and some test must fail on
 * it. `npm run mutants` writes docs/MUTANTS.md and fails below the score that is promised there;
 * `npm run mutants -- --mutate domain/chain.ts` looks at some files alone and writes nothing.
 */
const leastScore = 85

type Place = { readonly line: number; readonly column: number }
type Mutant = {
  readonly status: 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'RuntimeError' | 'CompileError' | 'Ignored'
  readonly statusReason?: string
  readonly replacement?: string
  readonly location: { readonly start: Place; readonly end: Place }
}
type Report = {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>
}
type Survivor = { readonly line: number; readonly change: string; readonly why: string | undefined }
type Score = {
  readonly file: string
  readonly killed: number
  /** Killed by going round and round: told by a count of its turns, not by the clock. */
  readonly endless: number
  /** Given up by the clock: nobody knows whether a slow machine did it. */
  readonly late: number
  readonly survivors: readonly Survivor[]
}

const survives = ({ status }: Mutant): boolean => status === 'Survived' || status === 'NoCoverage'
const isEndless = ({ status, statusReason }: Mutant): boolean =>
  status === 'Timeout' && (statusReason ?? '').startsWith('Hit limit')

function scoreOf(file: string, source: string, mutants: readonly Mutant[]): Score {
  const lines = source.split('\n')
  return {
    file,
    killed: mutants.filter(({ status }) => status === 'Killed').length,
    endless: mutants.filter(isEndless).length,
    late: mutants.filter((mutant) => mutant.status === 'Timeout' && !isEndless(mutant)).length,
    survivors: mutants.filter(survives).map((mutant) => survivorOf(file, lines, mutant)),
  }
}

function survivorOf(file: string, lines: readonly string[], { location, replacement = '' }: Mutant): Survivor {
  const { start, end } = location
  const first = lines[start.line - 1] ?? ''
  const original =
    start.line === end.line ? first.slice(start.column - 1, end.column - 1) : first.slice(start.column - 1)
  const isIt = (one: Accepted): boolean =>
    one.file === file && first.includes(one.line) && (one.to === undefined || one.to === oneLine(replacement))
  return {
    line: start.line,
    change: `\`${oneLine(original)}\` → \`${oneLine(replacement)}\``,
    why: accepted.find(isIt)?.why,
  }
}

function oneLine(text: string): string {
  const short = text.replace(/\s+/g, ' ').trim()
  return short.length > 90 ? `${short.slice(0, 89)}…` : short
}

function percent(score: Pick<Score, 'killed' | 'endless' | 'late'>, survivors: number): string {
  const dead = score.killed + score.endless + score.late
  return `${((100 * dead) / (dead + survivors)).toFixed(1)} %`
}

function total(scores: readonly Score[]): Score {
  const sum = (of: (score: Score) => number): number => scores.reduce((all, score) => all + of(score), 0)
  return {
    file: 'all',
    killed: sum(({ killed }) => killed),
    endless: sum(({ endless }) => endless),
    late: sum(({ late }) => late),
    survivors: scores.flatMap(({ survivors }) => survivors),
  }
}

function row(score: Score): string {
  const { file, killed, endless, late, survivors } = score
  const open = survivors.filter(({ why }) => why === undefined).length
  const mutants = killed + endless + late + survivors.length
  const cells = [file, mutants, killed, endless, late, survivors.length, percent(score, survivors.length)]
  return `| ${[...cells, percent(score, open)].join(' | ')} |`
}

function page(scores: readonly Score[], minutes: number): string {
  const day = new Date().toISOString().slice(0, 10)
  const survivors = scores.flatMap(({ file, survivors }) =>
    survivors.length === 0
      ? []
      : [`\n**${file}**\n`, ...survivors.map(({ line, change, why }) => `- ${line}: ${change}: ${why ?? '**open**'}`)],
  )
  return `# Mutants of the resume and gap modules

Written by \`npm run mutants\` on ${day}, in ${minutes} minutes on 2 shared cores. StrykerJS changes one thing at a time (a comparison,
an operator, a condition, a block, a value) and runs the tests that come by that place; a mutant is killed when one of them fails.
*Endless* ones were stopped because they ran a loop a hundred times as often as the code does, *late* ones by the clock. The last
column leaves out the survivors that cannot be told from the code, or whose difference is accepted for the reason given below.
The run fails below ${leastScore} % of all.

| File | Mutants | Killed | Endless | Late | Survived | Score | Without accepted ones |
|---|---|---|---|---|---|---|---|
${[...scores, total(scores)].map(row).join('\n')}

Tests that start Redis, the model-based tests and the random joins are left out of this, because they take too long; they look at the
same code. The bounds of time-outs and the list of files stand in \`stryker.config.json\`, the tests in \`vitest.mutants.config.ts\`,
the reasons in \`scripts/mutants-accepted.ts\`.

## Survivors
${survivors.join('\n')}
`
}

const args = process.argv.slice(2)
const began = performance.now()
const cli = join(root, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js')
const { status } = spawnSync(process.execPath, [cli, 'run', ...args], { cwd: root, stdio: 'inherit' })
if (status !== 0) process.exit(1)
const report: Report = JSON.parse(readFileSync(join(root, '.stryker', 'mutants.json'), 'utf8'))
const scores = Object.entries(report.files).map(([file, { source, mutants }]) => scoreOf(file, source, mutants))
const all = total(scores)
if (args.length === 0) {
  const minutes = Math.round((performance.now() - began) / 60_000)
  writeFileSync(join(root, 'docs', 'MUTANTS.md'), page(scores, minutes))
}
for (const { file, survivors } of scores) {
  for (const { line, change, why } of survivors) if (!why) console.log(`open: ${file}:${line} ${change}`)
}
console.log(`mutants: ${percent(all, all.survivors.length)} of all killed, at least ${leastScore} % wanted`)
process.exitCode = Number.parseFloat(percent(all, all.survivors.length)) < leastScore ? 1 : 0
