import type { Cursor } from '../../domain/chain.ts'
import type { Found, Frame, Loaded, LoadedOlder, Start, Totals } from '../../domain/protocol.ts'
import type { HeardBatch, Pick } from './heard.ts'
import { pickedIndexes, pickedRows } from './match.ts'

/** A message whose JSON is ready, so that rows go out as the bytes that came in. */
export class EncodedMessage {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Rows of one batch that go into a message. */
export type Group = { readonly batch: HeardBatch; readonly picks: readonly Pick[] }

/** A group as JSON: `RowGroup` of the protocol. Holds nothing of its batch. */
export function groupText({ batch, picks }: Group): string {
  const { epoch, offset } = batch.chain
  const flags = picks.map((pick) => flagText(batch, pick)).join(',')
  const retries = JSON.stringify(batch.header.retries)
  return `{"epoch":${JSON.stringify(epoch)},"offset":${offset},"shared":${batch.sharedText},"flags":[${flags}],"retries":${retries}}`
}

function flagText(batch: HeardBatch, pick: Pick): string {
  const { span } = pick
  const flag = JSON.stringify(span.flag)
  if (pick.rows === 'all') return `{"flag":${flag},"indexes":${span.firstRow},"rows":[${batch.spanText(span)}]}`
  const indexes = pickedIndexes(pick).map((index) => span.firstRow + index)
  const rows = pick.rows.map((index) => batch.rowText(span, index)).join(',')
  return `{"flag":${flag},"indexes":[${indexes.join(',')}],"rows":[${rows}]}`
}

/** About how many bytes a group takes: its rows' share of the batch. */
export function groupBytes({ batch, picks }: Group): number {
  let bytes = 0
  for (const pick of picks) {
    const { span } = pick
    bytes += ((span.to - span.from) * pickedRows(pick)) / span.impressions
  }
  return Math.ceil(bytes) + batch.sharedText.length
}

function withRows(message: object, groups: readonly string[]): EncodedMessage {
  const head = JSON.stringify(message)
  return new EncodedMessage(`${head.slice(0, -1)},"rows":[${groups.join(',')}]}`)
}

/** A frame, encoded once for everybody in the room, given its groups as JSON. */
export function encodeFrame(frame: Omit<Frame, 'rows'>, groups: readonly string[]): EncodedMessage {
  return withRows(frame, groups)
}

/** The answer to `watch` and `resume`. */
export function encodeStart(start: Omit<Start, 'rows'>, groups: readonly Group[]): EncodedMessage {
  return withRows(start, groups.map(groupText))
}

/** The answer to `load`. */
export function encodeLoaded(loaded: Omit<Loaded, 'rows'>, groups: readonly Group[]): EncodedMessage {
  return withRows(loaded, groups.map(groupText))
}

/** The answer to `older`. */
export function encodeOlder(older: Omit<LoadedOlder, 'rows'>, groups: readonly Group[]): EncodedMessage {
  return withRows(older, groups.map(groupText))
}

/** The answer to `find`. */
export function encodeFound(found: Omit<Found, 'rows'>, groups: readonly Group[]): EncodedMessage {
  return withRows(found, groups.map(groupText))
}

/** What a viewer on hold gets once a second: totals without rows and without cursor. */
export function heldFrame(tail: string, sequence: number, totals: Totals): Frame {
  const cursor: Cursor = []
  return { tail, sequence, cursor, ...totals, rows: [] }
}
