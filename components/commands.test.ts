import { expect, test } from 'vitest'
import { keyOf, shownKey } from './commands.ts'

const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
  keyOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

test('Y3 a key is called by what it does, whatever the keyboard', () => {
  expect(press('j')).toBe('j')
  expect(press('J')).toBe('j') // caps lock
  expect(press('X', { shiftKey: true })).toBe('Shift+X')
  expect(press('?', { shiftKey: true })).toBe('?')
  expect(press('K', { metaKey: true, shiftKey: true })).toBe('Mod+k')
  expect(press('c', { altKey: true })).toBeUndefined()
})

test('Y3 a key is shown as it stands on the keyboard', () => {
  expect(['Mod+k', 'Shift+X', ' ', 'j', 'ArrowDown', '/'].map((key) => shownKey(key, false))).toEqual([
    'Ctrl K',
    'Shift X',
    'Space',
    'j',
    '↓',
    '/',
  ])
  expect(shownKey('Mod+k', true)).toBe('⌘K')
})
