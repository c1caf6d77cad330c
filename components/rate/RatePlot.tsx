import { type RefObject, useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import { compact } from '../tail/numbers.ts'
import { chartSeconds, chartSeries, type RateChart, secondOf } from '../tail/rate-chart.ts'
import { timeOfDay, type Zone } from '../times.ts'
import { type Palette, paletteOf } from './paint.ts'
import { plotInsets } from './place.ts'
import { runsOf, stackOf, topOf } from './stack.ts'
import { stateWords } from './words.ts'
import 'uplot/dist/uPlot.min.css'

type Props = { readonly chart: RateChart; readonly zone: Zone }
type Drawn = Props & { readonly palette: Palette }
type Size = { readonly width: number; readonly height: number }

const places = chartSeries + 1
/** A run this wide says what it is. */
const labelledPx = 150
/** A strip lower than this has no room for scales. */
const lowPx = 60

/** The bars. Only draws: everything that can be pointed at lies over it. */
export function RatePlot({ chart, zone }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<{ readonly low: boolean; readonly on: uPlot }>(undefined)
  const drawn = useRef<Drawn>(undefined)
  const size = useSize(box)
  const palette = usePalette(box, chart.names)
  useEffect(
    () => () => {
      plot.current?.on.destroy()
      plot.current = undefined
    },
    [],
  )
  useEffect(() => {
    const element = box.current
    if (!element || !size || !palette) return
    drawn.current = { chart, zone, palette }
    const low = size.height < lowPx
    if (plot.current?.low !== low) {
      plot.current?.on.destroy()
      const options = optionsOf(() => drawn.current, low)
      plot.current = { low, on: new uPlot({ ...options, ...size }, dataOf(chart), element) }
      return
    }
    const { on } = plot.current
    if (on.width !== size.width || on.height !== size.height) on.setSize(size)
    on.setData(dataOf(chart))
  }, [chart, zone, size, palette])
  return <div ref={box} aria-hidden="true" className="h-full w-full overflow-hidden" />
}

/** The size of the box. Nothing is measured while the page is painted: that would lay it out twice. */
function useSize(box: RefObject<HTMLElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>()
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: Math.round(entry.contentRect.width), height: Math.round(entry.contentRect.height) })
    })
    if (box.current) observer.observe(box.current)
    return () => observer.disconnect()
  }, [box])
  return size
}

/** The colours of these treatments in the theme; read again only when either is another. */
function usePalette(box: RefObject<HTMLElement | null>, names: readonly string[]): Palette | undefined {
  const [palette, setPalette] = useState<Palette>()
  const theme = useTheme()
  const key = JSON.stringify(names)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is what the palette is read from
  useEffect(() => {
    if (box.current) setPalette(paletteOf(box.current, JSON.parse(key), places))
  }, [box, key, theme])
  return palette
}

/** A number that is another one whenever the theme is another one. */
function useTheme(): number {
  const [theme, setTheme] = useState(0)
  useEffect(() => {
    const again = () => setTheme((before) => before + 1)
    const chosen = new MutationObserver(again)
    const dark = window.matchMedia('(prefers-color-scheme: dark)')
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    dark.addEventListener('change', again)
    return () => {
      chosen.disconnect()
      dark.removeEventListener('change', again)
    }
  }, [])
  return theme
}

function dataOf(chart: RateChart): uPlot.AlignedData {
  const seconds = Array.from({ length: chartSeconds }, (_, column) => secondOf(chart, column))
  return [seconds, ...stackOf(chart).map((series) => [...series])]
}

function optionsOf(drawn: () => Drawn | undefined, low: boolean): Omit<uPlot.Options, 'width' | 'height'> {
  const { top, right, bottom } = low ? plotInsets.low : plotInsets.high
  const palette = () => drawn()?.palette
  const text = () => palette()?.text ?? ''
  const bars = uPlot.paths.bars?.({ size: [0.8, 12, 1], gap: 0 })
  const series = Array.from({ length: places }, (_, drawnAt): uPlot.Series => {
    const fill = () => palette()?.series[places - 1 - drawnAt] ?? ''
    return { paths: bars, points: { show: false }, width: 0, fill: fill as uPlot.Series.Fill }
  })
  const axis = { stroke: text, font: '10px "Inter Variable", system-ui, sans-serif', gap: 3, ticks: { show: false } }
  const grid = { stroke: () => palette()?.line ?? '', width: 1 }
  return {
    padding: [top, right === 0 ? 0 : null, bottom === 0 ? 0 : null, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: (_, from, to) => [from - 0.5, to + 0.5] },
      y: { range: () => [0, drawn() ? topOf((drawn() as Drawn).chart) : 5] },
    },
    axes: [
      {
        ...axis,
        show: bottom > 0,
        size: bottom,
        grid: { show: false },
        splits: (_, __, from, to) => wholeMinutes(from, to),
        values: (_, minutes) => minutes.map((at) => timeOfDay(at * 1000, drawn()?.zone ?? 'local').slice(0, 5)),
      },
      {
        ...axis,
        show: right > 0,
        side: 1,
        size: right,
        grid,
        splits: (_, __, ___, most) => [0, most / 2, most],
        values: (_, numbers) => numbers.map((number, index) => (index === 2 ? `${compact(number)}/s` : '')),
      },
    ],
    series: [{}, ...series],
    hooks: { drawAxes: [(plot) => drawRuns(plot, drawn())] },
  }
}

function wholeMinutes(fromS: number, toS: number): number[] {
  const minutes: number[] = []
  for (let at = Math.ceil(fromS / 60) * 60; at <= toS; at += 60) minutes.push(at)
  return minutes
}

/** What is not known, behind the bars. */
function drawRuns(plot: uPlot, drawn: Drawn | undefined): void {
  if (!drawn) return
  const { ctx, bbox } = plot
  const { palette, chart } = drawn
  const columnPx = bbox.width / chartSeconds
  ctx.save()
  for (const { from, to, state } of runsOf(chart)) {
    if (state === 'known') continue
    const left = bbox.left + from * columnPx
    const width = (to - from + 1) * columnPx
    ctx.fillStyle = palette[state]
    ctx.globalAlpha = state === 'lost' ? 1 : 0.4
    ctx.fillRect(left, bbox.top, width, bbox.height)
    ctx.globalAlpha = 1
    if (width > labelledPx * devicePixelRatio) {
      ctx.fillStyle = palette.text
      ctx.font = `${11 * devicePixelRatio}px "Inter Variable", system-ui, sans-serif`
      ctx.textAlign = 'center'
      ctx.textBaseline = 'middle'
      ctx.fillText(stateWords[state], left + width / 2, bbox.top + bbox.height / 2)
    }
  }
  ctx.restore()
}
