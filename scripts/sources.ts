import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './stamp.js'

export type Source = { readonly path: string; readonly text: string }

/** Every TypeScript file of the project, by its path from the top. */
export function sources(): readonly Source[] {
  const folders = ['app', 'components', 'domain', 'server', 'e2e', 'bench', 'scripts']
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ path: relative(root, file), text: readFileSync(file, 'utf8') })),
  )
}

/** Whether a file is there for tests alone. */
export function isTest(path: string): boolean {
  return /\.(test|spec|contract|fixture)\.tsx?$/.test(path) || path.startsWith('e2e/')
}
