import { impressionsModes, type Shared, sources } from '../../domain/impression.ts'

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/**
 * The fields that a batch shares, from outside bytes. An unknown source is refused, since everything must have one; an
 * optional field of another type, or a mode that this server does not know, is absent.
 */
export function readShared(value: unknown): Shared | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const fields: { readonly [name: string]: unknown } = { ...value }
  const { environmentId, environmentName, verified, receptionTimestamp } = fields
  const source = sources.find((known) => known === fields.source)
  if (typeof environmentId !== 'string' || typeof environmentName !== 'string') return undefined
  if (typeof verified !== 'boolean' || !isCount(receptionTimestamp) || !source) return undefined
  const impressionsMode = impressionsModes.find((known) => known === fields.impressionsMode)
  return {
    environmentId,
    environmentName,
    ...optionalText(fields),
    ...(impressionsMode && { impressionsMode }),
    source,
    verified,
    receptionTimestamp,
  }
}

const optionalNames = ['trafficTypeId', 'trafficTypeName', 'sdk', 'sdkVersion', 'machineName', 'machineIp'] as const

function optionalText(fields: {
  readonly [name: string]: unknown
}): Partial<Record<(typeof optionalNames)[number], string>> {
  const found: Partial<Record<(typeof optionalNames)[number], string>> = {}
  for (const name of optionalNames) {
    const value = fields[name]
    if (typeof value === 'string') found[name] = value
  }
  return found
}
