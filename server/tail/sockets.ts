import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { type Namespace, Server } from 'socket.io'
import type { Limits } from '../../domain/limits.ts'
import { type Down, type Notice, protocolVersion, type Refusal, type Up } from '../../domain/protocol.ts'
import type { BusState } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Doors } from '../doors.ts'
import { TokenBucket } from '../token-bucket.ts'
import { Crowd } from './crowd.ts'
import type { Rooms } from './fanout.ts'
import { frameParser } from './frame-parser.ts'
import type { EncodedMessage } from './frames.ts'
import { type Encoded, heldRoom, listen, SocketOfViewer, type TailSocket } from './socket-of-viewer.ts'
import type { Viewer, ViewerSocket } from './viewer.ts'

type TailServer = Server<Up, Encoded>

export type SocketsParts = {
  readonly limits: Limits
  readonly clock: Clock
  readonly random: () => number
  readonly failed: (error: unknown) => void
  /** Asked before the upgrade, at the handshake, and now and then. */
  readonly doors: Doors
  /** Whether there are bounds on the sockets of one person and one address. */
  readonly crowded: boolean
}

const presenceCheckMs = 250
const leftMs = 1000

function noticeOf(state: BusState): Notice {
  return state.up ? { kind: 'bus-up' } : { kind: 'bus-down', sinceMs: state.sinceMs }
}

type Refused = Exclude<Refusal, { readonly reason: 'filter' }>
type Handshake = { readonly version: unknown; readonly ticket: unknown; readonly handshakes: TokenBucket }

/** The socket.io door: websocket only, so that nothing is sticky; everything else speaks the words of this floor. */
export class Sockets implements Rooms {
  readonly #io: TailServer
  readonly #all: Namespace<Up, Encoded>
  readonly #limits: Limits
  readonly #clock: Clock
  readonly #random: () => number
  readonly #failed: (error: unknown) => void
  readonly #viewers = new Map<TailSocket, Viewer>()
  readonly #crowd: Crowd
  readonly #doors: Doors
  readonly #stopped: (() => void)[]
  #draining = false
  #bus: BusState = { up: true }

  constructor({ limits, clock, random, doors, crowded, failed }: SocketsParts) {
    this.#failed = failed
    this.#doors = doors
    this.#crowd = new Crowd(crowded ? limits : undefined)
    this.#limits = limits
    this.#clock = clock
    this.#random = random
    this.#io = new Server({
      transports: ['websocket'],
      serveClient: false,
      perMessageDeflate: false,
      maxHttpBufferSize: limits.messageBytes,
      connectTimeout: limits.connectMs,
      pingInterval: limits.pingMs,
      pingTimeout: limits.pingTimeoutMs,
      parser: frameParser,
      allowRequest: (request, answer) => {
        doors.admitUpgrade(request).then(
          (admitted) => answer(null, admitted),
          (error) => {
            failed(error)
            answer(null, false)
          },
        )
      },
    })
    this.#all = this.#io.of('/')
    const handshakes = new TokenBucket(limits.handshakesPerSecond, limits.handshakesPerSecond, clock.monotonicMs())
    this.#io.use((socket, next) => {
      const { version, ticket } = socket.handshake.auth
      this.#letIn(socket.request, { version, ticket, handshakes }).then((refusal) => {
        if (refusal) next(Object.assign(new Error(refusal.message), { data: refusal }))
        else next()
      }, next)
    })
    const presence = setInterval(() => this.#checkPresence(), presenceCheckMs)
    const sessions = setInterval(() => this.#checkSessions(), limits.sessionCheckMs)
    const unwatch = doors.watch(() => this.#checkSessions())
    this.#stopped = [() => clearInterval(presence), () => clearInterval(sessions), unwatch]
  }

  get viewers(): number {
    return this.#viewers.size
  }

  /** Viewers that do not read, and are not sent anything. */
  get silentViewers(): number {
    return [...this.#viewers.values()].filter((viewer) => viewer.isSilent).length
  }

  /** Makes a viewer of each connection to this server from now on. */
  serve(server: HttpServer, open: (socket: ViewerSocket, request: IncomingMessage) => Viewer): void {
    this.#io.attach(server)
    this.#io.on('connection', (socket) => {
      const viewer = open(new SocketOfViewer(socket), socket.request)
      this.#viewers.set(socket, viewer)
      const leave = this.#crowd.enter(this.#visitOf(socket.request))
      if (!this.#bus.up) socket.emit('notice', noticeOf(this.#bus))
      listen(socket, viewer, { limits: this.#limits, clock: this.#clock, failed: this.#failed })
      socket.on('disconnect', () => {
        this.#viewers.delete(socket)
        leave()
        viewer.close()
      })
    })
  }

  isEmpty(tail: string): boolean {
    return (this.#all.adapter.rooms.get(tail)?.size ?? 0) === 0
  }

  frame(tail: string, frame: EncodedMessage): void {
    this.#all.to(tail).volatile.emit('frame', frame)
  }

  held(tail: string, frame: Parameters<Down['frame']>[0]): void {
    this.#all.to(heldRoom(tail)).volatile.emit('frame', frame)
  }

  gap(tail: string, gap: Parameters<Down['gap']>[0]): void {
    this.#all.to(tail).emit('gap', gap) // on hold the cursor stands, so the resume will tell it
  }

  facets(tail: string, facets: EncodedMessage): void {
    this.#all.to([tail, heldRoom(tail)]).volatile.emit('facets', facets)
  }

  /** Whether the bus takes and gives: to every viewer of this node, and to those who come while it does not. */
  busState(state: BusState): void {
    this.#bus = state
    this.#all.emit('notice', noticeOf(state))
  }

  /** Sends viewers away one after the other, takes no new ones, and ends the connections of those who did not go. */
  async close(): Promise<void> {
    this.#draining = true
    const spreadMs = Math.min(this.#limits.shutdownDrainMs, this.#viewers.size * this.#limits.shutdownPerViewerMs)
    for (const socket of this.#viewers.keys()) {
      socket.emit('drain', { reconnectInMs: Math.round(this.#random() * spreadMs) })
    }
    await this.#emptied(spreadMs + leftMs)
    for (const stop of this.#stopped) stop()
    this.#io.disconnectSockets(true)
    this.#io.engine.close()
  }

  /** Resolves when nobody is left, or after so long. */
  async #emptied(mostMs: number): Promise<void> {
    if (this.#viewers.size === 0) return
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, mostMs)
      const look = (): void => {
        if (this.#viewers.size > 0) return
        clearTimeout(late)
        resolve()
      }
      for (const socket of this.#viewers.keys()) socket.on('disconnect', () => setImmediate(look))
    })
  }

  #checkPresence(): void {
    for (const viewer of this.#viewers.values()) viewer.checkPresence()
  }

  /** Ends the connections of who was signed out or has been away for too long; the page then asks to sign in again. */
  #checkSessions(): void {
    for (const socket of this.#viewers.keys()) {
      this.#doors.stays(socket.request).then((stays) => {
        if (!stays) socket.disconnect(true)
      }, this.#failed)
    }
  }

  async #letIn(request: IncomingMessage, { version, ticket, handshakes }: Handshake): Promise<Refused | undefined> {
    const refusal =
      this.#refusal(version) ?? (await this.#doors.admitSocket(request, ticket)) ?? this.#tooMany(handshakes)
    if (refusal) return refusal
    const visit = this.#visitOf(request)
    const full = this.#crowd.isFull(visit)
    return full === undefined ? undefined : { reason: 'full', message: full, retryInMs: this.#retryInMs() }
  }

  #visitOf(request: IncomingMessage): { readonly person: string; readonly address: string } {
    return { person: this.#doors.personOf(request), address: this.#doors.addressOf(request) }
  }

  #retryInMs(): number {
    return Math.round(500 + this.#random() * 4500)
  }

  #refusal(version: unknown): Refused | undefined {
    if (version !== protocolVersion) {
      return { reason: 'version', message: 'This page is of another version than the server: reload it.' }
    }
    const retryInMs = this.#retryInMs()
    if (this.#draining) return { reason: 'unavailable', message: 'This server is leaving', retryInMs }
    if (this.#viewers.size >= this.#limits.sockets) {
      return { reason: 'full', message: `Server full (${this.#limits.sockets} viewers)`, retryInMs }
    }
    return undefined
  }

  /** Counted once the ticket was good: who has none takes nobody's place. */
  #tooMany(handshakes: TokenBucket): Refused | undefined {
    const retryInMs = this.#retryInMs()
    if (handshakes.available(this.#clock.monotonicMs()) === 0) {
      return { reason: 'full', message: 'Too many viewers are connecting at once', retryInMs }
    }
    handshakes.take(1)
    return undefined
  }
}
