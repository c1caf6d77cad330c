import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, internalError, noContent, refused, send } from './answers.ts'
import { preflightHeaders } from './cors.ts'
import { InFlight } from './in-flight.ts'
import { methodsOf, type PostRoute, type Route, routeOf } from './paths.ts'
import { type PostOutcome, type PostParts, Posts } from './posts.ts'
import { later } from './refusal.ts'

export type IngestParts = PostParts & { readonly version: string }

/** The door through which SDKs post. */
export interface Ingest {
  /** Answers a request of an SDK; `false` when the path is not ours, and then nothing has been touched. */
  handle(request: IncomingMessage, response: ServerResponse): boolean
  /** Refuses new posts from now on, and resolves when those in flight are answered. */
  drain(): Promise<void>
  /** Ends the threads that read large posts; after `drain`. */
  close(): Promise<void>
}

const busyS = 1
const drainingS = 5
/** As nginx calls it: nobody was there to hear the answer. */
const senderGone = 499

export function openIngest(parts: IngestParts): Ingest {
  const door = new Door(parts)
  return {
    handle: (request, response) => {
      const route = routeOf(request.url ?? '')
      if (route) void door.serve(route, request, response)
      return route !== undefined
    },
    drain: () => door.drain(),
    close: () => door.close(),
  }
}

class Door {
  readonly #parts: IngestParts
  readonly #posts: Posts
  readonly #inFlight: InFlight
  #draining = false

  constructor(parts: IngestParts) {
    this.#parts = parts
    this.#posts = new Posts(parts)
    this.#inFlight = new InFlight(parts.limits)
  }

  drain(): Promise<void> {
    this.#draining = true
    return this.#inFlight.idle()
  }

  close(): Promise<void> {
    return this.#posts.close()
  }

  /** Never rejects: what breaks is told to `counted`, and the sender gets a 500 or loses the connection. */
  async serve(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!methodsOf(route).includes(request.method ?? '')) await this.#send(request, response, wrongMethod(route))
      else if (request.method === 'OPTIONS') await this.#send(request, response, preflight(request))
      else if (route.kind === 'version') await this.#send(request, response, versionAnswer(this.#parts.version))
      else await this.#post(route, request, response)
    } catch (error) {
      this.#parts.counted.failed(error)
      response.destroy()
    }
  }

  async #post(route: PostRoute, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const share = this.#draining ? undefined : this.#inFlight.admit(route.beacon ? 'beacon' : 'post')
    try {
      const answer = share ? await this.#answer(() => this.#posts.take(route, request, share)) : this.#full()
      this.#parts.counted.post(route, answer === 'gone' ? senderGone : answer.status)
      if (answer !== 'gone') await this.#send(request, response, answer)
    } finally {
      share?.release()
    }
  }

  #full(): Answer {
    return refused(
      this.#draining ? later(503, 'shutting down', drainingS) : later(503, 'too many posts at once', busyS),
    )
  }

  async #answer(take: () => Promise<PostOutcome>): Promise<Answer | 'gone'> {
    try {
      const outcome = await take()
      if (outcome.ok) return outcome.value
      return outcome.error === 'gone' ? 'gone' : refused(outcome.error)
    } catch (error) {
      this.#parts.counted.failed(error)
      return internalError
    }
  }

  #send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
    return send(request, response, answer, this.#draining)
  }
}

function preflight(request: IncomingMessage): Answer {
  return { ...noContent, headers: preflightHeaders(request.headers['access-control-request-headers']) }
}

function versionAnswer(version: string): Answer {
  return { status: 200, body: { version } }
}

function wrongMethod(route: Route): Answer {
  const allow = methodsOf(route).join(', ')
  return refused({ status: 405, message: `this path takes ${allow}`, headers: { Allow: allow } })
}
