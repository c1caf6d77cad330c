import { chartSeconds } from '../tail/rate-chart.ts'

/** What is left free around the bars for their scales, px: with room, and in a strip that is low. */
export const plotInsets = {
  high: { top: 8, right: 46, bottom: 16 },
  low: { top: 3, right: 0, bottom: 0 },
} as const

/** The column under a distance from the left edge of the bars. */
export function columnUnder(px: number, widthPx: number): number {
  return Math.min(chartSeconds - 1, Math.max(0, Math.floor((px / Math.max(1, widthPx)) * chartSeconds)))
}

/** Where a column begins, as a share of the width of the bars. */
export function columnShare(column: number): number {
  return column / chartSeconds
}
