import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { test as base } from '@playwright/test'

export type Flagtail = {
  readonly url: string
  /** What it printed at its start. */
  readonly greeting: string
  /** Posts impressions and expects them to be taken. */
  readonly post: (groups: unknown, options?: { readonly key?: string; readonly sdk?: string }) => Promise<void>
  readonly stop: () => Promise<void>
}

const serverFile = fileURLToPath(new URL('../dist/server.js', import.meta.url))

/** Starts the built server in a process of its own, on a free port unless one is given. */
export async function startFlagtail(settings: Readonly<Record<string, string>> = {}): Promise<Flagtail> {
  const child = spawn(process.execPath, [serverFile], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: '0', FLAGTAIL_AUTH: 'none', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const greeting = await firstWords(child)
  const url = /http:\/\/[^\s/]+/.exec(greeting)?.[0] ?? ''
  return { url, greeting, post: (groups, options) => post(url, groups, options), stop: () => stop(child) }
}

function firstWords(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk) => {
      text += chunk
      if (text.includes('Next:')) resolve(text)
    })
    child.once('exit', (code) => reject(new Error(`the server left with ${code}: ${text}`)))
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

async function post(
  url: string,
  groups: unknown,
  { key = 'some-sdk-key', sdk = 'nodejs-11.11.2' } = {},
): Promise<void> {
  const response = await fetch(`${url}/api/testImpressions/bulk`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, SplitSDKVersion: sdk },
    body: JSON.stringify(groups),
  })
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
}

/** One flag's impressions; a row names only what the test is about. */
export function impressions(f: string, rows: readonly Readonly<Record<string, unknown>>[]): unknown {
  return { f, i: rows.map((row) => ({ k: 'user', t: 'on', m: Date.now(), ...row })) }
}

/** A test with a server of its own, stopped after it. */
export const test = base.extend<{ flagtail: Flagtail }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  flagtail: async ({}, use) => {
    const flagtail = await startFlagtail()
    await use(flagtail)
    await flagtail.stop()
  },
})
