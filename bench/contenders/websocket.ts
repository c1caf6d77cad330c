import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A WebSocket as browsers have one, without compression. */
export type OpenSocket = { readonly send: (message: string | Buffer) => void; readonly close: () => void }

export type Listening = {
  readonly protocol?: string
  /** Each message's bytes, also those that come with the handshake's answer. */
  readonly hear: (message: Buffer, socket: OpenSocket) => void
  /** The server hung up. */
  readonly cut?: () => void
}

/** Resolves when it is open. */
export async function openWebSocket(url: string, { protocol, hear, cut }: Listening): Promise<OpenSocket> {
  const socket = new WebSocket(url, protocol ? [protocol] : [], { perMessageDeflate: false, skipUTF8Validation: true })
  let closing = false
  const opened: OpenSocket = {
    send: (message) => socket.send(message),
    close: () => {
      closing = true
      socket.terminate()
    },
  }
  socket.on('message', (message) => hear(message as Buffer, opened)) // ws gives Buffers unless told otherwise
  await once(socket, 'open')
  socket.on('error', () => {}) // the close that follows tells
  socket.on('close', () => {
    if (!closing) cut?.()
  })
  return opened
}
