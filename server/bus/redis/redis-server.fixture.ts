import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type RedisOptions = {
  readonly password?: string
  /** Further arguments for redis-server, after those for a server that keeps nothing on disk. */
  readonly args?: readonly string[]
  /** Instead of a Redis, a Sentinel with this configuration. */
  readonly sentinel?: readonly string[]
}

/** A real Redis for tests, alone in its folder, on a free port of 127.0.0.1. */
export type RedisServer = {
  readonly url: string
  readonly port: number
  readonly folder: string
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
export async function startRedis({ password, args = [], sentinel }: RedisOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'flagtail-redis-'))
  const port = await freePort()
  const auth = password === undefined ? [] : ['--requirepass', password]
  const place = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder]
  const settings = ['--save', '', '--appendonly', 'no', '--repl-diskless-sync-delay', '0']
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true })
  const start = async (): Promise<ChildProcess> => {
    if (!sentinel) return launch([...place, ...settings, ...auth, ...args])
    const file = join(folder, 'sentinel.conf')
    await writeFile(file, `${sentinel.join('\n')}\n`)
    return launch([file, '--sentinel', ...place])
  }
  let child = await start().catch(async (cause) => {
    await removeFolder()
    throw cause
  })
  const kill = (): Promise<void> => killed(child)
  return {
    url: `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}/0`,
    port,
    folder,
    get pid() {
      return child.pid ?? 0
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill,
    restart: async () => {
      await kill()
      child = await start()
    },
    stop: async () => {
      await kill()
      await removeFolder()
    },
  }
}

/** One inline command to the server at a port; its raw reply, of at most one packet. */
export function askRedis(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`))
    socket.setTimeout(2000, () => socket.destroy(new Error(`no answer to ${command}`)))
    socket.once('error', reject)
    socket.once('data', (reply) => {
      socket.destroy()
      resolve(reply.toString())
    })
  })
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

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

function launch(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, [...wrapped, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return new Promise((resolve, reject) => {
    let output = ''
    child.once('error', (cause) => reject(new Error('could not start redis-server', { cause })))
    child.once('exit', () => reject(new Error(`redis-server ended at once: ${output}`)))
    child.stdout?.on('data', (text) => {
      output = `${output}${text}`.slice(-4096)
      if (/Ready to accept connections|Sentinel ID is/.test(output)) resolve(child)
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
