import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'

/** A process that is measured; it dies with this one at the latest. */
export type Running = { readonly child: ChildProcess; readonly pid: number; readonly stop: () => Promise<void> }

export type Program = {
  readonly command: string
  readonly args: readonly string[]
  readonly settings?: Readonly<Record<string, string>>
  /** Piped where the starter reads it, else dropped. */
  readonly output?: 'pipe'
}

const stopMs = 5000
const startMs = 10_000
/** The kernel counts CPU time in ticks of 10 ms wherever Node runs. */
const ticksPerSecond = 100

/** On Linux the kernel ends it with us, also when we are killed; elsewhere only an orderly exit does. */
const wrapper = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL'] : []

export function startProcess({ command, args, settings, output }: Program): Running {
  const [program = command, ...rest] = [...wrapper, command, ...args]
  const child = spawn(program, rest, {
    env: { ...process.env, NODE_ENV: 'production', ...settings },
    stdio: ['ignore', output ?? 'ignore', 'inherit'],
  })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  child.once('error', (error) => console.error(`${command}: ${error.message}`))
  return { child, pid: child.pid ?? 0, stop: () => stopProcess(child) }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), stopMs)
  await exited
  clearTimeout(late)
}

/** User and system time of these processes and of those they started, in seconds. */
export function cpuSecondsOf(pids: readonly number[]): number {
  return pids.flatMap(family).reduce((sum, pid) => sum + ownCpuSeconds(pid), 0)
}

export function residentMbOf(pids: readonly number[]): number {
  return pids.flatMap(family).reduce((sum, pid) => {
    return sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  }, 0)
}

function family(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return [pid, ...(children === '' ? [] : children.split(' ').map(Number).flatMap(family))]
}

function ownCpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** Resolves when somebody accepts connections on the port. */
export async function untilListening(port: number): Promise<void> {
  for (const began = performance.now(); !(await accepts(port)); ) {
    if (performance.now() - began > startMs) throw new Error(`nobody listens on port ${port}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const tell = (accepted: boolean): void => {
      socket.destroy()
      resolve(accepted)
    }
    socket.once('connect', () => tell(true))
    socket.once('error', () => tell(false))
  })
}
