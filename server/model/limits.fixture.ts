import { defaultLimits, type Limits } from '../../domain/limits.ts'

/** So small that a run of seconds reaches them. */
export const modelLimits: Limits = {
  ...defaultLimits,
  batchImpressions: 25,
  logBytes: 40_000,
  ringBytes: 16_000,
  heartbeatMs: 50,
  idleTickMs: 100,
  ledgerMs: 50,
  viewerSilentMs: 400,
  viewerGoneMs: 1500,
  frameRows: 40,
  tailRowsBurst: 300,
  backfillRows: 40,
  replayRows: 50,
  loadRows: 60,
  replayPageBatches: 8,
  busCommandMs: 300,
  busSocketMs: 800,
  busHalfOpenMs: 100,
  // Not these:
  commandsPerMinute: 600_000,
  commandsBurst: 10_000,
  handshakesPerSecond: 10_000,
  serverKeyPostsPerSecond: 10_000,
  serverKeyPostsBurst: 10_000,
}
