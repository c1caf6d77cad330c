import type { Shared } from '../../domain/impression.ts'
import type { Limits } from '../../domain/limits.ts'
import { ok, type Result } from '../../domain/result.ts'
import { type Decoded, decodeSplit } from './decode-split.ts'
import { parseJson } from './json-body.ts'
import { Packer } from './packer.ts'
import type { Refusal } from './refusal.ts'
import { packUsualPost } from './usual-post.ts'

/** Decodes a bulk post of a Split SDK: in one pass when it looks as they all do, else by parsing it. Same outcome. */
export function decodePost(body: Buffer, shared: Shared, limits: Limits): Result<Decoded, Refusal> {
  const packer = new Packer(shared, limits)
  const accepted = packUsualPost(body, packer, limits)
  if (accepted !== undefined) return ok({ batches: packer.finish(), accepted, rejected: new Map() })
  const json = parseJson(body)
  return json.ok ? decodeSplit(json.value, 'array', shared, limits) : json
}
