import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Program } from './processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'flagtail-bench-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/**
 * A file of the bench as a program for plain Node, built as our server is: tsx gives each closure its name at run time,
 * which costs more than what is measured.
 */
export async function bundled(name: string): Promise<Program> {
  const outfile = join(folder, `${name.replaceAll('/', '-')}.mjs`)
  await build({
    entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['bufferutil', 'utf-8-validate'], // optional parts of ws, absent here
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  })
  return { command: process.execPath, args: [outfile] }
}
