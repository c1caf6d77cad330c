import { failed, ok, type Result } from '../../../domain/result.ts'
import type { Form } from './address.ts'

/** Checks what a Redis says of itself (INFO): fails where the bus could not work, warns where it may lose its log. */
export function checkServer(reply: string, form: Form, warn: (message: string) => void): Result<void, string> {
  const misplaced = misplacedIn(form, fieldOf(reply, 'redis_mode'))
  if (misplaced) return failed(misplaced)
  const version = fieldOf(reply, 'redis_version') ?? ''
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 6 || (major === 6 && minor < 2)) return failed(`Redis ${version} is too old: 6.2 or newer is needed`)
  const policy = fieldOf(reply, 'maxmemory_policy')
  if (policy !== undefined && policy !== 'noeviction') {
    warn(
      `Redis evicts keys when its memory is full (maxmemory-policy ${policy}), logs among them; set it to noeviction`,
    )
  }
  return ok(undefined)
}

function misplacedIn({ kind }: Form, mode: string | undefined): string | undefined {
  if (mode === 'sentinel') return 'it is a Sentinel: its URL is redis+sentinel://host:port/<master>'
  if (mode === 'cluster' && kind !== 'cluster') return 'it is a cluster: its URL begins with redis+cluster://'
  if (mode === 'standalone' && kind === 'cluster') return 'it is no cluster: its URL begins with redis://'
  return undefined
}

function fieldOf(reply: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(reply)?.[1]
}
