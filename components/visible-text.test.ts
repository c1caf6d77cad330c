import { expect, test } from 'vitest'
import { visibleParts, visibleText } from './visible-text.ts'

test('U29 control characters, direction marks and half characters are spelled out, and plain text is left alone', () => {
  expect(visibleText('a\u0000b\u202ec\ud800d\nе')).toBe('a\\u0000b\\u202ec\\ud800d\\u000aе')
  expect(visibleText('\udc00 \ufeff\u2066')).toBe('\\udc00 \\ufeff\\u2066')
  expect(visibleText('naïve 日本 👩‍👩‍👧 👍')).toBe('naïve 日本 👩‍👩‍👧 👍')
  expect(visibleParts('x\u0007y')).toEqual([
    { kind: 'plain', text: 'x' },
    { kind: 'escape', text: '\\u0007' },
    { kind: 'plain', text: 'y' },
  ])
})
