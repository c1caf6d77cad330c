import { figures, medianOf, type Results } from './results.ts'

/** A pair of bars. */
type Bars = { readonly title: string; readonly useful: number; readonly moved: number }

const width = 860
const left = 290
const right = 90
const top = 64
const rowHeight = 40
const barHeight = 13
const colours = { useful: '#0f62b5', moved: '#a9c8e8', text: '#1c2733', line: '#d5dde5' } as const

/** Useful and moved impressions per CPU-second of every contender, as a bar plot in SVG. */
export function plotResults({ measured }: Results): string {
  const bars = measured
    .filter(({ id }) => !id.endsWith('-capped')) // those mean not to send all rows
    .map((one): Bars => {
      return { title: one.title, useful: medianOf(one, figures.useful), moved: medianOf(one, figures.moved) }
    })
    .filter(({ useful }) => useful > 0)
  const most = niceAbove(Math.max(1, ...bars.flatMap(({ useful, moved }) => [useful, moved])))
  const height = top + bars.length * rowHeight + 40
  const x = (value: number): number => left + (value / most) * (width - left - right)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Helvetica, Arial, sans-serif" font-size="13" fill="${colours.text}">
<title>Impressions delivered per CPU-second, saturated</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="16" y="26" font-size="16" font-weight="bold">Million impressions delivered per CPU-second, saturated</text>
${legend()}
${gridLines(most, x, height)}
${bars.map((one, index) => rowOf(one, top + index * rowHeight, x)).join('\n')}
</svg>
`
}

function legend(): string {
  return `<rect x="${left}" y="38" width="13" height="13" fill="${colours.useful}"/><text x="${left + 19}" y="49">useful: what the viewer wants</text>
<rect x="${left + 240}" y="38" width="13" height="13" fill="${colours.moved}"/><text x="${left + 259}" y="49">moved: all that crossed the wire</text>`
}

function gridLines(most: number, x: (value: number) => number, height: number): string {
  const lines = 5
  return Array.from({ length: lines + 1 }, (_, index) => {
    const value = (most * index) / lines
    const at = x(value).toFixed(1)
    return `<line x1="${at}" x2="${at}" y1="${top - 4}" y2="${height - 34}" stroke="${colours.line}"/><text x="${at}" y="${height - 16}" text-anchor="middle">${shortNumber(value)}</text>`
  }).join('\n')
}

function rowOf({ title, useful, moved }: Bars, y: number, x: (value: number) => number): string {
  const bar = (value: number, at: number, colour: string): string => {
    const end = x(value)
    return `<rect x="${left}" y="${at}" width="${(end - left).toFixed(1)}" height="${barHeight}" fill="${colour}"/><text x="${(end + 6).toFixed(1)}" y="${at + 11}">${(value / 1e6).toFixed(2)}</text>`
  }
  return `<text x="${left - 10}" y="${y + 20}" text-anchor="end">${title.replace('&', '&amp;')}</text>
${bar(useful, y + 2, colours.useful)}
${bar(moved, y + 2 + barHeight + 2, colours.moved)}`
}

/** The next round number. */
function niceAbove(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value))
  return unit * ([1, 2, 2.5, 5, 7.5, 10].find((step) => step * unit >= value) ?? 10)
}

function shortNumber(value: number): string {
  return `${Number((value / 1e6).toFixed(2))}`
}
