import { type ColumnName, columnOf, mostColumnPx, usualColumns } from '../columns.ts'

/** How the page shows what it shows; nothing here changes which rows there are. */
export type Display = {
  /** Shown columns, in their order; never none. */
  readonly columns: readonly ColumnName[]
  /** Widths that somebody dragged, px. */
  readonly widths: Readonly<Partial<Record<ColumnName, number>>>
  readonly zone: 'local' | 'utc'
  readonly time: 'absolute' | 'relative'
  readonly density: 'compact' | 'comfortable'
  readonly chart: boolean
  readonly facets: boolean
  readonly facetsPx: number
  /** Paints once a second. */
  readonly calm: boolean
  /** A screen reader hears a summary now and then while rows come in. */
  readonly summaries: boolean
  /** Keys without a modifier do something. */
  readonly singleKeys: boolean
}

/** How wide the facets can be. */
export const facetsWidth = { leastPx: 180, usualPx: 248, mostPx: 420 } as const

/** A width that the facets can have. */
export function facetsWidthOf(px: number): number {
  return Math.round(Math.min(facetsWidth.mostPx, Math.max(facetsWidth.leastPx, px)))
}

export const usualDisplay: Display = {
  columns: usualColumns,
  widths: {},
  zone: 'local',
  time: 'absolute',
  density: 'compact',
  chart: true,
  facets: true,
  facetsPx: facetsWidth.usualPx,
  calm: false,
  summaries: false,
  singleKeys: true,
}

/** The part of it that a link carries; `null` = as usual. */
export type DisplayParams = {
  readonly cols: string | null
  readonly w: string | null
  readonly tz: string | null
  readonly time: string | null
  readonly d: string | null
  readonly t: string | null
}

const leastPx = 40

export function paramsOf({ columns, widths, zone, time, density, chart }: Display): DisplayParams {
  const w = Object.entries(widths).map(([name, px]) => `${name}.${px}`)
  return {
    cols: columns.join() === usualColumns.join() ? null : columns.join(),
    w: w.length === 0 ? null : w.join(),
    tz: zone === 'utc' ? 'utc' : null,
    time: time === 'relative' ? 'relative' : null,
    d: density === 'comfortable' ? 'comfortable' : null,
    t: chart ? null : '0',
  }
}

/** A display with what a link says of it; what cannot be understood says nothing. */
export function withParams(display: Display, params: DisplayParams): Display {
  const { cols, w, tz, time, d, t } = params
  return {
    ...display,
    columns: namesOf(cols?.split(',') ?? []) ?? display.columns,
    widths: w === null ? display.widths : widthsOf(w.split(',').map((pair) => pair.split('.'))),
    zone: oneOf(['local', 'utc'], tz) ?? display.zone,
    time: oneOf(['absolute', 'relative'], time) ?? display.time,
    density: oneOf(['compact', 'comfortable'], d) ?? display.density,
    chart: t === null ? display.chart : t !== '0',
  }
}

/** A display from what was kept, by anybody: field by field, the usual where it is not one. */
export function displayFrom(kept: unknown): Display {
  if (typeof kept !== 'object' || kept === null) return usualDisplay
  const fields: { readonly [name: string]: unknown } = { ...kept }
  const flag = (name: 'chart' | 'facets' | 'calm' | 'summaries' | 'singleKeys'): boolean => {
    const value = fields[name]
    return typeof value === 'boolean' ? value : usualDisplay[name]
  }
  const { columns, widths, facetsPx } = fields
  return {
    columns: (Array.isArray(columns) && namesOf(columns)) || usualDisplay.columns,
    widths: typeof widths === 'object' && widths !== null ? widthsOf(Object.entries(widths)) : {},
    zone: oneOf(['local', 'utc'], fields.zone) ?? usualDisplay.zone,
    time: oneOf(['absolute', 'relative'], fields.time) ?? usualDisplay.time,
    density: oneOf(['compact', 'comfortable'], fields.density) ?? usualDisplay.density,
    chart: flag('chart'),
    facets: flag('facets'),
    facetsPx: typeof facetsPx === 'number' ? facetsWidthOf(facetsPx) : usualDisplay.facetsPx,
    calm: flag('calm'),
    summaries: flag('summaries'),
    singleKeys: flag('singleKeys'),
  }
}

function namesOf(names: readonly unknown[]): readonly ColumnName[] | undefined {
  const known = names.flatMap((name) => (typeof name === 'string' ? (columnOf(name)?.name ?? []) : []))
  return known.length === 0 ? undefined : [...new Set(known)]
}

function widthsOf(pairs: readonly (readonly unknown[])[]): Display['widths'] {
  const widths: Partial<Record<ColumnName, number>> = {}
  for (const [name, px] of pairs) {
    const column = columnOf(String(name))
    const width = Math.round(Number(px))
    if (column && width >= leastPx && width <= mostColumnPx) widths[column.name] = width
  }
  return widths
}

function oneOf<Value extends string>(values: readonly Value[], asked: unknown): Value | undefined {
  return values.find((value) => value === asked)
}
