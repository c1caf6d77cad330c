import { createServer } from 'node:http'
import { listenOnFreePort } from './listen.fixture.ts'

/** One flag whose treatment is decided by a whitelist, else by the default rule. */
type Definition = {
  readonly name: string
  readonly treatment: string
  readonly whitelist?: Readonly<Record<string, string>>
  readonly killed?: boolean
}

export const changeNumber = 1_718_900_000_123

/** Stands in for the vendor's definitions (splitChanges, auth, memberships), so that a real SDK becomes ready. */
export async function startDefinitionsHost(
  flags: readonly Definition[],
): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://host')
    const asked = request.headers['access-control-request-headers']
    response.setHeader('Access-Control-Allow-Origin', '*')
    if (request.method === 'OPTIONS') {
      response
        .writeHead(204, { 'Access-Control-Allow-Methods': 'GET', 'Access-Control-Allow-Headers': asked ?? '*' })
        .end()
      return
    }
    const answer = answerTo(pathname, searchParams, flags)
    response.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer ?? {}))
  })
  return listenOnFreePort(server)
}

function answerTo(path: string, query: URLSearchParams, flags: readonly Definition[]): unknown {
  if (path.endsWith('/splitChanges')) {
    const known = query.get('since') !== '-1'
    return {
      ff: { s: known ? changeNumber : -1, t: changeNumber, d: known ? [] : flags.map(definitionOf) },
      rbs: { s: -1, t: -1, d: [] },
    }
  }
  if (path.endsWith('/v2/auth')) return { pushEnabled: false, token: '' }
  if (path.includes('/memberships/')) return { ms: { k: [], cn: 1 }, ls: { k: [], cn: 1 } }
  return undefined
}

function definitionOf({ name, treatment, whitelist = {}, killed = false }: Definition): unknown {
  const whitelisted = Object.entries(whitelist).map(([key, given]) =>
    condition('WHITELIST', 'whitelisted', given, {
      matcherType: 'WHITELIST',
      whitelistMatcherData: { whitelist: [key] },
    }),
  )
  return {
    name,
    changeNumber,
    status: 'ACTIVE',
    trafficTypeName: 'user',
    killed,
    defaultTreatment: 'off',
    seed: 1,
    algo: 2,
    trafficAllocation: 100,
    trafficAllocationSeed: 1,
    conditions: [...whitelisted, condition('ROLLOUT', 'default rule', treatment, { matcherType: 'ALL_KEYS' })],
    sets: [],
    configurations: {},
  }
}

function condition(conditionType: string, label: string, treatment: string, matcher: object): unknown {
  return {
    conditionType,
    label,
    partitions: [{ treatment, size: 100 }],
    matcherGroup: {
      combiner: 'AND',
      matchers: [{ keySelector: { trafficType: 'user', attribute: null }, negate: false, ...matcher }],
    },
  }
}
