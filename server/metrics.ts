import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { BusState } from './bus/bus.ts'
import type { IngestCounts } from './ingest/counts.ts'
import type { Log } from './log.ts'

/** Numbers that are read when somebody asks. */
export type Gauges = {
  readonly viewers: () => number
  readonly silentViewers: () => number
  readonly tails: () => number
  readonly readers: () => number
}

export type Metrics = {
  readonly ingest: IngestCounts
  /** Something broke on our side: counted, and written to the log. */
  readonly failed: (error: unknown) => void
  readonly busState: (state: BusState) => void
  /** A line of the audit log could not be written. */
  readonly auditLost: () => void
  /** The registry in Prometheus' text format. */
  readonly text: () => Promise<string>
  readonly contentType: string
}

export function openMetrics(gauges: Gauges, log: Log): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `flagtail_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  gauge('viewers', 'Browsers connected to this process', gauges.viewers)
  gauge('viewers_silent', 'Of these, browsers that do not read, and are not sent anything', gauges.silentViewers)
  gauge('tails', 'Distinct filters watched', gauges.tails)
  gauge('tail_readers', 'Readers of /api/tail', gauges.readers)
  const busUp = new Gauge({ name: 'flagtail_bus_up', help: '1 while the bus takes and gives', registers: [registry] })
  const counter = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Counter({ name: `flagtail_${name}`, help, labelNames, registers: [registry] })
  const auditLost = counter('audit_lost_total', 'Lines of the audit log that could not be written')
  const failures = counter('failures_total', 'Things that broke on our side')
  const failed = (error: unknown): void => {
    failures.inc()
    log.error('something broke', error)
  }
  return {
    ingest: ingestCounts(counter, failed),
    failed,
    auditLost: () => auditLost.inc(),
    busState: (state) => busUp.set(state.up ? 1 : 0),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

type MakeCounter = (name: string, help: string, labelNames: readonly string[]) => Counter<string>

function ingestCounts(counter: MakeCounter, failed: (error: unknown) => void): IngestCounts {
  const posts = counter('posts_total', 'Requests of SDKs answered', ['kind', 'door', 'status'])
  const accepted = counter('impressions_accepted_total', 'Impressions in the log', ['environment'])
  const rejected = counter('impressions_rejected_total', 'Impressions skipped', ['environment', 'reason'])
  const retried = counter('impressions_retried_total', 'Impressions labelled possible retry', ['environment'])
  const forgotten = counter('retries_forgotten_total', 'Rows that would no longer be known as retries: too many', [])
  const entries = counter('other_entries_total', 'Entries of counts, events, keys, metrics', ['environment', 'kind'])
  return {
    post: ({ kind, beacon }, status) => posts.inc({ kind, door: beacon ? 'beacon' : 'sdk', status }),
    accepted: (environment, impressions) => accepted.inc({ environment }, impressions),
    rejected: (environment, reason, impressions) => rejected.inc({ environment, reason }, impressions),
    retried: (environment, impressions) => retried.inc({ environment }, impressions),
    forgotten: (fingerprints) => forgotten.inc(fingerprints),
    entries: (environment, kind, count) => entries.inc({ environment, kind }, count),
    failed,
  }
}
