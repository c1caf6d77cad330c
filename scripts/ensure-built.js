import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { isBuilt, root } from './stamp.js'

/** Builds when there is no build or the source has changed; when that fails it says why and ends the process. */
export function ensureBuilt() {
  if (isBuilt()) return
  console.error('Building (the first time, and when the source has changed) …')
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.js')], { stdio: ['ignore', 'pipe', 'pipe'] })
  if (built.status === 0) return
  process.stderr.write(built.stdout)
  process.stderr.write(built.stderr)
  console.error('flagtail: the build failed')
  process.exit(1)
}
