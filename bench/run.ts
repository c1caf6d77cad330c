import { allContenders } from './contenders/all.ts'
import type { Contender } from './contenders/contender.ts'
import type { Options } from './options.ts'
import { type Ingest, measureIngest } from './parts/ingest.ts'
import { measureMatching } from './parts/matching.ts'
import { measureStorm } from './parts/storm.ts'
import { missingPrograms } from './programs.ts'
import { figures, type Measured, type Results } from './results.ts'
import { type Round, runRound } from './round.ts'

type Entry = { readonly contender: Contender; readonly rounds: (Round | undefined)[]; trouble?: string }

const parts = ['ingest', 'matching', 'storm'] as const
/** Shorter will do for what runs in process. */
const matchingShare = 0.2

/** Measures everything that is wanted; throws when something unknown is. */
export async function measure(options: Options): Promise<Results> {
  const { only, seconds, repetitions } = options
  const known: readonly string[] = [...allContenders.map(({ id }) => id), ...parts]
  const unknown = only.find((id) => !known.includes(id))
  if (unknown) throw new Error(`nothing here is called ${unknown}; there are ${known.join(', ')}`)
  const wanted = (id: string): boolean => only.length === 0 || only.includes(id)
  const entries = allContenders.filter(({ id }) => wanted(id)).map(entryOf)
  const ingest: Ingest[] = []
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    console.log(`repetition ${repetition} of ${repetitions}`)
    for (const entry of entries) await runEntry(entry, options)
    if (wanted('ingest')) ingest.push(await measureIngest(seconds))
  }
  const matching = wanted('matching') ? await measureMatching(seconds * matchingShare) : undefined
  const storm = wanted('storm') ? await measureStorm(options.stormPatienceMs) : undefined
  return { measured: entries.map(measuredOf), ingest, ...(matching && { matching }), ...(storm && { storm }) }
}

/** A contender whose programs are missing is told in one line and has no rounds. */
function entryOf(contender: Contender): Entry {
  const missing = missingPrograms(contender.needs)
  if (missing.length === 0) return { contender, rounds: [] }
  const trouble = `skipped: ${missing.join(' and ')} could not be installed`
  console.log(`${contender.title}: ${trouble}`)
  return { contender, rounds: [], trouble }
}

/** A round that fails is told, and does not keep the others from running. */
async function runEntry(entry: Entry, options: Options): Promise<void> {
  if (entry.trouble && entry.rounds.length === 0) return
  try {
    const round = await runRound(entry.contender, options)
    entry.rounds.push(round)
    console.log(`  ${entry.contender.id}: ${(figures.useful(round) / 1e6).toFixed(2)} M useful per CPU-second`)
  } catch (error) {
    entry.rounds.push(undefined)
    const failed = entry.rounds.filter((round) => !round).length
    const cause = error instanceof Error ? error.message : String(error)
    entry.trouble = `${failed} of ${options.repetitions} rounds failed: ${cause}`
    console.log(`  ${entry.contender.id}: failed: ${cause}`)
  }
}

function measuredOf({ contender: { id, title }, rounds, trouble }: Entry): Measured {
  return { id, title, rounds, ...(trouble && { trouble }) }
}
