import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './stamp.js'

/** `npm run dev`: hot reload of the page, and the server starts again when one of its sources changes. */
const server = spawn(
  process.execPath,
  [
    join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'),
    'watch',
    '--clear-screen=false',
    join(root, 'server', 'main-dev.ts'),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1' } },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))
server.on('exit', (code) => process.exit(code ?? 0))
