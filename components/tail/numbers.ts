const exact = new Intl.NumberFormat('en-US')
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

/** Every digit: 18,402. */
export function count(number: number): string {
  return exact.format(number)
}

/** For rates, where more than five digits say nothing: 10,012 and 1.2M. */
export function compact(number: number): string {
  return number > 99_999 ? short.format(number) : exact.format(Math.round(number))
}

const terse = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 2 })

/** For where there is hardly room: 940, 1.2k, 12k. */
export function brief(number: number): string {
  return number < 1000 ? exact.format(Math.round(number)) : terse.format(number).replace('K', 'k')
}

/** `1 row`, `7,000 rows`. */
export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`
}

/** A span of time in one or two units: `12 s`, `2 m`, `1 h 5 m`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} m` : `${Math.floor(minutes / 60)} h ${minutes % 60} m`
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** The local time of day, to the second. */
export function clockTime(ms: number): string {
  return clock.format(ms)
}
