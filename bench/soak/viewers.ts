import { createInterface } from 'node:readline'
import { bundled } from '../bundle.ts'
import { type Running, startProcess } from '../processes.ts'
import type { Account } from './book-keeper.ts'

/** Some viewers of the crowd in a process of their own: a frozen tab is a process that the kernel has stopped. */
export class ViewerProcess {
  readonly #running: Running
  #accounts: readonly Account[] = []

  private constructor(running: Running) {
    this.#running = running
    const { stdout } = running.child
    if (!stdout) throw new Error('the viewers cannot be heard')
    createInterface({ input: stdout }).on('line', (line) => {
      this.#accounts = JSON.parse(line)
    })
  }

  static async start(url: string, from: number, to: number): Promise<ViewerProcess> {
    const { command, args } = await bundled('soak/viewers-program')
    return new ViewerProcess(startProcess({ command, args: [...args, url, `${from}`, `${to}`], output: 'pipe' }))
  }

  /** As they were a moment ago; while they are frozen, as they were before. */
  get accounts(): readonly Account[] {
    return this.#accounts
  }

  get pid(): number {
    return this.#running.pid
  }

  freeze(): void {
    this.#running.child.kill('SIGSTOP')
  }

  thaw(): void {
    this.#running.child.kill('SIGCONT')
  }

  stop(): Promise<void> {
    this.thaw() // else it would not hear that it is to end
    return this.#running.stop()
  }
}
