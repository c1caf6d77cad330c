import { keep, readKept } from './display/kept.ts'

const name = 'dismissed-sdks'
const mostSdks = 100

/** SDKs whose mode this browser is not to speak of again. */
export function readDismissed(): readonly string[] {
  const kept = readKept(name)
  return Array.isArray(kept) ? kept.filter((sdk) => typeof sdk === 'string') : []
}

/** The oldest are forgotten first. */
export function keepDismissed(sdks: readonly string[]): void {
  keep(name, [...new Set([...readDismissed(), ...sdks])].slice(-mostSdks))
}
