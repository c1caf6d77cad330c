import type { TextField } from '../domain/filter/filter.ts'
import { type Impression, lagMs, sdkText } from '../domain/impression.ts'
import { lagText } from './times.ts'

export type ColumnName =
  | 'time'
  | 'env'
  | 'flag'
  | 'key'
  | 'treatment'
  | 'label'
  | 'sdk'
  | 'lag'
  | 'received'
  | 'change'
  | 'bucket'
  | 'machine'
  | 'ip'
  | 'properties'
  | 'repeat'

export type Column = {
  readonly name: ColumnName
  readonly title: string
  /** What a cell says; times are shown by the table, as the viewer wants them. */
  readonly text: (impression: Impression) => string | undefined
  /** Values of it can be included and excluded. */
  readonly field?: TextField
  /** The moment that a cell tells, epoch ms. */
  readonly timeMs?: (impression: Impression) => number | undefined
  /** Width in a grid's template, until somebody drags it. */
  readonly width: string
  readonly leastPx: number
  readonly mono?: true
  readonly quiet?: true
}

/** Every column there is, in the order in which a menu offers them. */
export const columns: readonly Column[] = [
  {
    name: 'time',
    title: 'Time',
    text: noText,
    timeMs: ({ timestamp }) => timestamp,
    width: '92px',
    leastPx: 64,
    quiet: true,
  },
  {
    name: 'env',
    title: 'Env',
    field: 'env',
    text: ({ environmentName }) => environmentName,
    width: '92px',
    leastPx: 48,
    quiet: true,
  },
  { name: 'flag', title: 'Flag', field: 'flag', text: ({ flag }) => flag, width: 'minmax(150px, 1.4fr)', leastPx: 80 },
  {
    name: 'key',
    title: 'Key',
    field: 'key',
    text: ({ key }) => key,
    width: 'minmax(130px, 1.2fr)',
    leastPx: 80,
    mono: true,
  },
  {
    name: 'treatment',
    title: 'Treatment',
    field: 'treatment',
    text: ({ treatment }) => treatment,
    width: 'minmax(110px, 150px)',
    leastPx: 64,
  },
  {
    name: 'label',
    title: 'Label',
    field: 'label',
    text: ({ label }) => label,
    width: 'minmax(130px, 1.2fr)',
    leastPx: 80,
    quiet: true,
  },
  { name: 'sdk', title: 'SDK', field: 'sdk', text: sdkText, width: '124px', leastPx: 64, quiet: true },
  {
    name: 'lag',
    title: 'Lag',
    text: (impression) => lagText(lagMs(impression)),
    width: '76px',
    leastPx: 56,
    quiet: true,
  },
  {
    name: 'received',
    title: 'Received',
    text: noText,
    timeMs: ({ receptionTimestamp }) => receptionTimestamp,
    width: '92px',
    leastPx: 64,
    quiet: true,
  },
  {
    name: 'change',
    title: 'Change number',
    field: 'change',
    text: ({ changeNumber }) => textOf(changeNumber),
    width: '124px',
    leastPx: 64,
    mono: true,
    quiet: true,
  },
  {
    name: 'bucket',
    title: 'Bucketing key',
    field: 'bucket',
    text: ({ bucketingKey }) => bucketingKey,
    width: 'minmax(110px, 1fr)',
    leastPx: 80,
    mono: true,
  },
  {
    name: 'machine',
    title: 'Machine',
    field: 'machine',
    text: ({ machineName }) => machineName,
    width: 'minmax(96px, 0.8fr)',
    leastPx: 64,
    quiet: true,
  },
  {
    name: 'ip',
    title: 'IP',
    field: 'ip',
    text: ({ machineIp }) => machineIp,
    width: '112px',
    leastPx: 64,
    mono: true,
    quiet: true,
  },
  {
    name: 'properties',
    title: 'Properties',
    text: propertiesText,
    width: 'minmax(120px, 1.2fr)',
    leastPx: 80,
    mono: true,
    quiet: true,
  },
  {
    name: 'repeat',
    title: 'Repeat of',
    text: noText,
    timeMs: ({ previousTimestamp }) => previousTimestamp,
    width: '92px',
    leastPx: 64,
    quiet: true,
  },
]

/** No column is wider. */
export const mostColumnPx = 1200

/** What is shown until somebody chooses. */
export const usualColumns: readonly ColumnName[] = ['time', 'env', 'flag', 'key', 'treatment', 'label', 'sdk']

/** A column by its name; `undefined` for a name that no column has. */
export function columnOf(name: string): Column | undefined {
  return columns.find((column) => column.name === name)
}

/** These columns, in this order. */
export function columnsOf(names: readonly ColumnName[]): readonly Column[] {
  return names.flatMap((name) => columnOf(name) ?? [])
}

function noText(): undefined {
  return undefined
}

function textOf(value: number | string | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}

function propertiesText({ properties }: Impression): string | undefined {
  if (properties === undefined || typeof properties === 'string') return properties
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}
