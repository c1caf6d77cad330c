import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A server in a process of its own. */
export type ServerProcess = {
  /** What it said so far. */
  readonly told: { readonly out: string; readonly err: string }
  /** Resolves with its exit code, `null` when a signal ended it, once it has said everything. */
  readonly left: Promise<number | null>
  readonly kill: (signal: NodeJS.Signals) => void
}

const root = fileURLToPath(new URL('..', import.meta.url))
const entry = fileURLToPath(new URL('run.fixture.ts', import.meta.url))

/** Starts the server as a person does, with these settings alone and the page of that folder. Whoever starts it, ends it. */
export function startServer(settings: Readonly<Record<string, string>>, pages: string): ServerProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', entry, pages], {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const told = { out: '', err: '' }
  child.stdout.on('data', (text) => {
    told.out += text
  })
  child.stderr.on('data', (text) => {
    told.err += text
  })
  const left = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { told, left, kill: (signal) => void child.kill(signal) }
}

/** What it wrote to stderr, but that nobody has to sign in. */
export function complaintsOf({ told }: Pick<ServerProcess, 'told'>): string {
  return told.err.replace(/^.*FLAGTAIL_AUTH=none.*\n/m, '')
}
