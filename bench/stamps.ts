/** A row's key that is the time of its post: `at-` and 12 digits, µs of this process's clock. */
export const unstampedKey = 'at-000000000000'

const mark = Buffer.from('"at-')
const digits = 12
const zero = 48

/** Where the stamps' digits stand in some bytes. */
export function findStamps(bytes: Buffer): readonly number[] {
  const found: number[] = []
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + mark.length)) found.push(at + mark.length)
  return found
}

/** Writes the present time into each stamp. */
export function stamp(bytes: Buffer, stamps: readonly number[]): void {
  const now = Buffer.from(
    Math.round(performance.now() * 1000)
      .toString()
      .padStart(digits, '0'),
  )
  for (const at of stamps) now.copy(bytes, at)
}

/** Tells for each stamp in a message how many ms ago it was written. */
export function readStamps(message: Buffer, tell: (ms: number) => void): void {
  const nowMs = performance.now()
  for (let at = message.indexOf(mark); at !== -1; at = message.indexOf(mark, at + mark.length + digits)) {
    tell(nowMs - stampAt(message, at + mark.length) / 1000)
  }
}

function stampAt(message: Buffer, from: number): number {
  let value = 0
  for (let at = from; at < from + digits; at++) value = value * 10 + (message[at] ?? zero) - zero
  return value
}
