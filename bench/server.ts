import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { cpuSecondsOf, type Program, residentMbOf, startProcess } from './processes.ts'

const builtServer: Program = {
  command: process.execPath,
  args: [fileURLToPath(new URL('../dist/server.js', import.meta.url))],
}

/** A server in a process of its own. */
export type MeasuredServer = {
  readonly url: string
  readonly pid: number
  /** From the start of the process to its first answer with 200. */
  readonly startMs: number
  readonly residentMb: () => number
  /** CPU time used so far, user and system. */
  readonly cpuSeconds: () => number
  readonly stop: () => Promise<void>
}

/** Starts our built server, or another that prints its address; resolves when it answers. */
export async function startServer(
  settings: Readonly<Record<string, string>> = {},
  program: Program = builtServer,
): Promise<MeasuredServer> {
  const began = performance.now()
  const { child, pid, stop } = startProcess({
    ...program,
    settings: { PORT: '0', FLAGTAIL_AUTH: 'none', ...settings },
    output: 'pipe',
  })
  const url = await address(child)
  while (!(await fetch(url)).ok) await new Promise(setImmediate)
  return {
    url,
    pid,
    startMs: performance.now() - began,
    residentMb: () => residentMbOf([pid]),
    cpuSeconds: () => cpuSecondsOf([pid]),
    stop,
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
