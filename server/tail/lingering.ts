import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Doors } from '../doors.ts'

export type LingeringParts = {
  readonly doors: Pick<Doors, 'stays' | 'watch'>
  /** How often it is asked whether who was let in may stay. */
  readonly checkMs: number
  readonly failed: (error: unknown) => void
}

/** Answers that last, such as streams: cut when their reader is signed out. */
export class Lingering {
  readonly #parts: LingeringParts
  readonly #open = new Map<ServerResponse, IncomingMessage>()
  readonly #stop: () => void

  constructor(parts: LingeringParts) {
    this.#parts = parts
    const timer = setInterval(() => this.#check(), parts.checkMs)
    const unwatch = parts.doors.watch(() => this.#check())
    this.#stop = () => {
      clearInterval(timer)
      unwatch()
    }
  }

  add(request: IncomingMessage, response: ServerResponse): void {
    if (response.destroyed) return
    this.#open.set(response, request)
    response.once('close', () => this.#open.delete(response))
  }

  close(): void {
    this.#stop()
  }

  #check(): void {
    const { doors, failed } = this.#parts
    for (const [response, request] of this.#open) {
      doors.stays(request).then((stays) => {
        if (!stays) response.destroy()
      }, failed)
    }
  }
}
