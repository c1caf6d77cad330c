import type { IncomingMessage, ServerResponse } from 'node:http'
import { corsHeaders } from './cors.ts'
import type { Refusal } from './refusal.ts'

/** What a request is told. A body is sent as JSON. */
export type Answer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
  /** Called when it has left this process, if it ever does. */
  readonly left?: () => void
}

export const noContent: Answer = { status: 204 }

/** For what broke inside; says nothing of it. */
export const internalError: Answer = { status: 500, body: { error: { message: 'internal error' } } }

export function refused({ status, message, field, headers }: Refusal): Answer {
  return { status, headers, body: { error: { message, field } } }
}

/** For so long a body that was refused is still taken off the wire, and thrown away. */
const lingerMs = 1000

const always = { ...corsHeaders, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }

/**
 * Sends an answer and resolves when it has left or cannot leave any more. If the request's body is still arriving, the
 * connection closes, but only a little later: closing it at once would reset it, and a sender who is still writing
 * would see that instead of the answer.
 */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  close: boolean,
): Promise<void> {
  if (response.destroyed) return Promise.resolve() // its end would never be told
  const arriving = hasBody(request) && !request.complete
  const text = answer.body === undefined ? '' : JSON.stringify(answer.body)
  response.writeHead(answer.status, {
    ...always,
    ...(text === '' ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
    ...(arriving || close ? { Connection: 'close' } : {}),
    ...answer.headers,
  })
  return new Promise((resolve) => {
    const left = () => {
      answer.left?.()
      resolve()
    }
    response.once('close', resolve)
    if (!arriving) response.end(text, left)
    else {
      response.flushHeaders()
      response.write(text, left)
      closeBehindBody(request, response)
    }
  })
}

function closeBehindBody(request: IncomingMessage, response: ServerResponse): void {
  const end = () => {
    clearTimeout(timer)
    response.end()
  }
  const timer = setTimeout(end, lingerMs)
  request.once('end', end).once('close', end).resume()
}

function hasBody(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': transfer } = request.headers
  return transfer !== undefined || (length !== undefined && length !== '0')
}
