import { openWebSocket } from './websocket.ts'

export type SocketIoParts = {
  /** http:// address of the server. */
  readonly url: string
  readonly auth: object
  /** Sent when connected, as an event: its name and its message. */
  readonly hello: readonly [name: string, message: unknown]
  /** The event that answers it. */
  readonly welcome: string
  /** Each event's name and the bytes of its packet, `42["name",…]`. */
  readonly hear: (name: string, packet: Buffer, send: (event: readonly unknown[]) => void) => void
  /** The server hung up. */
  readonly cut?: () => void
}

const code = (character: string): number => character.charCodeAt(0)
const [open, ping, message, event, connectError] = [code('0'), code('2'), code('4'), code('2'), code('4')]
const nameFrom = '42["'.length

/**
 * Speaks socket.io's wire over one WebSocket and leaves the JSON alone: the public client would parse each row, and the
 * generator's core would be full long before the server's. Resolves when welcomed, and asks again when told to, as the page
 * does; the returned function ends it.
 */
export async function watchSocketIo({ url, auth, hello, welcome, hear, cut }: SocketIoParts): Promise<() => void> {
  let welcomed = (): void => {}
  let refused = (_: Error): void => {}
  const answered = new Promise<void>((resolve, reject) => {
    welcomed = resolve
    refused = reject
  })
  const askAgain = (refusal: Buffer, ask: () => void): void => {
    const retryInMs = /"retryInMs":(\d+)/.exec(refusal.toString())?.[1]
    if (retryInMs) setTimeout(ask, Number(retryInMs))
    else refused(new Error(`a viewer was refused: ${refusal}`))
  }
  const socket = await openWebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    hear: (packet, { send }) => {
      const connect = (): void => send(`40${JSON.stringify(auth)}`)
      if (packet[0] === open) connect()
      else if (packet[0] === ping) send('3')
      else if (packet[0] === message && packet[1] === open) send(eventText(hello))
      else if (packet[0] === message && packet[1] === event) {
        const name = packet.toString('latin1', nameFrom, packet.indexOf('"', nameFrom))
        hear(name, packet, (parts) => send(eventText(parts)))
        if (name === welcome) welcomed()
        if (name === 'refused') askAgain(packet, () => send(eventText(hello)))
      } else if (packet[0] === message && packet[1] === connectError) {
        askAgain(packet, connect)
      } else refused(new Error(`a viewer was told ${packet.toString('utf8', 0, 200)}`))
    },
    cut: () => {
      refused(new Error('a viewer was cut off'))
      cut?.()
    },
  })
  await answered
  return socket.close
}

function eventText(parts: readonly unknown[]): string {
  return `42${JSON.stringify(parts)}`
}
