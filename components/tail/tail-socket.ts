import { io, type Socket } from 'socket.io-client'
import { type Down, protocolVersion, type Refusal, type Up } from '../../domain/protocol.ts'
import type { Clock } from './clock.ts'
import { retryDelayMs } from './retry.ts'

/** How it stands with the server. */
export type Connection =
  | { readonly kind: 'connecting'; readonly sinceMs: number }
  | { readonly kind: 'connected'; readonly sinceMs: number }
  | { readonly kind: 'reconnecting'; readonly sinceMs: number; readonly tries: number }
  | { readonly kind: 'offline'; readonly sinceMs: number }

/** What a socket tells whoever opened it. */
export type Hears = Down & { readonly connection: (connection: Connection) => void }

export type TailSocket = {
  readonly say: <Name extends keyof Up>(name: Name, ...message: Parameters<Up[Name]>) => void
  /** Tries at once, unless the server asked for more time. */
  readonly retry: () => void
  readonly close: () => void
}

/** What the page knows of its network. */
export type Network = {
  readonly online: () => boolean
  /** Calls `run` whenever the network may have come or gone, or somebody looks again; returns how to stop. */
  readonly hope: (run: () => void) => () => void
}

export const browserNetwork: Network = {
  online: () => navigator.onLine,
  hope: (run) => {
    const stop = new AbortController()
    for (const name of ['online', 'offline', 'focus']) window.addEventListener(name, run, { signal: stop.signal })
    return () => stop.abort()
  },
}

/** What came of asking to be let in: a ticket where one is needed, or that one has to sign in first. */
export type Admission =
  | { readonly kind: 'in'; readonly ticket?: string | undefined }
  | { readonly kind: 'out' }
  | { readonly kind: 'away' }

export type SocketParts = {
  /** Asked before each try to connect. */
  readonly admit: () => Promise<Admission>
  readonly hears: Hears
  readonly clock: Clock
  readonly network: Network
  /** The page's own origin when absent. */
  readonly origin?: string
}

/** Opens a socket that connects by itself and, once lost, tries again for ever; sooner when there is reason to hope. */
export function openTailSocket({ origin, ...parts }: SocketParts): TailSocket {
  const { hears, network } = parts
  const socket: Socket<Down, Up> = io(origin ?? window.location.origin, {
    forceNew: true,
    transports: ['websocket'],
    reconnection: false, // ours: the server's wish to wait wins, and each try is shown
    autoConnect: false,
    timeout: 5000,
  })
  const line = new Line(socket, parts)
  const { connection: _, ...downs } = hears
  for (const [name, hear] of Object.entries(downs)) socket.on(name as keyof Down, hear)
  const stop = network.hope(() => line.hope())
  line.open()
  return {
    say: (name, ...message) => socket.emit(name, ...message),
    retry: () => line.hope(),
    close: () => {
      stop()
      line.close()
    },
  }
}

/** Keeps one socket connected: knows since when it is lost, how often it was tried and when it may be tried again. */
class Line {
  readonly #socket: Socket<Down, Up>
  readonly #hears: Hears
  readonly #clock: Clock
  readonly #network: Network
  readonly #admit: SocketParts['admit']
  #sinceMs: number
  /** Tries that failed since it was last connected. */
  #tries = 0
  #everConnected = false
  #notBeforeMs = 0
  #asking = 0
  #cancel = () => {}

  constructor(socket: Socket<Down, Up>, { hears, clock, network, admit }: SocketParts) {
    this.#socket = socket
    this.#hears = hears
    this.#clock = clock
    this.#network = network
    this.#admit = admit
    this.#sinceMs = clock.now()
    socket.on('connect', () => this.#connected())
    socket.on('disconnect', () => this.#lost())
    socket.on('connect_error', (error) => this.#failed(error))
    socket.on('drain', ({ reconnectInMs }) => this.#drain(reconnectInMs))
    socket.on('refused', (refusal) => this.#refused(refusal))
  }

  open(): void {
    this.#try()
  }

  close(): void {
    this.#asking++
    this.#cancel()
    this.#socket.off()
    this.#socket.disconnect()
  }

  /** The network may be back: try now, unless the server asked for more time. */
  hope(): void {
    if (this.#socket.connected) return
    this.tell()
    if (this.#clock.now() >= this.#notBeforeMs) this.#try()
  }

  tell(): void {
    const sinceMs = this.#sinceMs
    if (this.#socket.connected) this.#hears.connection({ kind: 'connected', sinceMs })
    else if (!this.#network.online()) this.#hears.connection({ kind: 'offline', sinceMs })
    else if (!this.#everConnected && this.#tries === 0) this.#hears.connection({ kind: 'connecting', sinceMs })
    else this.#hears.connection({ kind: 'reconnecting', sinceMs, tries: this.#tries + 1 })
  }

  #connected(): void {
    this.#cancel()
    this.#sinceMs = this.#clock.now()
    this.#everConnected = true
    this.#tries = 0
    this.#notBeforeMs = 0
    this.tell()
  }

  #lost(): void {
    this.#sinceMs = this.#clock.now()
    this.#again()
  }

  #failed(error: Error): void {
    this.#tries++
    const refusal = refusalOf(error)
    if (refusal) {
      this.#hears.refused(refusal)
      this.#refused(refusal)
    }
    this.#again()
  }

  #refused(refusal: Refusal): void {
    if ('retryInMs' in refusal) this.#notBeforeMs = this.#clock.now() + refusal.retryInMs
  }

  #drain(reconnectInMs: number): void {
    this.#notBeforeMs = this.#clock.now() + reconnectInMs
    this.#cancel()
    this.#cancel = this.#clock.after(reconnectInMs, () => {
      this.#socket.disconnect()
      this.#try()
    })
  }

  #again(): void {
    this.tell()
    this.#cancel()
    const waitMs = Math.max(retryDelayMs(this.#tries, Math.random), this.#notBeforeMs - this.#clock.now())
    this.#cancel = this.#clock.after(waitMs, () => this.#try())
  }

  #try(): void {
    this.#cancel()
    this.tell()
    const asking = ++this.#asking
    void this.#admit().then((admission) => {
      if (asking === this.#asking && !this.#socket.connected) this.#enter(admission)
    })
  }

  /** Who has to sign in first is not tried again until there is reason to hope. */
  #enter(admission: Admission): void {
    switch (admission.kind) {
      case 'in':
        this.#socket.auth = { version: protocolVersion, ticket: admission.ticket }
        this.#socket.connect()
        break
      case 'away':
        this.#failed(new Error('no answer'))
        break
      case 'out':
        break
      default:
        admission satisfies never
    }
  }
}

/** A refused handshake carries its reason as the error's `data`; anything else is a failure of the network. */
function refusalOf(error: Error & { readonly data?: unknown }): Refusal | undefined {
  const { data } = error
  if (typeof data !== 'object' || data === null || !('reason' in data) || !('message' in data)) return undefined
  const message = String(data.message)
  const retryInMs = 'retryInMs' in data && typeof data.retryInMs === 'number' ? data.retryInMs : 0
  switch (data.reason) {
    case 'version':
    case 'message':
      return { reason: data.reason, message }
    case 'full':
    case 'unavailable':
      return { reason: data.reason, message, retryInMs }
    default:
      return undefined
  }
}
