import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const stampFile = join(root, 'dist', 'stamp')
export const serverFile = join(root, 'dist', 'server.js')
export const keysFile = join(root, 'dist', 'keys.js')
const threadFile = join(root, 'dist', 'decode-worker.js')

const folders = ['app', 'components', 'domain', 'server']
const files = ['package.json', 'package-lock.json', 'tsconfig.json', 'next.config.js', 'postcss.config.mjs']
const isTest = /\.(test|contract|fixture)\.tsx?$/

/** A hash of all that the build is made from. */
export function sourceStamp() {
  const hash = createHash('sha256').update(process.version)
  for (const file of [...files, ...folders.flatMap(sourcesBelow)]) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

/** Whether what is built was made from the sources as they are now. */
export function isBuilt() {
  return (
    existsSync(stampFile) &&
    existsSync(serverFile) &&
    existsSync(keysFile) &&
    existsSync(threadFile) &&
    existsSync(join(root, 'out', 'index.html')) &&
    readFileSync(stampFile, 'utf8') === sourceStamp()
  )
}

/** @param {string} folder */
function sourcesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isTest.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort()
}
