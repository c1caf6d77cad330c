import { glyphOf } from '../glyph.ts'

export type Paint = string | CanvasPattern

export type Palette = {
  /** One per series from the bottom up, the one of the others last. */
  readonly series: readonly Paint[]
  readonly text: string
  readonly line: string
  readonly unwatched: Paint
  readonly gap: Paint
  readonly lost: Paint
}

const stripePx = 5

/**
 * The colours of the page as a canvas wants them. A colour that two series share is striped in the second, since a bar has
 * no room for the sign that tells them apart elsewhere.
 */
export function paletteOf(element: HTMLElement, names: readonly string[], places: number): Palette {
  const colour = colourReader(element)
  const ground = colour('--bg')
  const used = new Set<string>()
  const series = Array.from({ length: places }, (_, place): Paint => {
    const name = names[place]
    if (name === undefined) return stripes(ground, colour('--muted'))
    const token = `--t-${glyphOf(name).colour}`
    const again = used.has(token)
    used.add(token)
    return again ? stripes(ground, colour(token)) : colour(token)
  })
  return {
    series,
    text: colour('--muted'),
    line: colour('--line'),
    unwatched: stripes('transparent', colour('--line')),
    gap: stripes('transparent', colour('--caution')),
    lost: stripes(colour('--surface'), colour('--edge')),
  }
}

/** Reads what a token is right now: a canvas knows no `light-dark()`, a computed style does. */
function colourReader(element: HTMLElement): (token: string) => string {
  return (token) => {
    element.style.color = `var(${token})`
    const { color } = getComputedStyle(element)
    element.style.color = ''
    return color
  }
}

function stripes(ground: string, colour: string): Paint {
  const size = Math.round(stripePx * devicePixelRatio)
  const tile = document.createElement('canvas')
  tile.width = size
  tile.height = size
  const context = tile.getContext('2d')
  if (!context) return colour
  context.fillStyle = ground
  context.fillRect(0, 0, size, size)
  context.strokeStyle = colour
  context.lineWidth = size / 3
  for (const shift of [-size, 0, size]) {
    context.beginPath()
    context.moveTo(shift - 1, size + 1)
    context.lineTo(shift + size + 1, -1)
    context.stroke()
  }
  return context.createPattern(tile, 'repeat') ?? colour
}
