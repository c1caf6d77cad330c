import type { Shared } from '../../domain/impression.ts'
import type { FlagRows } from '../../domain/protocol.ts'
import type { Row } from '../../domain/row.ts'

export const demoEnvironment = { id: 'demo', name: 'demo' } as const
/** Rows of one batch; ten batches a second make 50 rows. */
export const batchRows = 5

type Flag = {
  readonly name: string
  /** Treatment and label by share, in order; the shares are of 100. */
  readonly gives: readonly (readonly [share: number, treatment: string, label: string])[]
  readonly changeNumber: number
}

const flags: readonly Flag[] = [
  {
    name: 'checkout_redesign',
    gives: [
      [45, 'on', 'default rule'],
      [15, 'on', 'in segment beta_testers'],
      [40, 'off', 'default rule'],
    ],
    changeNumber: 1_795_440_000_123,
  },
  {
    name: 'search_ranking',
    gives: [
      [34, 'v1', 'default rule'],
      [33, 'v2', 'default rule'],
      [33, 'v3', 'country in list ["DE", "FR"]'],
    ],
    changeNumber: 1_795_370_000_480,
  },
  {
    name: 'new_navigation',
    gives: [
      [10, 'on', 'in segment employees'],
      [90, 'off', 'not in split'],
    ],
    changeNumber: 1_795_210_000_011,
  },
  { name: 'legacy_banner', gives: [[100, 'off', 'killed']], changeNumber: 1_794_990_000_900 },
  {
    name: 'pricing_page',
    gives: [
      [50, 'yearly_first', 'default rule'],
      [42, 'monthly_first', 'default rule'],
      [8, 'control', 'not ready'],
    ],
    changeNumber: 1_795_430_000_002,
  },
]

const posters = [
  { sdk: 'nodejs', sdkVersion: '11.11.2', machineName: 'web-1', machineIp: '10.0.0.11' },
  { sdk: 'java', sdkVersion: '4.18.1', machineName: 'orders-2', machineIp: '10.0.0.24' },
  { sdk: 'browserjs', sdkVersion: '1.7.1' },
  { sdk: 'python', sdkVersion: '10.2.0', machineName: 'jobs-1', machineIp: '10.0.0.31' },
] as const

/** What one made-up SDK posts at a moment; the same for the same number, so that nothing of it has to be remembered. */
export function demoBatch(offset: number, nowMs: number): { readonly shared: Shared; readonly flags: FlagRows[] } {
  const draw = drawer(offset)
  const shared: Shared = {
    environmentId: demoEnvironment.id,
    environmentName: demoEnvironment.name,
    ...of(posters, draw),
    impressionsMode: 'DEBUG',
    source: 'sdk',
    verified: true,
    receptionTimestamp: nowMs,
  }
  const [first, second] = [Math.floor(draw() * flags.length), 1 + Math.floor(draw() * (flags.length - 1))]
  const rows = (index: number, count: number, indexes: number): FlagRows[] => {
    const flag = flags[index % flags.length]
    if (!flag) return []
    return [{ flag: flag.name, indexes, rows: Array.from({ length: count }, () => rowOf(flag, nowMs, draw)) }]
  }
  return { shared, flags: [...rows(first, 3, 0), ...rows(first + second, batchRows - 3, 3)] }
}

function rowOf({ gives, changeNumber }: Flag, nowMs: number, draw: () => number): Row {
  const [, t, r] = of(
    gives.flatMap((one) => Array<typeof one>(one[0]).fill(one)),
    draw,
  ) ?? [0, 'control', 'exception']
  const properties = draw() < 0.2 ? { properties: JSON.stringify({ page: '/cart', plan: 'gold' }) } : {}
  return {
    k: `user-${1000 + Math.floor(draw() * 400)}`,
    t,
    m: nowMs - 20 - Math.floor(draw() * 400),
    r,
    ...(t !== 'control' && { c: changeNumber }),
    ...properties,
  }
}

function of<Value>(values: readonly Value[], draw: () => number): Value | undefined {
  return values[Math.floor(draw() * values.length)]
}

/** Numbers from 0 to 1 that look random and depend on the seed alone (mulberry32). */
function drawer(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
