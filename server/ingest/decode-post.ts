import type { Shared } from '../../domain/impression.ts'
import type { Limits } from '../../domain/limits.ts'
import { ok, type Result } from '../../domain/result.ts'
import { type Decoded, decodeSplit } from './decode-split.ts'
import { parseJson } from './json-body.ts'
import { entriesOf } from './other-bodies.ts'
import { Packer } from './packer.ts'
import type { OtherKind } from './paths.ts'
import type { Refusal } from './refusal.ts'
import { packUsualPost } from './usual-post.ts'

/** Decodes a bulk post of a Split SDK: in one pass when it looks as they all do, else by parsing it. Same outcome. */
export function decodePost(body: Buffer, shared: Shared, limits: Limits): Result<Decoded, Refusal> {
  const usual = decodeUsual(body, shared, limits)
  return usual ? ok(usual) : decodeParsed(body, shared, limits)
}

/** In one pass, and `undefined` for what needs to be parsed. */
export function decodeUsual(body: Buffer, shared: Shared, limits: Limits): Decoded | undefined {
  const packer = new Packer(shared, limits)
  const accepted = packUsualPost(body, packer, limits)
  return accepted === undefined ? undefined : { batches: packer.finish(), accepted, rejected: new Map() }
}

export function decodeParsed(body: Buffer, shared: Shared, limits: Limits): Result<Decoded, Refusal> {
  const json = parseJson(body, limits)
  return json.ok ? decodeSplit(json.value, 'array', shared, limits) : json
}

/** Counts the entries of a post without impressions that is no beacon. */
export function countEntries(body: Buffer, kind: OtherKind, limits: Limits): Result<number, Refusal> {
  const json = parseJson(body, limits)
  return json.ok ? entriesOf(kind, json.value.parsed, '') : json
}
