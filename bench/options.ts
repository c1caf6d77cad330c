import { parseArgs } from 'node:util'

export type Options = {
  /** Length of each phase of load. */
  readonly seconds: number
  readonly repetitions: number
  /** Ids of what to measure; without any, everything, and then `docs/` is written. */
  readonly only: readonly string[]
  /** Impressions per second of the open loops. */
  readonly rates: readonly number[]
  readonly stormPatienceMs: number
  /** Whether the figures are good enough to be kept. */
  readonly keep: boolean
}

const thorough = {
  seconds: 2.5,
  repetitions: 3,
  rates: [1000, 5000, 20_000, 100_000],
  stormPatienceMs: 30_000,
} as const
const quick = { seconds: 1, repetitions: 1, rates: [1000, 20_000], stormPatienceMs: 8000 } as const

/** `--seconds N --repetitions N --only a,b --quick`; throws on anything else. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string' },
      repetitions: { type: 'string' },
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  })
  const base = values.quick ? quick : thorough
  const only = values.only?.split(',') ?? []
  return {
    ...base,
    seconds: positive(values.seconds, base.seconds),
    repetitions: positive(values.repetitions, base.repetitions),
    only,
    keep: !values.quick && only.length === 0,
  }
}

function positive(text: string | undefined, otherwise: number): number {
  const value = Number(text ?? otherwise)
  if (!(value > 0)) throw new Error(`a number above 0 is wanted, not ${text}`)
  return value
}
