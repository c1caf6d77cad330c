import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDevPages } from './pages-dev.ts'
import { run } from './run.ts'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..')
await run((server) => openDevPages(server, folder))
