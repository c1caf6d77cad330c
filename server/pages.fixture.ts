import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder as `next build` exports one; removed when the test ends. */
export function exportedFolder(files: Readonly<Record<string, string>> = {}): string {
  const { folder, remove } = writeExportedFolder(files)
  onTestFinished(remove)
  return folder
}

/** A folder as `next build` exports one. Whoever writes it, removes it. */
export function writeExportedFolder(files: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-pages-'))
  const all = { 'index.html': '<h1>the live tail</h1>', '404.html': '<h1>no page</h1>', ...files }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
