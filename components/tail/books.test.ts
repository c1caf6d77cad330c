import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cursor } from '../../domain/chain.ts'
import type { Books } from '../../domain/ledger.ts'
import type { RowGroup } from '../../domain/protocol.ts'
import { placeOf } from '../../domain/rows.ts'
import { at, group, onlyOn, Stage, totals } from './stage.fixture.ts'

function keys(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `u${from + index}`)
}

function balance({ matched, held, evicted, sampledOut, skipped }: Books): number {
  return matched - held - evicted - sampledOut - skipped
}

test('G9 the books on the screen balance through sampling, loss, pause, eviction and a resume on another node', () => {
  const stage = new Stage({ capacity: 5 })
  stage.begin({ rows: [group(1, keys(0, 4))] })
  stage.frame({ ...totals(10, 3), sequence: 1, cursor: at(2), rows: [group(2, keys(10, 3))] })
  stage.frame({ ...totals(30, 13), sequence: 4, cursor: at(5), rows: [group(5, keys(20, 2))] })
  stage.store.reader.setPaused(true)
  stage.frame({ ...totals(36, 19), sequence: 5, cursor: at(6), rows: [group(6, keys(30, 6))] })
  stage.frame({ ...totals(40, 20), sequence: 9, cursor: [] })
  stage.lose()
  stage.clock.turn(5000)
  stage.connect()
  const replayed = { matched: 20, perTreatment: onlyOn(20) }
  stage.start({ ...totals(2), tail: 'other', sequence: 3, cursor: at(9), rows: [group(9, keys(40, 5))], replayed })
  const { books } = stage.view
  expect(books).toMatchObject({ matched: 60, sampledOut: 17, skipped: 8 + 15 })
  expect(balance(books)).toBe(0)
  expect(stage.view.waiting).toBe(26)
})

const step = fc.oneof(
  fc.record({ kind: fc.constant('frame' as const), rows: fc.nat(6), sampled: fc.nat(4), lost: fc.nat(3) }),
  fc.record({ kind: fc.constant('again' as const) }),
  fc.record({ kind: fc.constant('resume' as const), rows: fc.nat(6), unsent: fc.nat(5) }),
  fc.record({ kind: fc.constant('filter' as const), rows: fc.nat(6), narrows: fc.boolean(), complete: fc.boolean() }),
  fc.record({ kind: fc.constant('older' as const), rows: fc.nat(6), kept: fc.nat(4), complete: fc.boolean() }),
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

/** A server that sends what a step says, keeping the totals that belong to it. */
class Script {
  readonly stage: Stage
  #offset = 1
  #matched = 0
  #sent = 0
  #sequence = 0
  #revision = 1

  constructor(capacity: number) {
    this.stage = new Stage({ capacity })
    this.stage.begin()
  }

  take(one: Step): void {
    const offset = this.#offset++
    switch (one.kind) {
      case 'frame':
        this.#sent += one.rows + one.lost
        this.#matched += one.rows + one.lost + one.sampled
        this.#frame(offset, one.rows)
        break
      case 'again': {
        this.#sent += 2
        this.#matched += 2
        this.#frame(Math.max(1, offset - 1), 2)
        break
      }
      case 'resume':
        this.stage.lose()
        this.stage.connect()
        this.#start(offset, one.rows, one.rows + one.unsent)
        break
      case 'filter':
        this.#revision++
        this.stage.store.setText(one.narrows ? `${this.stage.view.search.text} -key:x${offset}` : `-key:y${offset}`)
        this.stage.clock.turn(150)
        this.#start(offset, one.rows, one.rows, one.complete)
        break
      case 'older':
        this.#older(offset, one)
        break
    }
  }

  /** Of the rows that were kept the newest come again, then come others. */
  #older(offset: number, { rows, kept, complete }: Extract<Step, { kind: 'older' }>): void {
    const lines = this.stage.lines()
    const { list } = this.stage.view
    const before = this.stage.said.length
    this.stage.store.load(list.at(lines.indexOf('<older>'))?.id ?? '')
    const [name, asked] = this.stage.said[before] ?? []
    if (name !== 'older' || !asked || !('from' in asked)) return
    const boundary = lines.indexOf('<kept>')
    const again: RowGroup[] = []
    for (let index = boundary + 1; boundary !== -1 && again.length < kept && index < lines.length; index++) {
      const entry = list.at(index)
      const place = entry?.kind === 'impression' ? placeOf(entry.id) : undefined
      if (entry?.kind !== 'impression' || !place) continue
      const flags = [{ flag: 'checkout', indexes: place.index, rows: [entry.row] }]
      again.unshift({ ...group(place.offset, []), flags })
    }
    const groups = [group(1000 + offset, keys(offset * 100, rows)), ...again]
    this.stage.hears.older({ from: asked.from as Cursor, to: at(1000 + offset), rows: groups, complete })
    this.stage.paint()
  }

  #frame(offset: number, rows: number): void {
    const sequence = ++this.#sequence
    const part = { sequence, cursor: at(offset), rows: [group(offset, keys(offset * 100, rows))] }
    this.stage.frame({ ...totals(this.#matched, this.#sent), ...part })
  }

  #start(offset: number, rows: number, matched: number, complete = true): void {
    this.#matched = 0
    this.#sent = 0
    this.#sequence = 0
    const replayed = { matched, perTreatment: onlyOn(matched) }
    const groups = [group(offset, keys(offset * 100, rows))]
    const older = complete ? {} : { older: at(offset) }
    this.stage.start({ revision: this.#revision, cursor: at(offset), rows: groups, replayed, complete, ...older })
  }
}

test('G10 held is at all times exactly the rows of this filter that the browser has', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.constantFrom(12, 200), (steps, capacity) => {
      const script = new Script(capacity)
      for (const one of steps) {
        script.take(one)
        const { books } = script.stage.view
        const lines = script.stage.lines()
        const kept = lines.indexOf('<kept>')
        const counted = lines.slice(0, kept === -1 ? lines.length : kept).filter((line) => !line.startsWith('<'))
        expect(books.held).toBe(counted.length)
        expect(balance(books)).toBe(0)
      }
    }),
    { numRuns: 600 },
  )
})
