const kib = 1024
const mib = 1024 * kib
const secondMs = 1000

/**
 * Every bound of the product, by name. Sizes are bytes, times ms, rates per second. These are the defaults; a config
 * file may override them under `"limits"`, and tests do so through `openApp`.
 */
export const defaultLimits = {
  /** A post's body as received. */
  bodyBytes: 16 * mib,
  /** A gzipped post's body as received, and what it may inflate to. */
  gzipBodyBytes: 4 * mib,
  inflatedBodyBytes: 16 * mib,
  /** Inflated ÷ received may not exceed this, above `gzipRatioFreeBytes` inflated. */
  gzipRatio: 100,
  gzipRatioFreeBytes: mib,
  postImpressions: 100_000,
  bodyMs: 15 * secondMs,
  headersMs: 10 * secondMs,
  headerBytes: 16 * kib,
  /** Bodies in memory at once; more is 503. */
  inFlightBytes: 64 * mib,
  inFlightPosts: 512,
  /** Of those, posts whose key stands in their body; and how long they may take. */
  inFlightBeacons: 128,
  beaconMs: 5 * secondMs,
  /** A beacon's body, inflated or not: browsers send none above 64 KiB, and its key is in it. */
  beaconBytes: 128 * kib,
  /**
   * Bodies above `offThreadBytes` are read on a thread of their own, and those above `parsedHereBytes` too unless they are
   * written as SDKs write them. A thread has `offThreadMs` for one, which waits as long for its turn at most; a thread
   * without work ends after `offThreadIdleMs`.
   */
  offThreadBytes: mib,
  parsedHereBytes: 128 * kib,
  offThreadMs: 2 * secondMs,
  offThreadThreads: 1,
  offThreadIdleMs: 60 * secondMs,

  /** Fields of an impression, in characters (UTF-16 units); longer ones reject that impression. */
  flagChars: 256,
  keyChars: 1024,
  treatmentChars: 256,
  labelChars: 1024,
  propertiesBytes: 32 * kib,
  rowBytes: 48 * kib,
  /** Nesting within a post's body. */
  jsonDepth: 8,
  /** Commas and opening brackets of a body; 100,000 impressions have a million. */
  jsonValues: 1_500_000,

  batchImpressions: 256,
  batchBytes: 64 * kib,

  /** Token buckets per SDK key, only with a config file. */
  serverKeyPostsPerSecond: 200,
  serverKeyPostsBurst: 400,
  serverKeyImpressionsPerSecond: 50_000,
  clientKeyPostsPerSecond: 500,
  clientAddressPostsPerSecond: 5,
  clientAddressPostsBurst: 20,
  /** Posts of one address with keys that nobody has; right keys from there pass all the same. */
  badKeysPerSecond: 10,
  badKeysBurst: 50,
  /** Addresses remembered for rates; beyond it the longest unseen are forgotten. */
  rateAddresses: 10_000,

  /** So often it is asked again which SDK keys there are: a revoked one lives this much longer. */
  keysRefreshMs: 30 * secondMs,

  /** Rows whose sender may not know that the log has them: so long, and so many, are known again as possible retries. */
  retryMs: 15 * 60 * secondMs,
  retryFingerprints: 200_000,
  /** So long an answer that has left may turn out to be lost, and so many bytes of rows are held for that, in all. */
  deliveryMs: 2 * secondMs,
  deliveryBytes: 32 * mib,

  /** The replay log of one environment, and of all together. */
  logMs: 24 * 3600 * secondMs,
  logBytes: 64 * mib,
  allLogsBytesMemory: 256 * mib,
  allLogsBytesRedis: 1024 * mib,
  /** Newest batches kept per environment for catching viewers up. */
  ringBytes: 16 * mib,
  allRingsBytes: 256 * mib,

  sockets: 5000,
  /** Only with a config file: sockets of one person, and from one address. */
  socketsPerPerson: 20,
  socketsPerAddress: 100,
  handshakesPerSecond: 100,
  messageBytes: 64 * kib,
  commandsPerMinute: 120,
  commandsBurst: 40,
  connectMs: 10 * secondMs,
  /** A viewer whose last ack is older leaves its room; later it is disconnected. Acks are up to 2 s apart. */
  viewerSilentMs: 3 * secondMs,
  viewerGoneMs: 15 * secondMs,
  pingMs: 15 * secondMs,
  pingTimeoutMs: 10 * secondMs,

  /** Frames: at once when quiet, then at most this often; at least once per `heartbeatMs`. */
  tickMs: 25,
  heartbeatMs: secondMs,
  tailRowsPerSecond: 1000,
  tailRowsBurst: 5000,
  frameRows: 500,
  frameBytes: 256 * kib,
  /** Rows that wait for their frame, per Tail. */
  tailWaitingBytes: 8 * mib,
  tailTreatments: 50,

  /** Rows sent with a `start`: on a fresh watch, and after a cursor. */
  backfillRows: 500,
  replayRows: 5000,
  loadRows: 5000,
  /** Rows older than a backfill that one Load brings, by whole batches. */
  olderRows: 1000,
  /** Rows of one `start`, `loaded` or `older`, whatever their number. */
  replayBytes: 4 * mib,
  /** A `start` larger than this has to leave before its viewer joins: frames are not kept for who is busy. */
  startBytes: 512 * kib,
  /** Viewers whose past is read at the same time; the others wait their turn. More of them only slow each other down. */
  replaysAtOnce: 4,
  /** Log read for one backfill or one `/api/impressions`, over all environments. */
  backfillBytes: 64 * mib,
  replayPageBatches: 100,
  /** Values counted per field and environment for the pickers; of them so many, and so many bytes, are told. The rest is "other". */
  facetValues: 5000,
  facetTop: 200,
  facetBytes: 16 * kib,
  /** Masks of keys that need not be made again, over all environments; when they are too many all are forgotten. */
  masksRemembered: 20_000,

  /** `/api/tail`: bytes not yet taken by the reader before its rows are skipped; and time between ledgers. */
  tailReaderBytes: mib,
  /** For so long a reader that does not take anything is waited for. */
  tailPatienceMs: 2 * secondMs,
  tailReaders: 500,
  ledgerMs: 10 * secondMs,
  impressionsRows: 1000,
  /** `/api/without`: impressions that are looked at, and askers at the same time; the others wait their turn. */
  withoutRows: 5000,
  withoutAtOnce: 2,

  /** A session ends after so long, or when no page of it was looked at for so long; open sockets are asked so often. */
  sessionMs: 12 * 3600 * secondMs,
  sessionIdleMs: 3600 * secondMs,
  sessionCheckMs: 5 * 60 * secondMs,
  /** A ticket lets one socket in, within so long. */
  ticketMs: 60 * secondMs,
  /** How often it is read whom other servers signed out. */
  revocationsMs: 20 * secondMs,
  /** Tries to sign in, by address. */
  signInsPerSecond: 1,
  signInsBurst: 10,

  /** What servers share beside the logs: without Redis so many texts and as many claims; each text so long, tables so large. */
  storeTexts: 10_000,
  storeTextBytes: 16 * kib,
  storeTableEntries: 1000,

  /** A line of the audit log; lines that wait for the disk; how often a file that was moved away is looked for. */
  auditLineBytes: 32 * kib,
  auditWaitingLines: 10_000,
  auditCheckMs: 60 * secondMs,

  /** Other work has its turn when one piece of it took so long. */
  turnMs: 10,
  /** Batches that are in the embedded log and were not told to hearers yet; posts beyond wait. */
  untoldBatches: 1024,

  busCommandMs: secondMs,
  busSocketMs: 2500,
  busFailuresToOpen: 3,
  busHalfOpenMs: secondMs,
  idleTickMs: secondMs,

  shutdownMs: 25 * secondMs,
  shutdownPostsMs: 5 * secondMs,
  /** Viewers are sent away one after the other, over this time at most. */
  shutdownDrainMs: 10 * secondMs,
  shutdownPerViewerMs: 20,
} as const

export type Limits = { readonly [Name in keyof typeof defaultLimits]: number }

/** Bounds of the filter language; part of its definition, so not configurable. */
export const filterLimits = { bytes: 8 * kib, terms: 32, members: 100, textChars: 1024, stars: 8 } as const

/** Bounds of an SDK key and what is said with it: `live` keys of one kind and environment, so that one can follow another. */
export const keyLimits = { live: 2, nameChars: 100, origins: 32, originChars: 256 } as const

/** Bounds of the page, by kind of device. */
export const browserLimits = { rows: 50_000, phoneRows: 10_000 } as const
