import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram, installFromDebian } from '../scripts/tools.ts'

/** Programs to compare with, by the Debian packages that bring each. */
const packages = {
  'redis-server': ['redis-server'],
  'nats-server': ['nats-server'],
  mosquitto: ['mosquitto'],
  nginx: ['nginx-light'],
  nchan: ['libnginx-mod-nchan'],
} as const

export type ProgramName = keyof typeof packages

/** Debian keeps servers where the PATH of others than root does not look. */
process.env.PATH += ':/usr/local/sbin:/usr/sbin'

const moduleFolders = ['/usr/lib/nginx/modules', '/usr/lib64/nginx/modules', '/usr/share/nginx/modules']
const nchanModule = 'ngx_nchan_module.so'

function find(name: ProgramName): string | undefined {
  if (name !== 'nchan') return findProgram([name])
  const folder = moduleFolders.find((one) => existsSync(one) && readdirSync(one).includes(nchanModule))
  return folder && join(folder, nchanModule)
}

/** Where a program, or nginx's module, is; throws when it is missing. */
export function programPath(name: ProgramName): string {
  const path = find(name)
  if (!path) throw new Error(`${name} is not installed`)
  return path
}

/** Installs what is missing where that is allowed, and returns what is still missing. */
export function missingPrograms(needed: readonly ProgramName[]): readonly ProgramName[] {
  const missing = needed.filter((name) => !find(name))
  if (missing.length > 0) installFromDebian(missing.flatMap((name) => packages[name]))
  return missing.filter((name) => !find(name))
}
