import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const secret = 'a-secret-of-the-proxy-0123456789abcdef'
const roles = [
  { group: 'engineers', environments: ['*'], role: 'full' },
  { group: 'support', environments: ['prod'], role: 'masked' },
]

/** What a config file says of a proxy on this machine that signs people in: engineers see all, support sees masks. */
export const behindProxy = { proxy: { addresses: ['127.0.0.1'], signsIn: { secret } }, auth: { roles } }

/** The headers by which that proxy names somebody of a group. */
export function namedByProxy(person: string, group: string): Record<string, string> {
  return { 'x-flagtail-secret': secret, 'x-forwarded-user': person, 'x-forwarded-groups': group }
}

/** A config file in a folder of its own. */
export function configFile(content: unknown): { readonly file: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-config-'))
  const file = join(folder, 'flagtail.json')
  writeFileSync(file, JSON.stringify(content))
  return { file, remove: () => rmSync(folder, { recursive: true }) }
}
