import { type App, type AppParts, openApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { openLog } from './log.ts'

/** Runs the server until a signal ends it: settings and signals are read here and nowhere else. */
export async function run(openPages: AppParts['openPages']): Promise<void> {
  const config = readConfig(process.env)
  if (!config.ok) return leave(config.error)
  const log = openLog()
  if (config.value.access.kind === 'nobody-asks') log.warn(openToAll)
  const app = await openApp({ config: config.value, log, openPages })
  if (!app.ok) return leave(app.error)
  let leaving = false
  const stop = (): void => {
    if (leaving) process.exit(1) // asked twice: at once
    leaving = true
    const late = setTimeout(() => process.exit(1), config.value.limits.shutdownMs)
    late.unref()
    app.value.close().then(
      () => process.exit(0),
      (error) => {
        log.error('could not leave well', error)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.stdout.write(`${greeting(config.value, app.value).join('\n')}\n`)
}

const openToAll = 'FLAGTAIL_AUTH=none: whoever reaches this server sees every key of a user that is posted to it'

function leave(reason: string): void {
  process.stderr.write(`flagtail: ${reason.replace(/\s+/g, ' ')}\n`)
  process.exitCode = 1
}

/** Where this machine reaches a server that listens on every address. */
const localAddresses: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

function environments(count: number): string {
  return count === 1 ? '1 environment' : `${count} environments`
}

/** What a person needs who has just started it. */
function greeting(config: Config, { port, token }: App): readonly string[] {
  const host = localAddresses.get(config.host) ?? config.host
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const keys =
    config.environments === 'open'
      ? 'Any SDK key of 8 or more characters is accepted (open mode).'
      : `SDK keys of ${environments(config.environments.length)} are accepted.`
  const log =
    config.redisUrl === undefined
      ? 'Impressions are kept in this process: a restart forgets them.'
      : 'Impressions are kept in Redis.'
  return [
    ...live(config, url, token),
    keys,
    log,
    `Next: open the page, and set the SDK's urls.events and urls.telemetry to ${url}/api`,
  ]
}

/** Where it is, and how one comes in. A token that was set is known to who set it, and has no place in a log. */
function live({ access }: Config, url: string, token: string | undefined): readonly string[] {
  if (access.kind === 'sign-in' && access.token !== undefined) {
    return [`Flagtail is live at ${url}`, 'Sign in with the FLAGTAIL_TOKEN that you set: paste it on the page.']
  }
  if (token === undefined) return [`Flagtail is live at ${url}`]
  return [`Flagtail is live at ${url}/#token=${token}`, 'The link signs you in: whoever has it reads everything.']
}
