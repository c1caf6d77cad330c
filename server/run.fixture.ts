import { openExportedPages } from './pages.ts'
import { run } from './run.ts'

/** The server as `main.ts` runs it, with the exported page in the folder that is the first argument. */
await run(async () => openExportedPages(process.argv[2] ?? ''))
