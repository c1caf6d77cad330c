import { readFileSync } from 'node:fs'
import {
  type Color,
  converter,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  type Lrgb,
  type Rgb,
} from 'culori'
import { expect, test } from 'vitest'

const css = readFileSync(new URL('../app/globals.css', import.meta.url), 'utf8')
const themes = { light: tokens(1), dark: tokens(2) }

function tokens(which: 1 | 2): ReadonlyMap<string, string> {
  const found = css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)
  return new Map([...found].map((match) => [match[1] ?? '', match[1 + which] ?? '']))
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
}

function contrast(theme: ReadonlyMap<string, string>, one: string, other: string): number {
  const [dark, light] = [luminance(theme.get(one) ?? ''), luminance(theme.get(other) ?? '')].sort((a, b) => a - b)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

const grounds = ['bg', 'surface', 'raised', 'hover', 'chosen']
const signs = ['blue', 'amber', 'teal', 'magenta', 'violet', 'brick', 'olive', 'grey'].map((name) => `t-${name}`)

test.each(['light', 'dark'] as const)('U44 text has a contrast of 4.5 and signs of 3 on every ground, %s', (name) => {
  const theme = themes[name]
  const short: string[] = []
  const need = (least: number, fore: string, ground: string) => {
    if (!(contrast(theme, fore, ground) >= least))
      short.push(`${fore} on ${ground}: ${contrast(theme, fore, ground).toFixed(2)}`)
  }
  for (const ground of grounds) {
    for (const text of ['text', 'muted', 'accent']) need(4.5, text, ground)
    for (const sign of signs) need(3, sign, ground)
  }
  for (const ground of ['bg', 'surface', 'raised']) {
    for (const text of ['live', 'caution', 'trouble']) need(4.5, text, ground)
  }
  need(4.5, 'caution', 'caution-bg')
  need(4.5, 'trouble', 'trouble-bg')
  need(4.5, 'on-accent', 'accent')
  expect(short).toEqual([])
})

const [light, screen] = [converter('lrgb'), converter('rgb')]

/** A kind of vision at its full severity, after Machado, Oliveira and Fernandes (2009), whose matrices are of linear light. */
function seenBy(filter: (colour: Color) => Color | undefined): (colour: string) => Color {
  return (colour) => {
    const { r, g, b } = light(colour) as Lrgb
    const seen = filter({ mode: 'rgb', r, g, b }) as Rgb
    const within = (part: number): number => Math.max(0, Math.min(1, part))
    return screen({ mode: 'lrgb', r: within(seen.r), g: within(seen.g), b: within(seen.b) })
  }
}

const visions: Readonly<Record<string, (colour: string) => Color>> = {
  usual: seenBy((colour) => colour),
  'without red': seenBy(filterDeficiencyProt(1)),
  'without green': seenBy(filterDeficiencyDeuter(1)),
  'without blue': seenBy(filterDeficiencyTrit(1)),
}

test.each([
  ['light', 11],
  ['dark', 14.9],
] as const)('U51 no two colours of treatments are alike to any eye, %s', (name, least) => {
  const difference = differenceCiede2000()
  const alike: string[] = []
  for (const [vision, see] of Object.entries(visions)) {
    const seen = signs.map((sign) => see(themes[name].get(sign) ?? ''))
    for (const [at, one] of seen.entries()) {
      for (const [behind, other] of seen.slice(at + 1).entries()) {
        const by = difference(one, other)
        if (!(by >= least)) alike.push(`${vision}: ${signs[at]} and ${signs[at + 1 + behind]} by ${by.toFixed(1)}`)
      }
    }
  }
  expect(alike).toEqual([])
})
