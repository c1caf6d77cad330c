import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isBuilt, root } from './stamp.js'
import { ensureTools } from './tools.ts'

/** `npm test`: everything, in the order in which it is quick to fail; ends with the true counts over all runners. */
type Counts = { readonly passed: number; readonly failed: number }

const reports = mkdtempSync(join(tmpdir(), 'flagtail-test-'))
const node = process.execPath
const bin = (name: string): string => join(root, 'node_modules', '.bin', name)
const script = (name: string): readonly string[] => ['--import', 'tsx', join(root, 'scripts', name)]

function run(
  title: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): boolean {
  console.log(`\n── ${title}`)
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
  })
  return status === 0
}

/** A check counts as one. */
function check(title: string, command: string, args: readonly string[]): Counts {
  return run(title, command, args) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** A runner counts by its own report; when it fails without counting a failure, that is one. */
function runner(title: string, args: readonly string[], report: string, read: (report: string) => Counts): Counts {
  const succeeded = run(title, node, args, { PLAYWRIGHT_JSON_OUTPUT_NAME: report })
  const counts = existsSync(report) ? read(readFileSync(report, 'utf8')) : { passed: 0, failed: 0 }
  return succeeded || counts.failed > 0 ? counts : { ...counts, failed: 1 }
}

function vitestCounts(report: string): Counts {
  const { numPassedTests, numFailedTests } = JSON.parse(report)
  return { passed: numPassedTests, failed: numFailedTests }
}

function playwrightCounts(report: string): Counts {
  const { stats } = JSON.parse(report)
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected }
}

function endToEnd(): Counts {
  const built = isBuilt() || run('build', node, [join(root, 'scripts', 'build.js')])
  if (!built) return { passed: 0, failed: 1 }
  const report = join(reports, 'playwright.json')
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js')
  return runner('end to end', [cli, 'test', '--reporter=list,json'], report, playwrightCounts)
}

function unit(): Counts {
  const report = join(reports, 'vitest.json')
  const cli = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [cli, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  return runner('unit, contract, integration', args, report, vitestCounts)
}

if (!ensureTools()) process.exit(1)
const all = [
  check('format and lint', bin('biome'), ['ci', '.', '--colors=off']),
  check('route types', bin('next'), ['typegen']),
  check('types', bin('tsc'), ['--noEmit']),
  check('floors', node, script('check-floors.ts')),
  check('spec', node, script('check-spec.ts')),
  check('licences', node, [...script('licences.ts'), '--check']),
  unit(),
  endToEnd(),
  check('fuzz', node, ['--import', 'tsx', join(root, 'scripts', 'fuzz', 'main.ts'), '60', '--keep=no']),
  check('soak', node, ['--import', 'tsx', join(root, 'bench', 'soak', 'main.ts'), '2']),
]
rmSync(reports, { recursive: true, force: true })
const passed = all.reduce((sum, counts) => sum + counts.passed, 0)
const failed = all.reduce((sum, counts) => sum + counts.failed, 0)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
