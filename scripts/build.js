import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { root, serverFile, sourceStamp, stampFile } from './stamp.js'

/** Builds the page into `out/`; and the server, the thread that it starts, and `flagtail keys` into a file each, below `dist/`. Nothing is fetched. */
const stamp = sourceStamp()
rmSync(stampFile, { force: true })
const next = join(dirname(createRequire(import.meta.url).resolve('next/package.json')), 'dist', 'bin', 'next')
const page = spawnSync(process.execPath, [next, 'build'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
})
if (page.status !== 0) {
  console.error('flagtail: the page did not build')
  process.exit(1)
}
mkdirSync(join(root, 'dist'), { recursive: true })
await build({
  entryPoints: {
    server: join(root, 'server', 'main.ts'),
    'decode-worker': join(root, 'server', 'ingest', 'decode-worker.ts'),
    keys: join(root, 'server', 'main-keys.ts'),
  },
  outdir: dirname(serverFile),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  legalComments: 'none',
  external: ['bufferutil', 'utf-8-validate'], // optional parts of ws, absent here
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  logLevel: 'warning',
})
writeFileSync(stampFile, stamp)
