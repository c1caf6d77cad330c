/** Posts that carry no impressions. `legacy` = metrics of old SDKs, which are taken and ignored. */
export type OtherKind = 'counts' | 'events' | 'keys' | 'config' | 'usage' | 'legacy'
/** What a post of an SDK is about. */
export type PostKind = 'impressions' | OtherKind

/** A path for posts. A beacon carries its SDK key in the body, because browsers send it without headers. */
export type PostRoute = { readonly kind: PostKind; readonly beacon: boolean }
/** A path of ours. */
export type Route = PostRoute | { readonly kind: 'version' }

const legacy = ['times', 'counters', 'gauge', 'time', 'counter'].map((name) => `metrics/${name}`)

const posts: readonly (readonly [PostKind, readonly string[]])[] = [
  ['impressions', ['testImpressions/bulk']],
  ['counts', ['testImpressions/count']],
  ['events', ['events/bulk']],
  ['keys', ['v1/keys/ss', 'v1/keys/cs', 'keys/ss', 'keys/cs']],
  ['config', ['v1/metrics/config', 'metrics/config']],
  ['usage', ['v1/metrics/usage', 'metrics/usage']],
  ['legacy', legacy],
]

const beacons: readonly (readonly [PostKind, string])[] = [
  ['impressions', 'testImpressions/beacon'],
  ['counts', 'testImpressions/count/beacon'],
  ['events', 'events/beacon'],
  ['keys', 'v1/keys/cs/beacon'],
  ['usage', 'v1/metrics/usage/beacon'],
]

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ...posts.flatMap(([kind, paths]) => paths.map((path) => [`/${path}`, { kind, beacon: false }] as const)),
  ...beacons.map(([kind, path]) => [`/${path}`, { kind, beacon: true }] as const),
  ['/version', { kind: 'version' }],
])

/**
 * The route of a request target, or `undefined` when the path is not ours. SDKs join their bases carelessly, so doubled
 * and trailing slashes and any number of leading `/api` are the same path: a redirect would fail a browser's preflight.
 */
export function routeOf(target: string): Route | undefined {
  const query = target.indexOf('?')
  let path = (query === -1 ? target : target.slice(0, query)).replace(/\/{2,}/g, '/')
  while (path.startsWith('/api/')) path = path.slice('/api'.length)
  if (path.endsWith('/')) path = path.slice(0, -1)
  return routes.get(path)
}

/** The methods that a route answers, as its `Allow` header says. */
export function methodsOf(route: Route): readonly string[] {
  return route.kind === 'version' ? ['GET', 'HEAD', 'OPTIONS'] : ['POST', 'OPTIONS']
}
