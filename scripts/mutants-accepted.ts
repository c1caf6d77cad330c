/** A survivor that is no hole in the tests. It is found by its file, a part of its line, and what it makes of it. */
export type Accepted = {
  readonly file: string
  readonly line: string
  readonly to?: string
  readonly why: string
}

const otherLife = 'the log is then in another life than the point, which is waited for too'
const beginSetsIt = '`begin` sets it before it matters'
const noSuchMarker = 'no marker has that id'
const startIsFirst = 'nothing but a start comes first: others are dropped before they are taken in'

export const accepted: readonly Accepted[] = [
  {
    file: 'server/bus/resume.ts',
    line: 'batches < 0 ||',
    to: 'batches <= 0',
    why: 'none is answered before',
  },
  {
    file: 'server/tail/catch-up.ts',
    line: 'rest(parts, position, nearBatches) ?? []',
    why: 'for the types alone: who is near has a rest',
  },
  {
    file: 'server/tail/catch-up.ts',
    line: 'if (isBeyond(position, target)) return undefined',
    to: 'false',
    why: 'of what is held behind such a position nothing is within the target, which says the same',
  },
  {
    file: 'server/tail/catch-up.ts',
    line: 'return position.offset > target.offset &&',
    to: 'position.offset >= target.offset',
    why: 'at the same offset it is the same point, or a fork that the log tells of',
  },
  { file: 'server/tail/catch-up.ts', line: 'return position.offset > target.offset &&', why: otherLife },
  {
    file: 'server/tail/catch-up.ts',
    line: 'left.length <= nearBatches',
    to: 'left.length < nearBatches',
    why: 'the last four batches are taken one turn earlier',
  },
  {
    file: 'server/tail/catch-up.ts',
    line: 'if (delivered)',
    to: 'false',
    why: 'the same is asked again after reading back, which happens once',
  },
  {
    file: 'server/tail/catch-up.ts',
    line: 'index > 0 && index % turnBatches',
    why: 'one turn more before the first batch of a page',
  },
  {
    file: 'server/tail/follower.ts',
    line: 'early?.push',
    why: 'it is undefined only when the follower is there, which hears then',
  },
  {
    file: 'server/tail/follower.ts',
    line: 'batch.chain.epoch === epoch && batch.chain.id === id',
    to: 'true',
    why: 'ids are random: none comes again in another life',
  },
  {
    file: 'server/tail/follower.ts',
    line: 'this.#ids.size > this.#most',
    why: 'bounds memory alone: an old batch that is not known is looked for in the log, and not delivered',
  },
  {
    file: 'server/tail/newest.ts',
    line: 'reader.receivedMs !== undefined',
    to: 'true',
    why: 'a log that is used up is older than any other, and alone has nothing to take',
  },
  { file: 'server/tail/newest.ts', line: '#more = true', why: 'the constructor sets it' },
  {
    file: 'server/tail/newest.ts',
    line: 'this.#environmentId > other.#environmentId',
    to: 'this.#environmentId >= other.#environmentId',
    why: 'no environment is read twice',
  },
  { file: 'components/tail/intake.ts', line: '#environments: Start', why: beginSetsIt },
  { file: 'components/tail/intake.ts', line: '#cursor: Cursor = []', why: beginSetsIt },
  { file: 'components/tail/intake.ts', line: '#missed: Missed =', why: beginSetsIt },
  { file: 'components/tail/intake.ts', line: '#everything = false', why: beginSetsIt },
  { file: 'components/tail/intake.ts', line: '#gapsAhead: string[] = []', why: noSuchMarker },
  { file: 'components/tail/intake.ts', line: 'this.#gapsAhead = []', why: noSuchMarker },
  { file: 'components/tail/intake.ts', line: 'a resume before any start', why: startIsFirst },
  { file: 'components/tail/intake.ts', line: 'a frame before any start', why: startIsFirst },
  {
    file: 'components/tail/intake.ts',
    line: 'const left = {',
    to: 'marker.sampledOut + sampledOut',
    why: 'while skipped rows are left, none that was sampled out has come',
  },
  {
    file: 'components/tail/intake.ts',
    line: 'accepted === undefined ||',
    why: 'without a count nothing is more than none, and the same is remembered',
  },
  { file: 'components/tail/intake.ts', line: 'if (ledger) this.#missed', to: 'true', why: startIsFirst },
  {
    file: 'components/tail/intake.ts',
    line: 'this.#ledger?.books.missed',
    to: 'this.#ledger.books',
    why: startIsFirst,
  },
  { file: 'components/tail/intake.ts', line: '++this.#markers', why: 'ids need only differ' },
  {
    file: 'components/tail/intake.ts',
    line: 'if (this.#ledger) this.#ledger = evictRows',
    to: 'true',
    why: 'before a start no rows are let go, and none leave the books as they are',
  },
]
