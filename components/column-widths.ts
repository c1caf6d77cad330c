import { type Column, type ColumnName, mostColumnPx } from './columns.ts'

/** How far one key press widens or narrows a column. */
export const stepPx = 16
/** Room at both sides of the text, so that a fitted column does not cut off its own ellipsis. */
const sparePx = 4

/** A width that a column can have. */
export function widthOf({ leastPx }: Column, px: number): number {
  return Math.round(Math.min(mostColumnPx, Math.max(leastPx, px)))
}

/** How wide a column stands on the screen, and the space that its widest visible text would take. */
export function measureColumn(grid: HTMLElement, name: ColumnName): { readonly px: number; readonly textPx: number } {
  const cells = [...grid.querySelectorAll(`[data-column="${name}"]`)]
  const px = grid.querySelector(`[data-head="${name}"]`)?.getBoundingClientRect().width ?? 0
  return { px, textPx: Math.ceil(Math.max(0, ...cells.map(textWidth))) + sparePx }
}

/** What is cut off is measured too: the text as it would stand in one line. */
function textWidth(cell: Element): number {
  const range = document.createRange()
  let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    range.selectNodeContents(texts.currentNode)
    const box = range.getBoundingClientRect()
    if (box.width === 0) continue
    left = Math.min(left, box.left)
    right = Math.max(right, box.right)
  }
  for (const sign of cell.querySelectorAll('svg')) {
    const box = sign.getBoundingClientRect()
    if (box.width === 0) continue
    left = Math.min(left, box.left)
    right = Math.max(right, box.right)
  }
  return right < left ? 0 : right - left
}
