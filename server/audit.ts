import { createHmac } from 'node:crypto'
import type { Roles } from '../domain/access.ts'
import type { HashedFilter } from '../domain/filter/hashed.ts'
import type { Limits } from '../domain/limits.ts'
import { failed, ok, type Result } from '../domain/result.ts'
import { AuditFile } from './audit-file.ts'
import type { Log } from './log.ts'

/** Who did something: `person` as the sign-in names them, or an account of the machine. */
type Who = { readonly person: string; readonly address: string }

/** What is written down, each with fields of its own. Never a key of an SDK, never a row, never a value that a filter asks for. */
export type AuditEvent = Who &
  (
    | { readonly event: 'sign-in'; readonly method: 'token' | 'provider' | 'proxy'; readonly name: string }
    | { readonly event: 'sign-in-refused'; readonly method: 'token' | 'provider' | 'proxy'; readonly reason: string }
    /** `subject`: whose sessions, where an admin ended those of somebody. */
    | { readonly event: 'sign-out'; readonly subject?: string }
    | { readonly event: 'watch'; readonly filter: HashedFilter }
    | {
        readonly event: 'export'
        readonly filter: HashedFilter
        readonly format: 'ndjson' | 'csv'
        readonly rows: number
      }
    | { readonly event: 'read'; readonly path: string; readonly filter: HashedFilter }
    | {
        readonly event: 'key-created' | 'key-revoked'
        readonly keyId: string
        readonly environment: string
        readonly kind: 'server' | 'client'
        readonly name?: string
      }
    | { readonly event: 'roles-changed'; readonly roles: Roles }
  )

/** Writes down what people do: one line each, added to the end. */
export interface Audit {
  /** Returns at once; what cannot be written is counted and told to the log, and stops nobody. */
  record(event: AuditEvent): void
  /** Resolves when everything is written. */
  close(): Promise<void>
}

export type AuditParts = {
  /** A file; absent = the server's own log, without what people look at: that would drown it. */
  readonly path: string | undefined
  readonly limits: Limits
  /** Epoch ms. */
  readonly now: () => number
  readonly log: Log
  /** A line could not be written. */
  readonly lost: () => void
}

/** Fails in one line when the file cannot be opened. */
export async function openAudit({ path, limits, now, log, lost }: AuditParts): Promise<Result<Audit, string>> {
  if (path === undefined) {
    return ok({
      record: (event) => {
        if (event.event !== 'watch' && event.event !== 'read')
          log.info('audit', { audit: true, ...cutToFit(event, limits) })
      },
      close: async () => {},
    })
  }
  const failing = (error: unknown): void => log.error(`cannot write the audit log ${path}`, error)
  const file = new AuditFile({ path, limits, failing, lost })
  const opened = await file.open()
  if (!opened.ok) return failed(`cannot open FLAGTAIL_AUDIT ${path}: ${opened.error}`)
  return ok({
    record: (event) => file.write(JSON.stringify({ time: new Date(now()).toISOString(), ...cutToFit(event, limits) })),
    close: () => file.close(),
  })
}

/** Hashes values of filters for `hashedFilter`: alike as long as the secret is the same. */
export function auditHash(secret: string): (text: string) => string {
  return (text) => createHmac('sha256', secret).update(text).digest('hex').slice(0, 16)
}

const cutChars = 256

/** The event, or who and what alone where it would make too long a line. */
function cutToFit(event: AuditEvent, { auditLineBytes }: Limits): Readonly<Record<string, unknown>> {
  if (Buffer.byteLength(JSON.stringify(event)) <= auditLineBytes) return event
  const { person, address } = event
  return { event: event.event, person: person.slice(0, cutChars), address: address.slice(0, cutChars), cut: true }
}
