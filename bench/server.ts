import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const serverFile = fileURLToPath(new URL('../dist/server.js', import.meta.url))

/** The built server in a process of its own. */
export type MeasuredServer = {
  readonly url: string
  /** From the start of the process to its first answer with 200. */
  readonly startMs: number
  readonly residentMb: () => number
  /** CPU time used so far, user and system. */
  readonly cpuSeconds: () => number
  readonly stop: () => Promise<void>
}

export async function startServer(settings: Readonly<Record<string, string>> = {}): Promise<MeasuredServer> {
  const began = performance.now()
  const child = spawn(process.execPath, [serverFile], {
    env: { ...process.env, NODE_ENV: 'production', PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await address(child)
  while (!(await fetch(url)).ok) await new Promise(setImmediate)
  const startMs = performance.now() - began
  return {
    url,
    startMs,
    residentMb: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    cpuSeconds: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) / 100 // clock ticks of 10 ms
    },
    stop: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      const url = /http:\/\/\S+/.exec(String(chunk))?.[0]
      if (url) resolve(url)
    })
    child.once('exit', (code) => reject(new Error(`the server left with ${code}`)))
  })
}
