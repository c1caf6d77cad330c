export type Zone = 'local' | 'utc'

const clock = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
} as const
const date = { day: 'numeric', month: 'short', year: 'numeric', timeZoneName: 'shortOffset' } as const
const zones = { local: {}, utc: { timeZone: 'UTC' } } as const
const clockTimes = both((zone) => new Intl.DateTimeFormat('en-GB', { ...clock, ...zone }))
const dateTimes = both((zone) => new Intl.DateTimeFormat('en-GB', { ...date, ...clock, ...zone }))
const farthestMs = 8.64e15

function both(
  make: (zone: { readonly timeZone?: string }) => Intl.DateTimeFormat,
): Readonly<Record<Zone, Intl.DateTimeFormat>> {
  return { local: make(zones.local), utc: make(zones.utc) }
}

/** `HH:mm:ss.SSS`. */
export function timeOfDay(ms: number, zone: Zone): string {
  return isTime(ms) ? clockTimes[zone].format(ms) : '—'
}

/** Date and time in a zone, which it names. */
export function dateTime(ms: number, zone: Zone): string {
  return isTime(ms) ? dateTimes[zone].format(ms) : String(ms)
}

/** How long ago, in one unit: `12 s ago`; what is yet to come is `now`. */
export function agoText(ms: number, nowMs: number): string {
  if (!isTime(ms)) return '—'
  const seconds = Math.floor((nowMs - ms) / 1000)
  if (seconds < 1) return 'now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}

export function isoTime(ms: number): string {
  return isTime(ms) ? new Date(ms).toISOString() : String(ms)
}

/** `Local (UTC+2)`, or `UTC`. */
export function zoneText(zone: Zone): string {
  return zone === 'utc' ? 'UTC' : `Local (${zoneName()})`
}

function zoneName(): string {
  const minutes = -new Date().getTimezoneOffset()
  if (minutes === 0) return 'UTC'
  const hours = Math.floor(Math.abs(minutes) / 60)
  const rest = Math.abs(minutes) % 60
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
}

/** How long something took to reach us, in the unit that fits; negative when the SDK's clock is ahead. */
export function lagText(ms: number): string {
  const size = Math.abs(ms)
  const sign = ms < 0 ? '−' : ''
  if (size < 1000) return `${sign}${size} ms`
  if (size < 60_000) return `${sign}${(size / 1000).toFixed(size < 10_000 ? 2 : 1)} s`
  if (size < 3_600_000) return `${sign}${Math.floor(size / 60_000)} m ${Math.floor((size % 60_000) / 1000)} s`
  return `${sign}${Math.floor(size / 3_600_000)} h ${Math.floor((size % 3_600_000) / 60_000)} m`
}

function isTime(ms: number): boolean {
  return Number.isFinite(ms) && Math.abs(ms) <= farthestMs
}
