import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import type { Limits } from '../domain/limits.ts'
import { failed, ok, type Result } from '../domain/result.ts'
import { answerHeaders, answerJson } from './answer.ts'

/** Takes a request, or says that it is not its own. */
export type Route = (request: IncomingMessage, response: ServerResponse) => boolean

/** For what broke inside; says nothing of it. */
export const internalError = { error: { message: 'something broke on our side' } } as const

/** Asks each route in turn; what breaks is told and answered without details. */
export class Router {
  readonly #failed: (error: unknown) => void
  #routes: readonly Route[] = []

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  serve(routes: readonly Route[]): void {
    this.#routes = routes
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', this.#failed) // without a listener, what is written after the end would end the process
    try {
      if (this.#routes.some((route) => route(request, response))) return
      answerJson(response, 404, { error: { message: 'nothing is here' } })
    } catch (error) {
      this.#failed(error)
      if (response.headersSent) response.destroy()
      else answerJson(response, 500, internalError)
    }
  }
}

export type HttpServer = {
  readonly server: Server
  /** Takes no more connections; those that are busy have a moment to end. */
  readonly close: () => Promise<void>
}

/** One server for everything: pages, sockets, SDKs and scripts. */
export function openHttpServer(limits: Limits, router: Router): HttpServer {
  const answers = new Set<ServerResponse>()
  const connections = new Set<Socket>()
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.headersMs + limits.bodyMs,
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: 65_000, // longer than proxies in front keep theirs, so that they never meet a closing socket
    },
    (request, response) => {
      answers.add(response)
      response.once('close', () => answers.delete(response))
      router.answer(request, response)
    },
  )
  server.on('clientError', answerBadRequest)
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  return { server, close: () => closeServer(server, connections, answers) }
}

const closingMs = 1000

async function closeServer(
  server: Server,
  connections: ReadonlySet<Socket>,
  answers: ReadonlySet<ServerResponse>,
): Promise<void> {
  // not the close of HTTP: it cuts answers that are ended and still on their way
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
  const late = setTimeout(() => {
    for (const socket of connections) socket.destroy()
  }, closingMs)
  await Promise.all([...answers].map((answer) => new Promise((left) => answer.once('close', left))))
  server.closeIdleConnections()
  await closed
  clearTimeout(late)
}

/** Answers only paths that equal one of these, and only GET and HEAD. */
export function readRoute(path: string, answer: (request: IncomingMessage, response: ServerResponse) => void): Route {
  return (request, response) => {
    const asked = request.url ?? ''
    if (asked !== path && !asked.startsWith(`${path}?`)) return false
    if (request.method === 'HEAD') endWithHead(response)
    if (request.method === 'GET' || request.method === 'HEAD') answer(request, response)
    else answerJson(response, 405, { error: { message: 'only GET is served here' } }, { Allow: 'GET, HEAD' })
    return true
  }
}

/** A stream would keep a HEAD waiting for ever: nothing that is written to it is sent, so the first write ends it. */
function endWithHead(response: ServerResponse): void {
  response.write = () => {
    response.end()
    return true
  }
}

/** Resolves with the port, or with one line that says what stands in the way. */
export function listen(server: Server, port: number, host: string): Promise<Result<number, string>> {
  return new Promise((resolve) => {
    const refuse = (error: NodeJS.ErrnoException): void => resolve(failed(whyNot(error, port, host)))
    server.once('error', refuse)
    server.listen(port, host, () => {
      server.off('error', refuse)
      const address = server.address()
      resolve(ok(typeof address === 'object' && address ? address.port : port))
    })
  })
}

function whyNot(error: NodeJS.ErrnoException, port: number, host: string): string {
  if (error.code === 'EADDRINUSE') return `port ${port} on ${host} is taken: set PORT to another`
  if (error.code === 'EACCES') return `port ${port} needs more rights: set PORT to one above 1023`
  return `cannot listen on ${host} port ${port}: ${error.message}`
}

const badRequests: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request took too long'],
}

/** What is no HTTP gets an answer that a browser's console can show, and is hung up on. */
function answerBadRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writableEnded) return // it was told already, and sends on
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const [status, message] = badRequests[error.code ?? ''] ?? ['400 Bad Request', 'this is no HTTP request']
  const body = JSON.stringify({ error: { message } })
  const headers = {
    ...answerHeaders,
    'Access-Control-Allow-Origin': '*',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
  const late = setTimeout(() => socket.destroy(), closingMs) // not at once: a reset could overtake the answer
  socket.once('close', () => clearTimeout(late))
}
