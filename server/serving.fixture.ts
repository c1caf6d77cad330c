import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Limits } from '../domain/limits.ts'
import { until } from './app.fixture.ts'
import { ask } from './ask.fixture.ts'
import { exportedFolder } from './pages.fixture.ts'
import { type ServerProcess, startServer } from './server-process.fixture.ts'

export const servingKey = 'a-server-key-of-the-tests'

/** A server in a process of its own that serves; killed when the test ends. */
export type Serving = ServerProcess & {
  readonly url: string
  readonly port: number
  /** The sum of a number of `/metrics` over its labels. */
  readonly number: (name: string) => Promise<number>
  readonly post: (body: string | Buffer) => Promise<number>
}

/** With limits it has one environment, `prod`, and `servingKey`; without it is in open mode. */
export async function startServing(limits?: Partial<Limits>): Promise<Serving> {
  const settings = limits ? { FLAGTAIL_CONFIG: configFile(limits) } : undefined
  const server = startServer({ PORT: '0', FLAGTAIL_AUTH: 'none', ...settings }, exportedFolder())
  onTestFinished(() => server.kill('SIGKILL'))
  await until(() => server.told.out.includes('Next:') || server.told.err.includes('flagtail: '), 20_000)
  const url = /http:\/\/[^\s/]+/.exec(server.told.out)?.[0] ?? ''
  if (url === '') throw new Error(server.told.err)
  return {
    ...server,
    url,
    port: Number(new URL(url).port),
    number: (name) => numberOf(url, name),
    post: (body) => post(url, body),
  }
}

function configFile(limits: Partial<Limits>): string {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-serving-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const sdkKeys = [{ kind: 'server', key: servingKey }]
  const crowd = { socketsPerPerson: 1e6, socketsPerAddress: 1e6 }
  const rates = { ...crowd, serverKeyPostsPerSecond: 1e6, serverKeyPostsBurst: 1e6, serverKeyImpressionsPerSecond: 1e9 }
  const config = { environments: [{ id: 'prod', name: 'Production', sdkKeys }], limits: { ...rates, ...limits } }
  writeFileSync(join(folder, 'flagtail.json'), JSON.stringify(config))
  return join(folder, 'flagtail.json')
}

async function numberOf(url: string, name: string): Promise<number> {
  const { text } = await ask(url, '/metrics')
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))]
  return values.reduce((sum, [, value]) => sum + Number(value), 0)
}

async function post(url: string, body: string | Buffer): Promise<number> {
  const headers = { Authorization: `Bearer ${servingKey}` }
  const bytes = typeof body === 'string' ? body : new Uint8Array(body)
  const response = await fetch(`${url}/api/testImpressions/bulk`, { method: 'POST', headers, body: bytes })
  await response.arrayBuffer()
  return response.status
}
