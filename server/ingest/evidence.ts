import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Evidence, noEvidence } from '../../domain/evidence.ts'
import { impressionsModes } from '../../domain/impression.ts'
import { answerJson } from '../answer.ts'
import type { Doors } from '../doors.ts'
import { type Route as HttpRoute, readRoute } from '../http.ts'
import { type Route, routeOf } from './paths.ts'

export type EvidenceParts = {
  readonly keys: Evidence['keys']
  readonly doors: Pick<Doors, 'admit' | 'sightOf'>
  readonly failed: (error: unknown) => void
  /** Epoch ms. */
  readonly now: () => number
}

const pathChars = 256
/** As nginx calls it: nobody was there to hear the answer. */
const senderGone = 499
const definitionsPath = /\/(?:splitChanges|segmentChanges|mySegments|memberships)(?:\/|$)|\/(?:v2\/)?auth$/
const sdkPath = /testImpressions|events\/|metrics\/|keys\//i

type Seen = 'post' | 'preflight' | 'definitions' | 'wrong-path'

/** Looks on while SDKs come to the door, and keeps counts of it: of a fixed size, whatever comes. */
export class EvidenceBook {
  readonly #parts: EvidenceParts
  #book: Omit<Evidence, 'keys' | 'last'> = noEvidence
  #last: (Omit<NonNullable<Evidence['last']>, 'agoMs'> & { readonly atMs: number }) | undefined

  constructor(parts: EvidenceParts) {
    this.#parts = parts
  }

  /** Stands before the routes and takes nothing: what it looks for is how they answer. */
  readonly look: HttpRoute = (request, response) => {
    const path = pathOf(request.url ?? '')
    const route = routeOf(path)
    const seen = seenOf(request, path, route)
    if (seen) response.once('close', () => this.#note(seen, request, response))
    return false
  }

  /** `GET /api/evidence`. */
  readonly route: HttpRoute = readRoute('/api/evidence', (request, response) => {
    const { doors, failed } = this.#parts
    doors.admit(request, response).then((admitted) => {
      if (!admitted) return
      const { last, lastWrongPath, ...counts } = this.#told()
      const isMasked = [...doors.sightOf(request).values()].includes('masked') // what stands in a path may be somebody's key
      answerJson(
        response,
        200,
        isMasked ? counts : { ...counts, ...(last && { last }), ...(lastWrongPath && { lastWrongPath }) },
      )
    }, failed)
  })

  #told(): Evidence {
    const { keys, now } = this.#parts
    if (!this.#last) return { ...this.#book, keys }
    const { atMs, ...last } = this.#last
    return { ...this.#book, keys, last: { ...last, agoMs: Math.max(0, now() - atMs) } }
  }

  #note(seen: Seen, request: IncomingMessage, response: ServerResponse): void {
    const path = shownPath(pathOf(request.url ?? ''))
    const status = response.headersSent ? response.statusCode : senderGone
    const book = this.#book
    this.#last = { method: request.method ?? '', path, status, atMs: this.#parts.now() }
    this.#book = { ...book, requests: book.requests + 1, ...changeOf(book, { seen, status, path, request }) }
  }
}

type Noted = {
  readonly seen: Seen
  readonly status: number
  readonly path: string
  readonly request: IncomingMessage
}

function changeOf(book: Omit<Evidence, 'keys' | 'last'>, noted: Noted): Partial<Evidence> {
  const { seen, status, path, request } = noted
  switch (seen) {
    case 'preflight':
      return { preflights: book.preflights + 1 }
    case 'definitions':
      return { definitions: book.definitions + 1 }
    case 'wrong-path':
      return { wrongPaths: book.wrongPaths + 1, lastWrongPath: path }
    case 'post':
      return { ...fromElsewhere(book, request), ...withMode(book, request), ...outcomeOf(book, status, path) }
    default:
      return seen satisfies never
  }
}

function outcomeOf(book: Omit<Evidence, 'keys' | 'last'>, status: number, path: string): Partial<Evidence> {
  if (status === 401) return { unknownKeys: book.unknownKeys + 1 }
  if (status === 403) return { wrongOrigins: book.wrongOrigins + 1 }
  if (status >= 400) return { refused: book.refused + 1 }
  const route = routeOf(path)
  const isImpressions = route?.kind === 'impressions'
  return isImpressions ? { impressionPosts: book.impressionPosts + 1 } : { otherPosts: book.otherPosts + 1 }
}

function fromElsewhere(book: Pick<Evidence, 'foreignPosts'>, { headers }: IncomingMessage): Partial<Evidence> {
  const { origin, host } = headers
  const foreign = origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`
  return foreign ? { foreignPosts: book.foreignPosts + 1 } : {}
}

function withMode({ modes }: Pick<Evidence, 'modes'>, { headers }: IncomingMessage): Partial<Evidence> {
  const told = String(headers.splitsdkimpressionsmode ?? '').toUpperCase()
  const mode = impressionsModes.find((one) => one === told)
  return mode === undefined ? {} : { modes: { ...modes, [mode]: modes[mode] + 1 } }
}

/** What a request is to somebody who waits for an SDK; `undefined` for pages, files, scripts and health checks. */
function seenOf({ method, headers }: IncomingMessage, path: string, route: Route | undefined): Seen | undefined {
  if (path.startsWith('/_')) return undefined // the page's own files, and what Next's tools post in development
  if (method === 'OPTIONS') return 'preflight'
  if (route) return route.kind === 'version' ? undefined : 'post'
  if (definitionsPath.test(path)) return 'definitions'
  const reads = method === 'GET' || method === 'HEAD'
  return !reads || sdkPath.test(path) || headers.splitsdkversion !== undefined ? 'wrong-path' : undefined
}

/** Without the query, in which somebody might have put a key. */
function pathOf(target: string): string {
  const query = target.indexOf('?')
  return query === -1 ? target : target.slice(0, query)
}

/** Of bounded length, and visible ASCII as the parser leaves it; users' keys, which stand in paths of segments, are left out. */
function shownPath(path: string): string {
  const shown = path.replace(/(\/(?:mySegments|memberships)\/).*/, '$1…')
  return shown.length > pathChars ? `${shown.slice(0, pathChars - 1)}…` : shown
}
