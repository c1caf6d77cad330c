import { dirname, join, normalize } from 'node:path'
import { isTest, type Source, sources } from './sources.ts'

/**
 * Imports go down only, types counted, without circles; a library is named behind its door and nowhere else; files stay
 * small. A path belongs to the first floor whose prefix it has.
 */
const floors: readonly (readonly [prefix: string, floor: number, tower: 'both' | 'server' | 'page' | 'outside'])[] = [
  ['domain/', 0, 'both'],
  ['server/answer.ts', 1, 'server'],
  ['server/clock.ts', 1, 'server'],
  ['server/closing.ts', 1, 'server'],
  ['server/version.ts', 1, 'server'],
  ['server/log.ts', 1, 'server'],
  ['server/audit', 2, 'server'],
  ['server/http.ts', 2, 'server'],
  ['server/doors.ts', 2, 'server'],
  ['server/origins.ts', 1, 'server'],
  ['server/token-bucket.ts', 1, 'server'],
  ['server/address-buckets.ts', 1, 'server'],
  ['server/turns.ts', 1, 'server'],
  ['server/bus/', 3, 'server'],
  ['server/store/', 4, 'server'],
  ['server/access/', 4, 'server'],
  ['server/ingest/', 4, 'server'],
  ['server/tail/', 4, 'server'],
  ['server/app.ts', 6, 'server'],
  ['server/run.ts', 7, 'server'],
  ['server/main', 8, 'server'],
  ['server/model/', 9, 'outside'],
  ['server/rolling/', 9, 'outside'],
  ['server/', 5, 'server'],
  ['components/tail/', 1, 'page'],
  ['components/', 2, 'page'],
  ['app/', 3, 'page'],
  ['e2e/', 9, 'outside'],
  ['bench/', 9, 'outside'],
  ['scripts/', 9, 'outside'],
]

const doors: Readonly<Record<string, readonly string[]>> = {
  'socket.io': ['server/tail/sockets.ts', 'server/tail/socket-of-viewer.ts', 'bench/contenders/naive-server.ts'],
  'socket.io-parser': ['server/tail/frame-parser.ts'],
  'socket.io-client': ['components/tail/tail-socket.ts', 'bench/', 'e2e/'],
  ioredis: ['server/bus/redis/', 'bench/contenders/naive-server.ts'],
  ws: ['bench/contenders/websocket.ts'],
  next: ['server/pages-dev.ts', 'app/'],
  nuqs: ['components/tail/', 'components/display/', 'app/'],
  pino: ['server/log.ts'],
  'prom-client': ['server/metrics.ts'],
  sirv: ['server/pages.ts'],
  zod: [
    'server/config-file.ts',
    'server/config-access.ts',
    'server/access/sessions.ts',
    'server/keys/key-fields.ts',
    'server/keys/made-keys.ts',
    'server/tail/messages.ts',
  ],
  jose: ['server/access/seals.ts'],
  cookie: ['server/access/cookies.ts'],
  'openid-client': ['server/access/provider.ts'],
  'oidc-provider': ['e2e/provider.fixture.ts'],
  '@tanstack/react-virtual': ['components/'],
  uplot: ['components/rate/RatePlot.tsx'],
}

const mostLines = 300

type Import = { readonly from: string; readonly name: string }

function importsOf({ path, text }: Source): readonly Import[] {
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g,
  )
  return [...found].map(([, fixed, lazy]) => ({ from: path, name: fixed ?? lazy ?? '' }))
}

function floorOf(path: string): (typeof floors)[number] | undefined {
  return floors.find(([prefix]) => path.startsWith(prefix))
}

function target({ from, name }: Import): string {
  return normalize(join(dirname(from), name))
}

function wrongWay(one: Import): string | undefined {
  const to = target(one)
  const [above, below] = [floorOf(one.from), floorOf(to)]
  if (!above) return `${one.from}: no floor knows it`
  if (!below) return undefined // styles, package.json
  if (below[1] > above[1]) return `${one.from} imports ${to}, which is above it`
  const stranger = above[2] !== 'outside' && below[2] !== 'both' && below[2] !== above[2]
  return stranger ? `${one.from} imports ${to}, which is of another tower` : undefined
}

function wrongDoor({ from, name }: Import): string | undefined {
  const library = name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : (name.split('/')[0] ?? name)
  const allowed = doors[library]
  if (!allowed || allowed.some((door) => from.startsWith(door)) || isTest(from)) return undefined
  return `${from} names ${library}, whose door is ${allowed.join(', ')}`
}

function circles(imports: readonly Import[]): readonly string[] {
  const next = new Map<string, string[]>()
  for (const one of imports) next.set(one.from, [...(next.get(one.from) ?? []), target(one)])
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push(`circle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`)
    if (done.has(path) || trail.includes(path)) return
    for (const to of next.get(path) ?? []) visit(to, [...trail, path])
    done.add(path)
  }
  for (const path of next.keys()) visit(path, [])
  return found
}

const all = sources()
const imports = all.flatMap(importsOf)
const own = imports.filter(({ name }) => name.startsWith('.'))
const product = own.filter(({ from }) => !isTest(from))
const long = all
  .filter(({ path, text }) => !isTest(path) && text.split('\n').length > mostLines)
  .map(({ path }) => `${path} has more than ${mostLines} lines`)
const wrong = [
  ...product.flatMap((one) => wrongWay(one) ?? []),
  ...imports.filter(({ name }) => !name.startsWith('.')).flatMap((one) => wrongDoor(one) ?? []),
  ...circles(own),
  ...long,
]
for (const line of wrong) console.error(line)
console.log(wrong.length === 0 ? `floors: ${all.length} files, imports go down` : `floors: ${wrong.length} wrong`)
process.exitCode = wrong.length === 0 ? 0 : 1
