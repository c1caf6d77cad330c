import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { filterOf } from '../domain/filter/arbitraries.fixture.ts'
import { hashedFilter } from '../domain/filter/hashed.ts'
import { defaultLimits, type Limits } from '../domain/limits.ts'
import { openTestApp, until } from './app.fixture.ts'
import { ask } from './ask.fixture.ts'
import { type Audit, type AuditEvent, auditHash, openAudit } from './audit.ts'

function givenFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'flagtail-audit-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function givenAudit(path: string | undefined, overrides: Partial<Limits> = {}) {
  const told = { lost: 0, errors: [] as string[], infos: [] as Readonly<Record<string, unknown>>[] }
  const opened = await openAudit({
    path,
    limits: { ...defaultLimits, ...overrides },
    now: () => Date.UTC(2026, 10, 24, 10),
    log: {
      info: (message, about) => void told.infos.push({ message, ...about }),
      warn: () => {},
      error: (message) => void told.errors.push(message),
    },
    lost: () => {
      told.lost++
    },
  })
  if (!opened.ok) throw new Error(opened.error)
  const audit: Audit = opened.value
  onTestFinished(() => audit.close())
  return { audit, told }
}

const signIn: AuditEvent = {
  event: 'sign-in',
  person: 'ada@example.com',
  address: '192.0.2.7',
  method: 'provider',
  name: 'Ann',
}

function linesOf(path: string): readonly unknown[] {
  const text = readFileSync(path, 'utf8')
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
}

test('AU2 each event is a line at the end of a file that its owner alone can read', async () => {
  const path = join(givenFolder(), 'audit.ndjson')
  const { audit } = await givenAudit(path)
  audit.record(signIn)
  audit.record({ ...signIn, event: 'sign-out' })
  await audit.close()
  const { audit: later } = await givenAudit(path)
  const filter = hashedFilter(filterOf('key:user-42'), auditHash('secret'))
  later.record({ event: 'watch', person: 'eve\n{"event":"forged"}', address: '::1', filter })
  await later.close()
  const time = '2026-11-24T10:00:00.000Z'
  expect(linesOf(path)).toEqual([
    { time, ...signIn },
    { time, ...signIn, event: 'sign-out' },
    { time, event: 'watch', person: 'eve\n{"event":"forged"}', address: '::1', filter },
  ])
  expect(filter).toMatch(/^key:[0-9a-f]{16}$/)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('AU2 without a file the events are in the log of the server', async () => {
  const { audit, told } = await givenAudit(undefined)
  audit.record(signIn)
  expect(told.infos).toEqual([{ message: 'audit', audit: true, ...signIn }])
})

test('AU2 a line is bounded: of an event that is too large who and what remains', async () => {
  const path = join(givenFolder(), 'audit.ndjson')
  const { audit } = await givenAudit(path, { auditLineBytes: 1000 })
  audit.record({ ...signIn, event: 'sign-in-refused', reason: 'x'.repeat(500) })
  audit.record({ ...signIn, event: 'sign-in-refused', person: 'y'.repeat(2000), reason: 'x' })
  await audit.close()
  expect(linesOf(path)).toMatchObject([
    { event: 'sign-in-refused', reason: 'x'.repeat(500) },
    { event: 'sign-in-refused', person: 'y'.repeat(256), address: signIn.address, cut: true },
  ])
})

test('AU3 a file that was moved away is begun anew under its name', async () => {
  const path = join(givenFolder(), 'audit.ndjson')
  const { audit } = await givenAudit(path, { auditCheckMs: 10 })
  audit.record(signIn)
  await until(() => linesOf(path).length === 1)
  renameSync(path, `${path}.1`)
  await until(() => {
    audit.record(signIn)
    return existsSync(path)
  })
  const moved = linesOf(`${path}.1`).length
  audit.record({ ...signIn, event: 'sign-out' })
  await until(() => linesOf(path).length > 0 && JSON.stringify(linesOf(path)).includes('sign-out'))
  expect(linesOf(`${path}.1`)).toHaveLength(moved)
})

test('AU3 what cannot be written is counted and told once, and what comes later is written', async () => {
  const folder = givenFolder()
  const path = join(folder, 'logs', 'audit.ndjson')
  await mkdir(join(folder, 'logs'))
  const { audit, told } = await givenAudit(path, { auditCheckMs: 10 })
  await rm(join(folder, 'logs'), { recursive: true })
  await until(() => {
    audit.record(signIn)
    return told.lost >= 3
  })
  expect(told.errors).toEqual([`cannot write the audit log ${path}`])
  await mkdir(join(folder, 'logs'))
  audit.record({ ...signIn, event: 'sign-out' })
  await audit.close()
  expect(linesOf(path).at(-1)).toMatchObject({ event: 'sign-out' })
})

test('AU3 lines that wait for the disk are bounded, and those beyond are counted', async () => {
  const path = join(givenFolder(), 'audit.ndjson')
  const { audit, told } = await givenAudit(path, { auditWaitingLines: 3 })
  for (let event = 0; event < 5; event++) audit.record(signIn)
  await audit.close()
  expect(told.lost).toBe(2)
  expect(linesOf(path)).toHaveLength(3)
})

test('AU3 a line that was cut off is not continued by the next', async () => {
  const path = join(givenFolder(), 'audit.ndjson')
  writeFileSync(path, '{"event":"sign-in","per')
  const { audit } = await givenAudit(path)
  audit.record(signIn)
  await audit.close()
  const [torn, whole] = readFileSync(path, 'utf8').split('\n')
  expect(torn).toBe('{"event":"sign-in","per')
  expect(JSON.parse(whole ?? '')).toMatchObject(signIn)
})

test('AU3 a file that cannot be opened ends the start with one line', async () => {
  const folder = givenFolder()
  await expect(openTestApp({ auditPath: folder })).rejects.toThrow(`cannot open FLAGTAIL_AUDIT ${folder}: EISDIR`)
})

test('AU3 lost lines are in the metrics', async () => {
  const path = join(givenFolder(), 'audit.ndjson')
  const app = await openTestApp({ auditPath: path })
  expect((await ask(app.url, '/metrics')).text).toContain('flagtail_audit_lost_total 0')
  expect(existsSync(path)).toBe(true)
})

test('AU2 a hash tells nothing without its secret, and is the same under the same', () => {
  const hash = auditHash('secret')
  expect(hash('user-42')).toMatch(/^[0-9a-f]{16}$/)
  expect(hash('user-42')).toBe(auditHash('secret')('user-42'))
  expect(hash('user-42')).not.toBe(auditHash('another')('user-42'))
  expect(hash('user-42')).not.toBe(hash('user-43'))
})
