import { type FileHandle, open, stat } from 'node:fs/promises'
import type { Limits } from '../domain/limits.ts'
import { failed, ok, type Result } from '../domain/result.ts'

export type AuditFileParts = {
  readonly path: string
  readonly limits: Limits
  /** Told of the first failure of several in a row. */
  readonly failing: (error: unknown) => void
  readonly lost: () => void
}

/** A file to whose end lines are added, in order. One that was moved away or deleted is begun anew under its name. */
export class AuditFile {
  readonly #parts: AuditFileParts
  readonly #checks: NodeJS.Timeout
  #handle: FileHandle | undefined
  #queue: Promise<void> = Promise.resolve()
  #waiting = 0
  #isFailing = false
  /** Whether the file ends in the middle of a line. */
  #isTorn = false

  constructor(parts: AuditFileParts) {
    this.#parts = parts
    this.#checks = setInterval(() => this.#then(() => this.#leaveIfMoved()), parts.limits.auditCheckMs)
    this.#checks.unref()
  }

  async open(): Promise<Result<void, string>> {
    try {
      await this.#open()
      return ok(undefined)
    } catch (error) {
      await this.close()
      return failed(error instanceof Error ? error.message : String(error))
    }
  }

  write(line: string): void {
    if (this.#waiting >= this.#parts.limits.auditWaitingLines) {
      this.#lose(new Error('too many lines wait for the disk'))
      return
    }
    this.#waiting++
    this.#then(async () => {
      this.#waiting--
      await this.#append(line)
    })
  }

  async close(): Promise<void> {
    clearInterval(this.#checks)
    await this.#queue
    await this.#leave()
  }

  #then(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work)
  }

  async #append(line: string): Promise<void> {
    try {
      const handle = this.#handle ?? (await this.#open())
      await handle.appendFile(`${this.#isTorn ? '\n' : ''}${line}\n`)
      this.#isTorn = false
      this.#isFailing = false
    } catch (error) {
      this.#lose(error)
      await this.#leave() // the next line tries the name anew, and sees where the file ends
    }
  }

  async #open(): Promise<FileHandle> {
    const handle = await open(this.#parts.path, 'a+', 0o600)
    this.#handle = handle
    const { size } = await handle.stat()
    const last = size === 0 ? undefined : await handle.read({ buffer: Buffer.alloc(1), position: size - 1 })
    this.#isTorn = last !== undefined && last.buffer.toString() !== '\n'
    return handle
  }

  async #leaveIfMoved(): Promise<void> {
    const places = [this.#handle?.stat(), stat(this.#parts.path)]
    const [ours, named] = await Promise.all(places.map((place) => place?.catch(() => undefined)))
    if (ours?.ino !== named?.ino || ours?.dev !== named?.dev) await this.#leave()
  }

  async #leave(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close().catch(() => {}) // what was written is written; there is nobody to tell
  }

  #lose(error: unknown): void {
    this.#parts.lost()
    if (!this.#isFailing) this.#parts.failing(error)
    this.#isFailing = true
  }
}
