import { failed, ok, type Result } from '../../../domain/result.ts'

/** Checks what Redis says of itself (INFO): fails where the bus could not work, warns where it may lose its log. */
export function checkServer(reply: string, warn: (message: string) => void): Result<void, string> {
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

function fieldOf(reply: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(reply)?.[1]
}
