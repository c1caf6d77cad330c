/** Every door through which an impression may come; later doors add theirs. */
export const sources = ['sdk', 'beacon'] as const
export type Source = (typeof sources)[number]

/** What the SDK said about its own sending: OPTIMIZED hides repeats within an hour, DEBUG sends every evaluation. */
export const impressionsModes = ['OPTIMIZED', 'DEBUG', 'NONE'] as const
export type ImpressionsMode = (typeof impressionsModes)[number]

/** A value of the flat map that a caller may attach to an evaluation. */
export type PropertyValue = string | number | boolean

/** Where a flag is evaluated. An SDK key belongs to exactly one environment. */
export type Environment = {
  readonly id: string
  readonly name: string
  readonly trafficTypeId?: string
  readonly trafficTypeName?: string
}

/** The fields that all impressions of one post share; they travel once per batch. */
export type Shared = {
  readonly environmentId: string
  readonly environmentName: string
  readonly trafficTypeId?: string
  readonly trafficTypeName?: string
  /** Language of the SDK, for example `nodejs`. */
  readonly sdk?: string
  readonly sdkVersion?: string
  readonly machineName?: string
  readonly machineIp?: string
  readonly impressionsMode?: ImpressionsMode
  readonly source: Source
  /** `false` when whoever posted could be anybody: client-side keys and open mode. */
  readonly verified: boolean
  /** When this server received the post: epoch ms, our clock. */
  readonly receptionTimestamp: number
  /** `true` for who may see masks only: in the keys' places stand masks, and no properties and no address. Never in a log. */
  readonly masked?: true
}

/** The record of one feature-flag evaluation. Times are epoch ms; what is absent is `undefined`, never `null`, 0 or "". */
export type Impression = Shared & {
  /** Feature flag name. */
  readonly flag: string
  /** User id that was evaluated. */
  readonly key: string
  readonly bucketingKey?: string
  /** Variation returned; `control` means that the SDK could not evaluate. */
  readonly treatment: string
  /** Targeting rule that matched. */
  readonly label?: string
  /** Version of the flag's definition: for Split the epoch ms of its last change, for others any string. */
  readonly changeNumber?: number | string
  /** When the SDK evaluated: epoch ms, the SDK's clock. */
  readonly timestamp: number
  /** When that SDK last saw the same impression: epoch ms. */
  readonly previousTimestamp?: number
  /** Flat map of scalars; the raw string where it did not parse as one. */
  readonly properties?: Readonly<Record<string, PropertyValue>> | string
  /** `true` when it may repeat an impression that is already in the log. */
  readonly possibleRetry?: true
}

/** Received − evaluated, in ms; negative when the SDK's clock is ahead of ours. */
export function lagMs(impression: Pick<Impression, 'receptionTimestamp' | 'timestamp'>): number {
  return impression.receptionTimestamp - impression.timestamp
}

/** Name and version as the SDK sends them: `nodejs-11.11.2`. */
export function sdkText({ sdk, sdkVersion }: Pick<Shared, 'sdk' | 'sdkVersion'>): string | undefined {
  return sdk !== undefined && sdkVersion !== undefined ? `${sdk}-${sdkVersion}` : sdk
}
