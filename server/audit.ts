export type AuditEvent = {
  readonly event:
    | 'sign-in'
    | 'sign-in-refused'
    | 'sign-out'
    | 'watch'
    | 'export'
    | 'read'
    | 'key-created'
    | 'key-revoked'
    | 'roles-changed'
  readonly person: string
  readonly address: string
  readonly [other: string]: unknown
}
export interface Audit {
  record(event: AuditEvent): void
  close(): Promise<void>
}
