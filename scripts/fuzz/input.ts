/** How the bytes of a request come in. */
export type Delivery =
  | { readonly how: 'whole' }
  | { readonly how: 'pieces'; readonly bytes: number }
  | { readonly how: 'slow'; readonly bytes: number; readonly everyMs: number }
  /** Nothing comes behind `at` of the bytes (0 to 1): the sender ends, resets, or waits. */
  | { readonly how: 'cut'; readonly at: number; readonly afterwards: 'end' | 'reset' | 'wait' }

/** What the head says of the body's length: the truth, in chunks, or whatever the headers say. */
export type Framing = 'length' | 'chunked' | 'as-headers-say'

/** One request as it is sent, right or wrong. */
export type Input = {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  readonly framing: Framing
  readonly delivery: Delivery
}

/** The bytes of a request; texts of the head are bytes, one a character. */
export function bytesOf(input: Input): Buffer {
  const { method, target, version, headers, body, framing } = input
  const more = framing === 'length' ? [['Content-Length', String(body.length)] as const] : chunkedHeader(framing)
  const lines = [...headers, ...more].map(([name, value]) => `${name}: ${value}`)
  const head = `${method} ${target} ${version}\r\n${lines.join('\r\n')}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), framing === 'chunked' ? chunked(body) : body])
}

function chunkedHeader(framing: Framing) {
  return framing === 'chunked' ? [['Transfer-Encoding', 'chunked'] as const] : []
}

const chunkBytes = 700

function chunked(body: Buffer): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; at < body.length; at += chunkBytes) {
    const chunk = body.subarray(at, at + chunkBytes)
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'))
  }
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')])
}

const token = /^[A-Za-z]+$/
const plainTarget = /^\/[!-~]*$/
const plainHeader = /^[A-Za-z0-9-]+: [ -~]*$/
const framingHeader = /^(content-length|transfer-encoding|expect|upgrade|connection)$/i
const headBytes = 8 * 1024

/** Whether it is a whole request of HTTP/1.1, which is owed an answer; of any other the server may just hang up. */
export function isWhole(input: Input): boolean {
  const { method, target, version, headers, framing, delivery } = input
  if (delivery.how === 'cut' || delivery.how === 'slow' || framing === 'as-headers-say') return false
  if (!token.test(method) || method === 'CONNECT' || !plainTarget.test(target) || version !== 'HTTP/1.1') return false
  if (headers.filter(([name]) => name === 'Host').length !== 1) return false
  const lines = headers.map(([name, value]) => `${name}: ${value}`)
  const isPlain = lines.every((line) => plainHeader.test(line)) && !headers.some(([name]) => framingHeader.test(name))
  return isPlain && lines.join('').length + target.length < headBytes
}

/** As it is kept in a file. */
export function writeInput(input: Input, behaviour: string): string {
  return `${JSON.stringify({ behaviour, ...input, body: input.body.toString('latin1') })}\n`
}

export function readInput(text: string): Input & { readonly behaviour: string } {
  const read = JSON.parse(text)
  return { ...read, body: Buffer.from(read.body, 'latin1') }
}
