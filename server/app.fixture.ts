import { createHash } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { defaultLimits, type Limits } from '../domain/limits.ts'
import { openApp } from './app.ts'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import type { Pages } from './pages.ts'

export type TestApp = {
  readonly url: string
  /** What its start would print in the link. */
  readonly token: string | undefined
  /** What the server wrote to its log. */
  readonly logged: readonly string[]
  /** Posts impressions as a server-side SDK does, and expects them to be taken. */
  readonly post: (groups: unknown, options?: PostOptions) => Promise<{ accepted: number; rejected: number }>
  readonly close: () => Promise<void>
}

export type PostOptions = { readonly key?: string; readonly headers?: Readonly<Record<string, string>> }

export type TestAppOptions = Partial<Omit<Config, 'limits'>> & { readonly limits?: Partial<Limits> }

const noPages: Pages = {
  handle: (_, response) => {
    response.writeHead(404).end()
    return true
  },
  close: async () => {},
}

/** The real server on a free port, closed when the test ends. */
export async function openTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const logged: string[] = []
  const log: Log = {
    info: (message, about) => logged.push(`${message} ${JSON.stringify(about)}`),
    warn: (message) => logged.push(message),
    error: (message, error) => logged.push(`${message}: ${String(error)}`),
  }
  const config: Config = {
    port: 0,
    host: '127.0.0.1',
    redisUrl: undefined,
    environments: 'open',
    configPath: undefined,
    auditPath: undefined,
    hosts: [],
    access: { kind: 'nobody-asks' },
    proxy: undefined,
    ...options,
    limits: { ...defaultLimits, ...options.limits },
  }
  const opened = await openApp({ config, log, openPages: async () => noPages })
  if (!opened.ok) throw new Error(opened.error)
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= opened.value.close()
    return closed
  }
  onTestFinished(close)
  const url = `http://127.0.0.1:${opened.value.port}`
  return {
    url,
    token: opened.value.token,
    logged,
    close,
    post: (groups, postOptions) => post(url, groups, postOptions),
  }
}

async function post(url: string, groups: unknown, { key = 'some-sdk-key', headers = {} }: PostOptions = {}) {
  const response = await fetch(`${url}/api/testImpressions/bulk`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, SplitSDKVersion: 'nodejs-11.11.2', ...headers },
    body: JSON.stringify(groups),
  })
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as { accepted: number; rejected: number }
}

/** A post's body: rows per flag; a row needs to name only what the test is about. */
export function groupsOf(flags: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>): unknown {
  const whole = { k: 'user', t: 'on', m: 1_795_514_523_829 }
  return Object.entries(flags).map(([f, rows]) => ({ f, i: rows.map((row) => ({ ...whole, ...row })) }))
}

/** Rows with keys `<prefix>0`, `<prefix>1`, … */
export function rowsNamed(prefix: string, count: number, fields: Readonly<Record<string, unknown>> = {}) {
  return Array.from({ length: count }, (_, index) => ({ k: `${prefix}${index}`, ...fields }))
}

/** Waits for a condition, not for a time. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${String(holds)}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Two environments as a config file has them: the keys are `prod-server-key-0001` and `stage-client-key-001`. */
export const twoEnvironments: Config['environments'] = [
  {
    id: 'prod',
    name: 'Production',
    trafficTypeName: 'user',
    sdkKeys: [{ kind: 'server', sha256: hashOf('prod-server-key-0001') }],
  },
  { id: 'stage', name: 'Staging', sdkKeys: [{ kind: 'client', sha256: hashOf('stage-client-key-001') }] },
]

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
