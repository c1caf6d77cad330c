import { connect, type Socket } from 'node:net'
import { bytesOf, type Input } from './input.ts'

/** What came of a request. */
export type Outcome =
  | { readonly came: 'answer'; readonly status: number; readonly text: string; readonly ms: number }
  | { readonly came: 'closed'; readonly ms: number }
  | { readonly came: 'hung'; readonly ms: number }

const outcomeMs = 20_000

/** Sends a request in its own way on a connection of its own, and takes the first whole answer. */
export function exchange(port: number, input: Input): Promise<Outcome> {
  const began = performance.now()
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let received = Buffer.alloc(0)
    const isBodiless = input.method === 'HEAD'
    const settle = (came: 'closed' | 'hung' | { readonly status: number; readonly text: string }): void => {
      clearTimeout(late)
      socket.destroy()
      const ms = performance.now() - began
      resolve(typeof came === 'string' ? { came, ms } : { came: 'answer', ...came, ms })
    }
    const late = setTimeout(() => settle('hung'), outcomeMs)
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes])
      const answer = answerIn(received, isBodiless)
      if (answer) settle(answer)
    })
    socket.on('error', () => {}) // the close behind it is what counts
    socket.once('close', () => settle(answerIn(received, true) ?? 'closed'))
    socket.once('connect', () => void deliver(socket, input))
  })
}

/** The first answer that is not "100 Continue". */
function answerIn(received: Buffer, isEnd: boolean): { readonly status: number; readonly text: string } | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const head = received.toString('latin1', 0, end)
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0)
  if (status === 100) return answerIn(received.subarray(end + 4), isEnd)
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
  const body = received.subarray(end + 4)
  if (/^transfer-encoding: chunked$/im.test(head) && !isEnd && !/(^|\r\n)0\r\n\r\n/.test(body.toString('latin1')))
    return undefined
  if (body.length < length && !isEnd) return undefined
  return { status, text: body.toString('latin1', 0, 300) }
}

async function deliver(socket: Socket, input: Input): Promise<void> {
  const bytes = bytesOf(input)
  const { delivery } = input
  switch (delivery.how) {
    case 'whole':
      socket.write(bytes)
      return
    case 'pieces':
      for (let at = 0; at < bytes.length && socket.writable; at += delivery.bytes) {
        socket.write(bytes.subarray(at, at + delivery.bytes))
        await new Promise(setImmediate)
      }
      return
    case 'slow':
      for (let at = 0; at < bytes.length && socket.writable; at += delivery.bytes) {
        socket.write(bytes.subarray(at, at + delivery.bytes))
        await new Promise((resolve) => setTimeout(resolve, delivery.everyMs))
      }
      return
    case 'cut':
      socket.write(bytes.subarray(0, Math.floor(bytes.length * delivery.at)), () => {
        if (delivery.afterwards === 'end') socket.end()
        else if (delivery.afterwards === 'reset') socket.resetAndDestroy()
      })
      return
    default:
      delivery satisfies never
  }
}
