import { pathToFileURL } from 'node:url'
import { ensureBuilt } from './ensure-built.js'
import { serverFile } from './stamp.js'

/** `npm start`: builds when there is no build or the source has changed, then serves in this very process. */
ensureBuilt()
process.env.NODE_ENV = 'production'
await import(pathToFileURL(serverFile).href)
