import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { openExportedPages } from './pages.ts'
import { run } from './run.ts'

/**
 * Left alone, V8 lets the heap grow to several times what is live before it collects the old half of it, and a busy machine
 * makes that worse: half as much again is enough here.
 */
setFlagsFromString('--heap-growing-percent=50')

/** The built server: the exported page lies beside the folder of this file, in `out/`. */
const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'out')
await run(async () => openExportedPages(folder))
