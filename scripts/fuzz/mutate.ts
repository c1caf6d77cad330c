import type { Delivery, Input } from './input.ts'
import { changedBody, packedBody } from './mutate-body.ts'
import type { Random } from './random.ts'

type Change = (input: Input, random: Random) => Input

const methods = [
  'GET',
  'HEAD',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'CONNECT',
  'post',
  'POST ',
  '',
  'P\x00ST',
  'PRI',
]
const versions = ['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', '', 'HTTP/1.1 x']
const targets = [
  ...['/', '*', '', '/api', '/api/', '//', '/%00', '/..%2f..%2fetc/passwd', 'http://elsewhere/testImpressions/bulk'],
  ...[
    '/api/api/testImpressions/bulk',
    '//testImpressions//bulk//',
    '/testImpressions/bulk?a=b',
    '/testImpressions/bulk#x',
  ],
  ...['/testImpressions/beacon', '/testImpressions/count/beacon', '/events/beacon', '/v1/keys/cs/beacon', '/version'],
  ...['/metrics/times', '/metrics/usage', '/keys/ss', '/testImpressions/count', '/events/bulk', '/api/impressions'],
  ...[`/${'a'.repeat(300)}`, `/${'/api'.repeat(2000)}`, '/\u00ff', '/a b', '/api/tail\r\nX: y'],
]
const headers: readonly (readonly [string, string])[] = [
  ['Content-Encoding', 'gzip'],
  ['Content-Encoding', 'br'],
  ['Content-Encoding', 'gzip, gzip'],
  ['Content-Encoding', 'x'.repeat(3000)],
  ['Content-Type', 'text/plain; charset=utf-7'],
  ['Authorization', 'Bearer'],
  ['Authorization', 'Bearer a b c'],
  ['Authorization', 'Basic Og=='],
  ['Authorization', `Bearer ${'k'.repeat(4000)}`],
  ['Authorization', ''],
  ['Authorization', '\u00ff'],
  ['Origin', 'null'],
  ['Origin', 'https://elsewhere.example'],
  ['Host', 'elsewhere.example'],
  ['Cookie', '__proto__=1; constructor=2'],
  ['SplitSDKVersion', '-'],
  ['SplitSDKVersion', '\u001b[31m\u0007'],
  ['SplitSDKVersion', 'x'.repeat(1000)],
  ['SplitSDKMachineName', '<script>alert(1)</script>'],
  ['SplitSDKImpressionsMode', '__proto__'],
  ['X-Forwarded-For', '127.0.0.1, 127.0.0.1'],
  ['Range', 'bytes=0-0,1-1'],
  ['X-Large', 'y'.repeat(20_000)],
  ['\u0000', 'x'],
  [' folded', 'x'],
  ['__proto__', 'x'],
  ['Trailer', 'Content-Length'],
  ['TE', 'trailers'],
]
const framings: readonly (readonly [string, string])[] = [
  ...['-1', '0', '1', '99', '1e3', '0x10', '+5', '5, 5', ' 5', '', 'abc', '18446744073709551616', '17000000'].map(
    (length) => ['Content-Length', length] as const,
  ),
  ...['chunked', 'gzip, chunked', 'identity', 'chunked, chunked', 'x', ' chunked', 'CHUNKED'].map(
    (coding) => ['Transfer-Encoding', coding] as const,
  ),
  ['Expect', '100-continue'],
  ['Expect', '200-maybe'],
  ['Upgrade', 'websocket'],
  ['Connection', 'Upgrade, close'],
]

function deliveryOf(random: Random): Delivery {
  switch (random.below(8)) {
    case 0:
      return { how: 'slow', bytes: 1 + random.below(200), everyMs: 1 + random.below(40) }
    case 1:
      return { how: 'cut', at: random.next(), afterwards: random.pick(['end', 'reset', 'wait'] as const) }
    case 2:
    case 3:
      return { how: 'pieces', bytes: 1 + random.below(400) }
    default:
      return { how: 'whole' }
  }
}

const ofHead: readonly Change[] = [
  (input, random) => ({ ...input, method: random.pick(methods) }),
  (input, random) => ({ ...input, version: random.pick(versions) }),
  (input, random) => ({ ...input, target: random.pick(targets) }),
  (input, random) => ({ ...input, target: random.pick(targets) }),
  (input, random) => ({ ...input, headers: [...input.headers, random.pick(headers)] }),
  (input, random) => ({ ...input, headers: [...input.headers, random.pick(headers)] }),
  (input, random) => ({ ...input, headers: [...input.headers, random.pick(input.headers)] }),
  (input, random) => ({ ...input, headers: input.headers.filter(() => random.chance(0.8)) }),
  (input, random) => {
    const framing = random.chance(0.5) ? 'as-headers-say' : input.framing
    return { ...input, framing, headers: [...input.headers, random.pick(framings)] }
  },
  (input) => ({ ...input, framing: 'chunked' }),
  (input, random) => ({
    ...input,
    body: packedBody(input.body, random),
    headers: [...input.headers, ['Content-Encoding', 'gzip']],
  }),
  (input, random) => ({ ...input, delivery: deliveryOf(random) }),
  (input, random) => ({ ...input, delivery: deliveryOf(random) }),
]

/** Another input made of one: mostly its body is changed, now and then what surrounds it. */
export function mutate(input: Input, others: readonly Input[], random: Random): Input {
  let changed = input
  for (let rounds = 1 + random.below(3); rounds > 0; rounds--) {
    changed = random.chance(0.7)
      ? { ...changed, body: changedBody(changed.body, random, random.pick(others).body) }
      : random.pick(ofHead)(changed, random)
  }
  return changed.body.length > mostBodyBytes ? { ...changed, body: changed.body.subarray(0, mostBodyBytes) } : changed
}

const mostBodyBytes = 256 * 1024
