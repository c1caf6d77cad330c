import { io, type Socket } from 'socket.io-client'
import type { Hears, TailSocket } from '../../components/tail/tail-socket.ts'
import { type Down, protocolVersion, type Up } from '../../domain/protocol.ts'

const retryMs = 50

type WebSocketOfNode = { pause(): void; resume(): void; terminate(): void }

/** How often each thing befell it. */
export type LineCounts = { connected: number; lost: number; drained: number; behind: number }

export type LineParts = {
  readonly hears: Hears
  readonly now: () => number
  /** The present address of the node that it goes to; `undefined` = nowhere. */
  readonly home: () => string | undefined
  /** Notes what is said. */
  readonly said: (message: string) => void
  /** Its server leaves. */
  readonly moved: () => void
}

/** The page's connection, as `tail-socket.ts` keeps it, but it can be cut and stalled and may lead to another node each time. */
export class ModelLine implements TailSocket {
  readonly counts: LineCounts = { connected: 0, lost: 0, drained: 0, behind: 0 }
  readonly #parts: LineParts
  #socket: Socket<Down, Up> | undefined
  #again: NodeJS.Timeout | undefined
  #closed = false

  constructor(parts: LineParts) {
    this.#parts = parts
    this.#try()
  }

  get isConnected(): boolean {
    return this.#socket?.connected ?? false
  }

  readonly say: TailSocket['say'] = (name, ...message) => {
    if (name !== 'ack') this.#parts.said(`${name} ${JSON.stringify(message)}`)
    this.#socket?.emit(name, ...message)
  }

  /** Nobody is impatient here: it tries by itself. */
  retry(): void {}

  /** Nothing of it is read, so nothing is said either. */
  stall(): void {
    this.#webSocket()?.pause()
  }

  unstall(): void {
    this.#webSocket()?.resume()
  }

  /** As when a cable is pulled: nobody says goodbye. */
  cut(): void {
    this.unstall()
    this.#webSocket()?.terminate()
    this.#drop()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#again)
    this.unstall()
    this.#socket?.off()
    this.#socket?.disconnect()
  }

  #webSocket(): WebSocketOfNode | undefined {
    const transport: unknown = this.#socket?.io.engine?.transport
    if (typeof transport !== 'object' || transport === null || !('ws' in transport)) return undefined
    return isOpenWebSocket(transport.ws) ? transport.ws : undefined
  }

  #try(): void {
    clearTimeout(this.#again)
    if (this.#closed) return
    const url = this.#parts.home()
    if (url === undefined) this.#later()
    else this.#open(url)
  }

  #open(url: string): void {
    const socket: Socket<Down, Up> = io(url, {
      forceNew: true,
      transports: ['websocket'],
      auth: { version: protocolVersion },
      reconnection: false,
      timeout: 3000,
    })
    this.#socket = socket
    this.#listen(socket)
  }

  #listen(socket: Socket<Down, Up>): void {
    const { hears, now } = this.#parts
    const { connection: _, ...downs } = hears
    for (const [name, hear] of Object.entries(downs)) {
      const heard: (message: never) => void = hear
      const listen = (message: never): void => void (socket === this.#socket && heard(message))
      socket.on(name as keyof Down, listen as () => void)
    }
    socket.on('behind', () => this.counts.behind++)
    socket.on('connect', () => {
      if (socket !== this.#socket) return
      this.counts.connected++
      hears.connection({ kind: 'connected', sinceMs: now() })
    })
    socket.on('disconnect', () => socket === this.#socket && this.#drop())
    socket.on('connect_error', () => socket === this.#socket && this.#later())
    socket.on('drain', ({ reconnectInMs }) => {
      this.counts.drained++
      this.#parts.moved()
      setTimeout(() => {
        if (socket !== this.#socket || !socket.connected) return
        socket.disconnect() // says goodbye
      }, reconnectInMs)
    })
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = undefined
    this.counts.lost++
    socket?.off()
    socket?.disconnect()
    this.#parts.hears.connection({ kind: 'reconnecting', sinceMs: this.#parts.now(), tries: 1 })
    this.#later()
  }

  #later(): void {
    clearTimeout(this.#again)
    this.#again = setTimeout(() => this.#try(), retryMs)
  }
}

function isOpenWebSocket(socket: unknown): socket is WebSocketOfNode {
  return (
    typeof socket === 'object' && socket !== null && 'terminate' in socket && 'pause' in socket && 'resume' in socket
  )
}
