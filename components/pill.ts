import { compact, count, span } from './tail/numbers.ts'
import type { View } from './tail/view.ts'

export type Pill = {
  readonly icon: 'nothing' | 'ring' | 'dot' | 'pulse' | 'bars' | 'pause' | 'turn' | 'cross'
  readonly tone: 'muted' | 'live' | 'accent' | 'caution' | 'trouble'
  readonly text: string
  /** What is announced when it changes: the state without its numbers. */
  readonly state: string
}

const patienceMs = 300
const quietMs = 5000

/** How it stands, in one glance: always visible, never colour alone. */
export function pillOf(view: View): Pill {
  return connectionPill(view) ?? busPill(view) ?? readingPill(view) ?? livePill(view)
}

function connectionPill({ connection, refusal, nowMs }: View): Pill | undefined {
  if (refusal?.reason === 'version') {
    return { icon: 'cross', tone: 'trouble', text: 'Reload needed', state: 'Reload needed' }
  }
  if (refusal?.reason === 'full') {
    return { icon: 'cross', tone: 'trouble', text: refusal.message, state: refusal.message }
  }
  const awayMs = nowMs - connection.sinceMs
  switch (connection.kind) {
    case 'connected':
      return undefined
    case 'connecting':
      return awayMs < patienceMs
        ? { icon: 'nothing', tone: 'muted', text: '', state: '' }
        : { icon: 'ring', tone: 'muted', text: 'Connecting…', state: 'Connecting' }
    case 'offline': {
      const text = 'Offline — your browser has no network'
      return { icon: 'cross', tone: 'trouble', text, state: text }
    }
    case 'reconnecting': {
      const text = `Reconnecting… ${span(awayMs)} (try ${connection.tries})`
      return { icon: 'turn', tone: 'caution', text, state: 'Reconnecting' }
    }
    default:
      return connection satisfies never
  }
}

/** Connected, but to a server that gets nothing from its log. */
function busPill({ busDown, refusal }: View): Pill | undefined {
  if (!busDown && refusal?.reason !== 'unavailable') return undefined
  return { icon: 'turn', tone: 'caution', text: 'Cut off from the log', state: 'Cut off from the log' }
}

function readingPill({ mode, waiting }: View): Pill | undefined {
  switch (mode) {
    case 'live':
      return undefined
    case 'held':
      return waiting === 0 ? undefined : { icon: 'bars', tone: 'accent', text: 'Held while pointing', state: 'Live' }
    case 'reading':
      return { icon: 'bars', tone: 'accent', text: `Reading · ${count(waiting)} new`, state: 'Reading' }
    case 'paused':
      return { icon: 'pause', tone: 'caution', text: `Paused · ${count(waiting)} new`, state: 'Paused' }
    default:
      return mode satisfies never
  }
}

function livePill({ firstRun, rate, nowMs, connection }: View): Pill {
  const state = 'Live'
  if (firstRun.kind === 'waiting') return { icon: 'pulse', tone: 'live', text: 'Live · no impressions yet', state }
  if (rate.perSecond >= 0.5) return { icon: 'dot', tone: 'live', text: `Live · ${compact(rate.perSecond)}/s`, state }
  const stillMs = nowMs - (rate.lastMatchMs ?? connection.sinceMs)
  const text = stillMs < quietMs ? 'Live' : `Live · quiet ${span(stillMs)}`
  return { icon: 'dot', tone: 'live', text, state }
}
