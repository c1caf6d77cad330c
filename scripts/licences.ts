import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './stamp.js'

/**
 * What ships, and under which licences: `npm run licences` writes docs/LICENCES.md, `-- --check` compares it (in `npm test`)
 * and refuses a licence that is not on the list, `-- --texts` prints the licences themselves, for the image.
 */
const allowed: ReadonlySet<string> = new Set([
  ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'],
  ...['OFL-1.1', 'CC-BY-4.0'], // fonts; a table of browsers that next names and no bundle has
])

/** Direct dependencies that build and check, and of which nothing runs where it is served. */
const buildTools: ReadonlySet<string> = new Set([
  ...['@tailwindcss/postcss', 'tailwindcss', 'esbuild', 'tsx', 'typescript'],
  ...['@types/node', '@types/react', '@types/react-dom'],
])

/** What says its licence only under an older name, in its own package.json. */
const toldElsewhere: Readonly<Record<string, string>> = { 'xmlhttprequest-ssl': 'MIT' }

type Locked = {
  readonly version?: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
}
type Package = { readonly name: string; readonly version: string; readonly licence: string; readonly path: string }

const locked: Readonly<Record<string, Locked>> = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
).packages

/** Where a package finds another: beside it, or above. */
function placeOf(name: string, from: string): string {
  for (let within = from; ; within = within.slice(0, Math.max(0, within.lastIndexOf('/node_modules/')))) {
    const place = within === '' ? `node_modules/${name}` : `${within}/node_modules/${name}`
    if (locked[place]) return place
    if (within === '') throw new Error(`${name} is not locked`)
    if (!within.includes('/node_modules/')) within = ''
  }
}

/** Everything that may run where it is served, without what is only there for some machines (`optionalDependencies`). */
function shipped(): readonly Package[] {
  const found = new Map<string, Package>()
  const visit = (name: string, from: string): void => {
    const path = placeOf(name, from)
    if (found.has(path)) return
    const { version = '', license = toldElsewhere[name] ?? 'none told', dependencies = {} } = locked[path] ?? {}
    found.set(path, { name, version, licence: license, path })
    for (const next of Object.keys(dependencies)) visit(next, path)
  }
  for (const name of Object.keys(locked['']?.dependencies ?? {})) if (!buildTools.has(name)) visit(name, '')
  return [...found.values()].sort((a, b) =>
    a.name === b.name ? (a.version < b.version ? -1 : 1) : a.name < b.name ? -1 : 1,
  )
}

function tableOf(packages: readonly Package[]): string {
  const counts = new Map<string, number>()
  for (const { licence } of packages) counts.set(licence, (counts.get(licence) ?? 0) + 1)
  const summary = [...counts].sort((a, b) => b[1] - a[1]).map(([licence, count]) => `${licence}: ${count}`)
  return [
    '# Licences of what ships',
    '',
    'Written by `npm run licences`, and compared by `npm test`, which also refuses a licence that is not on the list in',
    '`scripts/licences.ts`. These packages may have a part in `dist/` and `out/`; what only builds and tests them is not here. Their',
    'texts are in `/app/NOTICES.txt` of the image (`npm run licences -- --texts`).',
    '',
    `${packages.length} packages. ${summary.join(' · ')}`,
    '',
    '| Package | Version | Licence |',
    '|---|---|---|',
    ...packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`),
    '',
  ].join('\n')
}

function textsOf(packages: readonly Package[]): string {
  return packages
    .map(({ name, version, licence, path }) => `${name} ${version} (${licence})\n\n${textOf(path)}`)
    .join(`\n${'-'.repeat(80)}\n`)
}

function textOf(path: string): string {
  const folder = join(root, path)
  const files = existsSync(folder) ? readdirSync(folder) : []
  const file = files.find((name) => /^(licen[cs]e|copying|ofl)/i.test(name))
  return file ? readFileSync(join(folder, file), 'utf8') : 'No text comes with it.\n'
}

const packages = shipped()
const file = join(root, 'docs', 'LICENCES.md')
const strange = packages.filter(({ licence }) => !allowed.has(licence))
for (const { name, licence } of strange) console.error(`${name} ships under ${licence}, which is not on the list`)
if (process.argv.includes('--texts')) process.stdout.write(textsOf(packages))
else if (!process.argv.includes('--check')) writeFileSync(file, tableOf(packages))
const isTrue = existsSync(file) && readFileSync(file, 'utf8') === tableOf(packages)
if (process.argv.includes('--check')) {
  if (!isTrue) console.error('docs/LICENCES.md is not what ships: npm run licences')
  console.log(
    `licences: ${packages.length} packages ship, ${strange.length} of them under a licence that is not on the list`,
  )
}
process.exitCode = strange.length === 0 && (isTrue || process.argv.includes('--texts')) ? 0 : 1
