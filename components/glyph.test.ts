import { expect, test } from 'vitest'
import { fnv1a32, glyphOf } from './glyph.ts'

test('fnv1a32 gives the published values', () => {
  expect([fnv1a32(''), fnv1a32('a'), fnv1a32('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968])
})

test('U28 a treatment has the same sign for everybody: on, off and control their own, all others by their name', () => {
  expect(glyphOf('on')).toEqual({ colour: 'blue', shape: 'disc' })
  expect(glyphOf('off')).toEqual({ colour: 'grey', shape: 'ring' })
  expect(glyphOf('control')).toEqual({ colour: 'amber', shape: 'triangle' })
  const hash = fnv1a32('v2')
  expect(glyphOf('v2')).toEqual({
    colour: ['teal', 'magenta', 'violet', 'brick', 'olive'][hash % 5],
    shape: ['diamond', 'square', 'star', 'pentagon', 'cross', 'half'][Math.floor(hash / 5) % 6],
  })
  const names = Array.from({ length: 500 }, (_, index) => glyphOf(`v${index}`))
  expect(new Set(names.map(({ colour, shape }) => `${colour} ${shape}`)).size).toBe(30)
})
