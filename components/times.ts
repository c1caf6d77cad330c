const clockTime = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
})
const dateTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
  timeZoneName: 'shortOffset',
})
const farthestMs = 8.64e15

/** `HH:mm:ss.SSS` of the viewer's zone. */
export function timeOfDay(ms: number): string {
  return isTime(ms) ? clockTime.format(ms) : '—'
}

/** Date and time in the viewer's zone, which it names. */
export function localTime(ms: number): string {
  return isTime(ms) ? dateTime.format(ms) : String(ms)
}

export function isoTime(ms: number): string {
  return isTime(ms) ? new Date(ms).toISOString() : String(ms)
}

/** The viewer's zone: `UTC+2`. */
export function zoneName(): string {
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
