import type { Socket } from 'node:net'
import type { Batch } from '../../domain/batch.ts'
import type { Limits } from '../../domain/limits.ts'

/** The answer to one post that the log may have. */
export type Delivery = {
  readonly socket: Socket
  /** What is held in memory until it is settled. */
  readonly bytes: number
  readonly lost: () => void
}

/**
 * Tells answers that did not reach their sender, as far as a server can: its connection was gone before the answer had
 * left, or failed soon afterwards. Another post on the connection, or a proper end of it, shows that it arrived.
 */
export class Deliveries {
  readonly #limits: Limits
  readonly #open = new WeakMap<Socket, Set<Delivery>>()
  /** Answers that have left, in that order, and what ends their time. */
  readonly #left = new Map<Delivery, NodeJS.Timeout>()
  #leftBytes = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Calls `lost`, at most once, when the answer to a post of these batches is lost. */
  open(socket: Socket, batches: readonly Batch[], lost: () => void): Delivery {
    const delivery: Delivery = { socket, bytes: batches.reduce((sum, { rows }) => sum + rows.length, 0), lost }
    const open = this.#open.get(socket) ?? this.#follow(socket)
    open.add(delivery)
    if (socket.destroyed) this.lose(delivery)
    return delivery
  }

  /** The answer has left this process. */
  left(delivery: Delivery): void {
    this.#left.set(delivery, setTimeout(() => this.settle(delivery), this.#limits.deliveryMs).unref())
    this.#leftBytes += delivery.bytes
    for (const oldest of this.#left.keys()) {
      if (this.#leftBytes <= this.#limits.deliveryBytes) break
      this.settle(oldest)
    }
  }

  /** A post comes in: whatever has left on its connection before has arrived. */
  arrived(socket: Socket): void {
    for (const delivery of this.#open.get(socket) ?? []) if (this.#left.has(delivery)) this.settle(delivery)
  }

  /** The sender is not told that the log has its post. */
  lose(delivery: Delivery): void {
    if (this.settle(delivery)) delivery.lost()
  }

  /** The sender knows, or there is nothing to know. `false` if that was settled before. */
  settle(delivery: Delivery): boolean {
    clearTimeout(this.#left.get(delivery))
    if (this.#left.delete(delivery)) this.#leftBytes -= delivery.bytes
    return this.#open.get(delivery.socket)?.delete(delivery) ?? false
  }

  #follow(socket: Socket): Set<Delivery> {
    const open = new Set<Delivery>()
    this.#open.set(socket, open)
    endGently(socket, this.#limits.deliveryMs)
    socket.once('close', (failed) => {
      for (const delivery of open) {
        if (failed || !this.#left.has(delivery)) this.lose(delivery)
        else this.settle(delivery)
      }
    })
    return open
  }
}

/**
 * After the last answer of a connection Node closes it for good, and would not hear of a reset. Now it says that it
 * ends, and waits a moment for the other side to say so too.
 */
function endGently(socket: Socket, waitMs: number): void {
  socket.destroySoon = () => {
    socket.end()
    const late = setTimeout(() => socket.destroy(), waitMs)
    socket.once('close', () => clearTimeout(late))
  }
}
