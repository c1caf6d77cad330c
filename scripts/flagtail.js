#!/usr/bin/env node
import { pathToFileURL } from 'node:url'
import { ensureBuilt } from './ensure-built.js'
import { keysFile } from './stamp.js'

/** `flagtail` serves, `flagtail keys …` makes and revokes SDK keys; both run what was built. */
const [command, ...words] = process.argv.slice(2)
if (command === undefined || command === 'start') {
  await import('./start.js')
} else if (command === 'keys') {
  ensureBuilt()
  process.argv = [process.argv[0] ?? '', process.argv[1] ?? '', ...words]
  await import(pathToFileURL(keysFile).href)
} else {
  console.error('flagtail: nothing is called "%s": flagtail serves, flagtail keys makes and revokes SDK keys', command)
  process.exitCode = 1
}
