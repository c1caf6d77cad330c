import type { Field } from '../domain/filter/filter.ts'
import { type Impression, lagMs, sdkText } from '../domain/impression.ts'
import type { RowEntry } from './tail/entry.ts'
import { isoTime, lagText } from './times.ts'

export type DetailField = {
  readonly name: string
  /** Absent is told as absent. */
  readonly value: string | undefined
  /** Fields that can be filtered by just this value. */
  readonly field?: Field
  readonly mono?: true
}

/** Every field of the record, in an order in which people ask: what, why, where, by whom. */
export function fieldsOf(row: RowEntry): readonly DetailField[] {
  const { impression } = row
  return [
    { name: 'Flag', value: impression.flag, field: 'flag' },
    { name: 'Treatment', value: impression.treatment, field: 'treatment' },
    { name: 'Key', value: impression.key, field: 'key', mono: true },
    { name: 'Bucketing key', value: impression.bucketingKey, field: 'bucket', mono: true },
    { name: 'Label', value: impression.label, field: 'label' },
    { name: 'Change number', value: textOf(impression.changeNumber), field: 'change', mono: true },
    { name: 'Changed', value: changedAt(impression.changeNumber), mono: true },
    ...propertyFields(impression),
    { name: 'Environment', value: impression.environmentName, field: 'env' },
    { name: 'Environment id', value: impression.environmentId, field: 'env', mono: true },
    { name: 'Traffic type', value: impression.trafficTypeName, field: 'traffic' },
    { name: 'Evaluated', value: isoTime(impression.timestamp), mono: true },
    { name: 'Received', value: isoTime(impression.receptionTimestamp), mono: true },
    { name: 'Lag', value: lagText(lagMs(impression)) },
    { name: 'Repeat of', value: timeOf(impression.previousTimestamp), mono: true },
    { name: 'Possible retry', value: impression.possibleRetry ? 'yes' : 'no' },
    { name: 'SDK', value: sdkText(impression), field: 'sdk' },
    { name: 'Impressions mode', value: impression.impressionsMode, field: 'mode' },
    orHidden(impression, { name: 'Machine', value: impression.machineName, field: 'machine' }),
    orHidden(impression, { name: 'Machine IP', value: impression.machineIp, field: 'ip', mono: true }),
    { name: 'Source', value: impression.source, field: 'source' },
    { name: 'Verified', value: impression.verified ? 'yes' : 'no: anybody could have posted it' },
    { name: 'Id', value: row.id, mono: true },
  ]
}

/** Where keys are masked, nobody is told whether there is a value. */
function orHidden({ masked }: Impression, field: DetailField): DetailField {
  return masked && field.value === undefined ? { name: field.name, value: 'hidden, if there is any' } : field
}

function propertyFields(impression: Impression): readonly DetailField[] {
  const { properties } = impression
  if (properties === undefined || typeof properties === 'string')
    return [orHidden(impression, { name: 'Properties', value: properties, mono: true })]
  return Object.entries(properties).map(([prop, value]) => ({
    name: prop,
    value: String(value),
    field: { prop },
    mono: true,
  }))
}

function textOf(value: number | string | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}

function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : isoTime(ms)
}

const year2000Ms = 946_684_800_000

/** A change number that is a time, as Split's are. */
function changedAt(changeNumber: Impression['changeNumber']): string | undefined {
  return typeof changeNumber === 'number' && changeNumber >= year2000Ms ? isoTime(changeNumber) : undefined
}
