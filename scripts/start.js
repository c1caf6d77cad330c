import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isBuilt, root, serverFile } from './stamp.js'

/** `npm start`: builds when there is no build or the source has changed, then serves in this very process. */
if (!isBuilt()) {
  console.log('Building (the first time, and when the source has changed) …')
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.js')], { stdio: ['ignore', 'pipe', 'pipe'] })
  if (built.status !== 0) {
    process.stdout.write(built.stdout)
    process.stderr.write(built.stderr)
    console.error('flagtail: the build failed')
    process.exit(1)
  }
}
process.env.NODE_ENV = 'production'
await import(pathToFileURL(serverFile).href)
