import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isBuilt, root } from '../../scripts/stamp.js'
import { gatesOf } from './gates.ts'
import { perSecond } from './load.ts'
import { planOf } from './plan.ts'
import { findingsText, gateText, sampleText } from './report.ts'
import { soak } from './soak.ts'

/** `npm run soak -- [minutes] [--redis]`: does memory stay where it is? Fails when a promise of docs/SPEC.md is broken. */
const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  options: { redis: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const minutes = Number(positionals[0] ?? 30)
if (!(minutes >= 2)) throw new Error(`at least 2 minutes are wanted, not ${positionals[0]}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130)) // takes its processes along
if (!isBuilt()) execFileSync(process.execPath, [join(root, 'scripts', 'build.js')], { stdio: 'ignore' })
const everyS = minutes > 5 ? 60 : 10
const plan = planOf(minutes)
const store = values.redis ? 'with Redis' : 'embedded'
console.log(`soak: ${store}, ${minutes} minutes at ${perSecond.toLocaleString('en-US')} impressions/s`)
let nextS = 0
const findings = await soak({
  plan,
  redis: values.redis,
  told: (sample) => {
    if (sample.atS < nextS) return
    nextS += everyS
    console.log(sampleText(sample))
  },
})
const gates = gatesOf(findings, plan)
console.log([findingsText(findings, plan), ...gates.map(gateText)].join('\n'))
process.exit(gates.every(({ kept }) => kept) ? 0 : 1)
