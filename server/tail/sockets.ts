import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { type Namespace, Server, type Socket } from 'socket.io'
import type { Limits } from '../../domain/limits.ts'
import { type Down, protocolVersion, type Refusal, type Up } from '../../domain/protocol.ts'
import type { Clock } from '../clock.ts'
import { TokenBucket } from '../token-bucket.ts'
import type { Rooms } from './fanout.ts'
import { frameParser } from './frame-parser.ts'
import type { EncodedMessage } from './frames.ts'
import { type MessageShape, readMessage, resumeMessage, watchMessage } from './messages.ts'
import { type CommandKind, Pace } from './pace.ts'
import type { Viewer, ViewerSocket } from './viewer.ts'

/** As `Down`, with the messages that carry rows encoded already. */
type Encoded = Omit<Down, 'start' | 'frame'> & {
  start: (message: EncodedMessage) => void
  frame: (message: EncodedMessage | Parameters<Down['frame']>[0]) => void
}

type TailSocket = Socket<Up, Encoded>
type TailServer = Server<Up, Encoded>

export type SocketsParts = {
  readonly limits: Limits
  readonly clock: Clock
  readonly random: () => number
  /** Whether the request comes from a page of ours: checked before the upgrade. */
  readonly allowed: (request: IncomingMessage) => boolean
}

/** The socket.io door: websocket only, so that nothing is sticky; everything else speaks the words of this floor. */
export class Sockets implements Rooms {
  readonly #io: TailServer
  readonly #all: Namespace<Up, Encoded>
  readonly #limits: Limits
  readonly #clock: Clock
  readonly #random: () => number

  constructor({ limits, clock, random, allowed }: SocketsParts) {
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
      allowRequest: (request, answer) => answer(null, allowed(request)),
    })
    this.#all = this.#io.of('/')
    const handshakes = new TokenBucket(limits.handshakesPerSecond, limits.handshakesPerSecond, clock.monotonicMs())
    this.#io.use((socket, next) => {
      const refusal = this.#refusal(socket.handshake.auth.version, handshakes)
      if (refusal) next(Object.assign(new Error(refusal.message), { data: refusal }))
      else next()
    })
  }

  get viewers(): number {
    return this.#all.sockets.size
  }

  /** Makes a viewer of each connection to this server from now on. */
  serve(server: HttpServer, open: (socket: ViewerSocket) => Viewer): void {
    this.#io.attach(server)
    this.#io.on('connection', (socket) => {
      const viewer = open(new SocketOfViewer(socket))
      const pace = new Pace(this.#limits, this.#clock)
      const on = <Message>(
        kind: CommandKind,
        shape: MessageShape<Message>,
        act: (message: Message) => void | Promise<void>,
      ) => {
        return (message: unknown): void => {
          const read = readMessage(shape, message)
          if (!read.ok) socket.emit('refused', { reason: 'message', message: read.error })
          else pace.run(kind, () => act(read.value))
        }
      }
      socket.on(
        'watch',
        on('watch', watchMessage, ({ revision, filter, cursor }) => viewer.watch(revision, filter, cursor)),
      )
      socket.on(
        'resume',
        on('move', resumeMessage, ({ cursor }) => viewer.resume(cursor)),
      )
      socket.on('hold', () => pace.run('move', () => viewer.hold()))
      socket.on('disconnect', () => {
        pace.close()
        viewer.close()
      })
    })
  }

  frame(tail: string, frame: EncodedMessage): void {
    this.#all.to(tail).volatile.emit('frame', frame)
  }

  held(tail: string, frame: Parameters<Down['frame']>[0]): void {
    this.#all.to(heldRoom(tail)).volatile.emit('frame', frame)
  }

  gap(tail: string, gap: Parameters<Down['gap']>[0]): void {
    this.#all.to([tail, heldRoom(tail)]).emit('gap', gap)
  }

  facets(tail: string, facets: Parameters<Down['facets']>[0]): void {
    this.#all.to([tail, heldRoom(tail)]).volatile.emit('facets', facets)
  }

  /** To every viewer of this node. */
  notice(notice: Parameters<Down['notice']>[0]): void {
    this.#all.emit('notice', notice)
  }

  /** Tells each viewer to come back, spread over a time so that they do not all come at once, and ends all connections. */
  close(): void {
    for (const socket of this.#all.sockets.values()) {
      socket.emit('drain', { reconnectInMs: Math.round(this.#random() * this.#limits.shutdownDrainMs) })
    }
    this.#io.disconnectSockets(true)
    this.#io.engine.close()
  }

  #refusal(version: unknown, handshakes: TokenBucket): (Refusal & { readonly message: string }) | undefined {
    if (version !== protocolVersion) {
      return { reason: 'version', message: 'This page is of another version than the server: reload it.' }
    }
    if (this.#all.sockets.size >= this.#limits.sockets) {
      return { reason: 'full', message: `Server full (${this.#limits.sockets} viewers)`, retryInMs: this.#retryInMs() }
    }
    if (handshakes.available(this.#clock.monotonicMs()) === 0) {
      return { reason: 'full', message: 'Too many viewers are connecting at once', retryInMs: this.#retryInMs() }
    }
    handshakes.take(1)
    return undefined
  }

  #retryInMs(): number {
    return Math.round(500 + this.#random() * 4500)
  }
}

/** The room of those who watch a Tail but want no rows now. */
function heldRoom(tail: string): string {
  return `${tail}:held`
}

class SocketOfViewer implements ViewerSocket {
  readonly #socket: TailSocket

  constructor(socket: TailSocket) {
    this.#socket = socket
  }

  start(message: EncodedMessage): void {
    this.#socket.emit('start', message)
  }

  notice(notice: Parameters<Down['notice']>[0]): void {
    this.#socket.emit('notice', notice)
  }

  refuse(refusal: Refusal): void {
    this.#socket.emit('refused', refusal)
  }

  join(tail: string, how: 'rows' | 'held'): void {
    this.leave()
    void this.#socket.join(how === 'rows' ? tail : heldRoom(tail))
  }

  leave(): void {
    for (const room of this.#socket.rooms) if (room !== this.#socket.id) void this.#socket.leave(room)
  }
}
