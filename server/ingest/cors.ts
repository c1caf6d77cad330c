/**
 * On every answer, errors included: pages of any origin may post and read the outcome. Safe because no cookie counts on
 * these paths.
 */
export const corsHeaders = { 'Access-Control-Allow-Origin': '*' } as const

const allowed = [
  'Authorization',
  'Content-Type',
  'SplitSDKVersion',
  'SplitSDKMachineIP',
  'SplitSDKMachineName',
  'SplitSDKImpressionsMode',
  'X-Harness-FME-SDK-Version',
] as const
const known: ReadonlySet<string> = new Set(allowed.map((name) => name.toLowerCase()))
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/
const echoedHeaders = 32

/**
 * The headers of a preflight's answer. SDKs let their users add headers, and `*` would not cover Authorization, so what
 * else the browser asks for is allowed by name, as far as it is a header name.
 */
export function preflightHeaders(requested: string | undefined): Readonly<Record<string, string>> {
  return {
    'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
    'Access-Control-Allow-Headers': [...allowed, ...unknownOf(requested ?? '')].join(', '),
    'Access-Control-Max-Age': '7200',
    'Access-Control-Allow-Private-Network': 'true',
  }
}

function unknownOf(requested: string): readonly string[] {
  const names = requested.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => token.test(name) && !known.has(name.toLowerCase()))
  return [...new Set(unknown)].slice(0, echoedHeaders)
}
