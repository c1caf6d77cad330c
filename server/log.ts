import { pino } from 'pino'

/** The server's own log: one JSON object a line on standard error. Never a key, never a row. */
export type Log = {
  readonly info: (message: string, about: Readonly<Record<string, unknown>>) => void
  readonly warn: (message: string, about?: Readonly<Record<string, unknown>>) => void
  readonly error: (message: string, error: unknown) => void
}

export function openLog(): Log {
  const log = pino({ base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2))
  return {
    info: (message, about) => log.info(about, message),
    warn: (message, about = {}) => log.warn(about, message),
    error: (message, error) => log.error({ err: error }, message),
  }
}
