import type { Socket } from 'socket.io'
import type { Limits } from '../../domain/limits.ts'
import type { Down, Up } from '../../domain/protocol.ts'
import type { Clock } from '../clock.ts'
import type { EncodedMessage } from './frames.ts'
import {
  ackMessage,
  findMessage,
  loadMessage,
  type MessageShape,
  olderMessage,
  readMessage,
  resumeMessage,
  watchMessage,
} from './messages.ts'
import { type CommandKind, Pace } from './pace.ts'
import type { Viewer, ViewerSocket } from './viewer.ts'

/** As `Down`, with the messages that carry rows encoded already. */
export type Encoded = Omit<Down, 'start' | 'loaded' | 'older' | 'found' | 'frame' | 'facets'> & {
  start: (message: EncodedMessage) => void
  loaded: (message: EncodedMessage) => void
  older: (message: EncodedMessage) => void
  found: (message: EncodedMessage) => void
  facets: (message: EncodedMessage) => void
  frame: (message: EncodedMessage | Parameters<Down['frame']>[0]) => void
}

export type TailSocket = Socket<Up, Encoded>

/** The room of those who watch a Tail but want no rows now. */
export function heldRoom(tail: string): string {
  return `${tail}:held`
}

export type ListenParts = {
  readonly limits: Limits
  readonly clock: Clock
  /** Something of ours broke while a command was carried out. */
  readonly failed: (error: unknown) => void
}

/** Brings a viewer what its socket hears: read strictly, at a bounded rate. */
export function listen(socket: TailSocket, viewer: Viewer, { limits, clock, failed }: ListenParts): void {
  const pace = new Pace(limits, clock, failed)
  const heard = <Message>(shape: MessageShape<Message>, act: (message: Message) => void) => {
    return (message: unknown): void => {
      const read = readMessage(shape, message)
      if (read.ok) act(read.value)
      else pace.run('mistake', () => void socket.emit('refused', { reason: 'message', message: read.error }))
    }
  }
  const paced = (kind: CommandKind, act: () => void | Promise<void>): void => pace.run(kind, act)
  socket.on(
    'watch',
    heard(watchMessage, ({ revision, filter, cursor }) => paced('watch', () => viewer.watch(revision, filter, cursor))),
  )
  socket.on(
    'resume',
    heard(resumeMessage, ({ cursor }) => paced('move', () => viewer.resume(cursor))),
  )
  socket.on(
    'load',
    heard(loadMessage, ({ from, to }) => paced('load', () => viewer.load(from, to))),
  )
  socket.on(
    'older',
    heard(olderMessage, ({ from }) => paced('older', () => viewer.older(from))),
  )
  socket.on(
    'find',
    heard(findMessage, ({ id }) => paced('find', () => viewer.find(id))),
  )
  socket.on('hold', () => paced('move', () => viewer.hold()))
  socket.on(
    'ack',
    heard(ackMessage, () => viewer.ack()),
  )
  socket.on('disconnect', () => pace.close())
}

/** A viewer's side of the socket. */
export class SocketOfViewer implements ViewerSocket {
  readonly #socket: TailSocket

  constructor(socket: TailSocket) {
    this.#socket = socket
  }

  start(message: EncodedMessage): void {
    this.#socket.emit('start', message)
  }

  loaded(message: EncodedMessage): void {
    this.#socket.emit('loaded', message)
  }

  older(message: EncodedMessage): void {
    this.#socket.emit('older', message)
  }

  found(message: EncodedMessage): void {
    this.#socket.emit('found', message)
  }

  behind(): void {
    this.#socket.emit('behind', {})
  }

  notice(notice: Parameters<Down['notice']>[0]): void {
    this.#socket.emit('notice', notice)
  }

  refuse(refusal: Parameters<Down['refused']>[0]): void {
    this.#socket.emit('refused', refusal)
  }

  join(tail: string, how: 'rows' | 'held'): void {
    this.leave()
    void this.#socket.join(how === 'rows' ? tail : heldRoom(tail))
  }

  /** Calls back once everything that was sent has left this process. */
  whenDrained(run: () => void): void {
    const { transport } = this.#socket.conn
    if (transport.writable) run()
    else transport.once('drain', () => setImmediate(() => this.whenDrained(run))) // the connection's own comes too early
  }

  leave(): void {
    for (const room of this.#socket.rooms) if (room !== this.#socket.id) void this.#socket.leave(room)
  }

  /** `disconnect(true)` would wait for what a stalled client never takes (measured: 36 s); this takes some ms. */
  terminate(): void {
    const transport: unknown = this.#socket.conn.transport
    if (hasTerminate(transport)) transport.socket.terminate()
    else this.#socket.disconnect(true)
  }
}

function hasTerminate(transport: unknown): transport is { readonly socket: { terminate(): void } } {
  if (typeof transport !== 'object' || transport === null || !('socket' in transport)) return false
  const { socket } = transport
  return (
    typeof socket === 'object' && socket !== null && 'terminate' in socket && typeof socket.terminate === 'function'
  )
}
