import type { Shared } from '../../domain/impression.ts'
import { defaultLimits } from '../../domain/limits.ts'
import { decodePost, decodeUsual } from '../../server/ingest/decode-post.ts'
import { routeOf } from '../../server/ingest/paths.ts'
import { type Input, isWhole } from './input.ts'
import type { Outcome } from './wire.ts'

const shared: Shared = {
  environmentId: 'fuzz',
  environmentName: 'Fuzz',
  source: 'sdk',
  verified: true,
  receptionTimestamp: 1,
}

const decodedBytes = 512 * 1024

/** What an input makes the server do, so far as it can be told apart: two inputs of one behaviour teach nothing more. */
export function behaviourOf(input: Input, outcome: Outcome): string {
  if (outcome.came !== 'answer') return `${outcome.came}, ${input.delivery.how}, ${input.framing}`
  const route = routeOf(input.target)
  const path = route ? `${route.kind}${'beacon' in route && route.beacon ? ' beacon' : ''}` : 'elsewhere'
  const words = `${outcome.status} ${path} ${wordsOf(outcome.text)}`
  return isDecoded(input, outcome) ? `${words} ${decodedWords(input)}` : words
}

/** What is wrong with an outcome, if anything. */
export function faultOf(input: Input, outcome: Outcome): string | undefined {
  if (outcome.came === 'hung') return 'no answer and no end within 20 s'
  if (outcome.came === 'closed') return isWhole(input) ? 'a whole request got no answer' : undefined
  const { status, text } = outcome
  if ((status < 200 || status >= 500) && status !== 503) return `answered ${status}: ${text}`
  if (status >= 300 && status < 400 && status !== 304) return `answered ${status}`
  if (!isDecoded(input, outcome)) return undefined
  const expected = expectedAnswer(input)
  return text === expected ? undefined : `answered ${text}, which decodes to ${expected}`
}

/** Whether the answer says what its body was decoded to. */
function isDecoded(input: Input, outcome: Outcome & { readonly came: 'answer' }): boolean {
  const route = routeOf(input.target)
  const isBulk = route?.kind === 'impressions' && !route.beacon
  const isSmall = input.body.length <= decodedBytes // larger ones would keep this program from measuring
  const isCoded = input.headers.some(([name]) => name.toLowerCase() === 'content-encoding')
  return outcome.status === 200 && isSmall && isBulk && !isCoded && isWhole(input)
}

function expectedAnswer(input: Input): string {
  const decoded = decodePost(input.body, shared, defaultLimits)
  if (!decoded.ok) return `a refusal: ${decoded.error.message}`
  const rejected = [...decoded.value.rejected.values()].reduce((sum, count) => sum + count, 0)
  return JSON.stringify({ accepted: decoded.value.accepted, rejected })
}

/** Which way it went, what was rejected for what, and how many batches there were, roughly. */
function decodedWords({ body }: Input): string {
  const usual = decodeUsual(body, shared, defaultLimits)
  const decoded = usual ? ({ ok: true, value: usual } as const) : decodePost(body, shared, defaultLimits)
  if (!decoded.ok) return 'refused here'
  const { rejected, batches, accepted } = decoded.value
  const flags = batches.reduce((sum, { header }) => sum + header.spans.length, 0)
  const sizes = [accepted, flags].map((count) => Math.ceil(Math.log2(count + 1))).join('/')
  return `${usual ? 'usual' : 'parsed'} ${sizes} ${[...rejected.keys()].sort().join('+')}`
}

/** The words of an answer without its numbers. */
function wordsOf(text: string): string {
  return text.replace(/\d+/g, 'n').slice(0, 120)
}
