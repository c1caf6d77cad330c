import { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request } from 'node:http'

export type Asked = {
  readonly method?: string
  /** As given, also where a browser would tidy it. */
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
}

export type Answered = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }

/** Asks with exactly this path and these headers, and takes the whole answer. */
export async function ask(url: string, path: string, asked: Asked = {}): Promise<Answered> {
  const response = await firstAnswer(url, path, asked)
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return { status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() }
}

/** Hangs up as soon as the status is known, so that it may be a stream's, or 101 for an upgrade. */
export async function statusOf(url: string, path: string, asked: Asked = {}): Promise<number> {
  const response = await firstAnswer(url, path, asked)
  response.destroy()
  response.socket.destroy()
  return response.statusCode ?? 0
}

export const upgrade = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'c2l4dGVlbiBvciBzbyBieQ==',
}
export const socketPath = '/socket.io/?EIO=4&transport=websocket'

function firstAnswer(
  url: string,
  path: string,
  { method = 'GET', headers = {}, body }: Asked,
): Promise<IncomingMessage> {
  const { hostname, port } = new URL(url)
  const options: RequestOptions = { hostname, port, path, method, headers, agent: false }
  return new Promise((resolve, reject) => {
    const asking = request(options, resolve)
    asking.on('upgrade', (response, socket) => {
      socket.on('error', () => {}) // it is about to be hung up
      resolve(response)
    })
    asking.on('error', reject)
    asking.end(body)
  })
}
