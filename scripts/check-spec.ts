import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isTest, sources } from './sources.ts'
import { root } from './stamp.js'

/**
 * Every numbered promise of docs/SPEC.md is borne by a test whose title begins with its number, or by a gate of the soak that
 * does, and the other way round.
 */
const spec = readFileSync(join(root, 'docs', 'SPEC.md'), 'utf8')
const promised = [...spec.matchAll(/^- \*\*([A-Z]+\d+)\*\* /gm)].map(([, number]) => number ?? '')
const titles = sources()
  .filter(({ path }) => isTest(path) || path === 'bench/soak/gates.ts')
  .flatMap(({ text }) => [...text.matchAll(/\b(?:test|gate)(?:\.each\([^)]*\))?\(\s*['"`]([A-Z]+\d+)\b/g)])
  .map(([, number]) => number ?? '')
const tested = new Set(titles)
const wrong = [
  ...promised
    .filter((number, index) => promised.indexOf(number) !== index)
    .map((number) => `${number} is promised twice`),
  ...promised.filter((number) => !tested.has(number)).map((number) => `${number} is promised and no test bears it`),
  ...[...tested].filter((number) => !promised.includes(number)).map((number) => `${number} is tested and not promised`),
]
for (const line of wrong) console.error(line)
console.log(
  wrong.length === 0 ? `spec: ${promised.length} promises, each borne by a test` : `spec: ${wrong.length} wrong`,
)
process.exitCode = wrong.length === 0 ? 0 : 1
