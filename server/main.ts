import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openExportedPages } from './pages.ts'
import { run } from './run.ts'

/** The built server: the exported page lies beside the folder of this file, in `out/`. */
const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'out')
await run(async () => openExportedPages(folder))
