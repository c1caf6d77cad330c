import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type RedisOptions = {
  readonly password?: string
  /** Further arguments for redis-server, after those for a server that keeps nothing on disk. */
  readonly args?: readonly string[]
}

/** A real Redis for tests, alone in its folder, on a free port of 127.0.0.1. */
export type RedisServer = {
  readonly url: string
  readonly port: number
  /** Of the present process: another one after `restart`. */
  readonly pid: number
  /** It answers nobody, but its sockets stay open. */
  freeze(): void
  thaw(): void
  /** Killed without warning; until `restart`, connections are refused. */
  kill(): Promise<void>
  /** Killed if it runs; then a new process on the same port, empty unless `args` let it save. Resolves when it answers. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Resolves when it answers. Whoever starts it, stops it; it dies with this process at the latest. */
export async function startRedis({ password, args = [] }: RedisOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'flagtail-redis-'))
  const port = await freePort()
  const auth = password === undefined ? [] : ['--requirepass', password]
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true })
  let child = await launch([...settings, ...auth, ...args]).catch(async (cause) => {
    await removeFolder()
    throw cause
  })
  const kill = (): Promise<void> => killed(child)
  return {
    url: `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}/0`,
    port,
    get pid() {
      return child.pid ?? 0
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill,
    restart: async () => {
      await kill()
      child = await launch([...settings, ...auth, ...args])
    },
    stop: async () => {
      await kill()
      await removeFolder()
    },
  }
}

/** A port that was free a moment ago; nothing listens on it unless somebody takes it meanwhile. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** On Linux the kernel ends it with us, also when a test runner is killed; elsewhere only an orderly exit does. */
const [program, ...wrapped] =
  process.platform === 'linux'
    ? (['setpriv', '--pdeathsig', 'KILL', 'redis-server'] as const)
    : (['redis-server'] as const)

function launch(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, [...wrapped, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const dieToo = (): void => void child.kill('SIGKILL')
  process.once('exit', dieToo)
  child.once('exit', () => process.removeListener('exit', dieToo))
  return new Promise((resolve, reject) => {
    let output = ''
    child.once('error', (cause) => reject(new Error('could not start redis-server', { cause })))
    child.once('exit', () => reject(new Error(`redis-server ended at once: ${output}`)))
    child.stdout?.on('data', (text) => {
      output = `${output}${text}`.slice(-4096)
      if (output.includes('Ready to accept connections')) resolve(child)
    })
  })
}

function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
