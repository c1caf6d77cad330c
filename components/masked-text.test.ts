import { expect, test } from 'vitest'
import { maskedText } from './masked-text.ts'

const see = (...names: readonly string[]) =>
  maskedText(
    names.map((name) => {
      const shown = name.replace('-', '')
      return { id: shown, name: shown, masked: name.startsWith('-') || undefined }
    }),
  )

test('MK13 the page says once where keys are masked', () => {
  expect(see('prod', 'stage')).toBeUndefined()
  expect(see()).toBeUndefined()
  expect(see('-prod')).toBe('keys of prod are masked')
  expect(see('-prod', 'stage')).toBe('keys of prod are masked')
  expect(see('-prod', '-stage')).toBe('keys are masked')
  expect(see('-prod', '-stage', 'dev')).toBe('keys of prod and stage are masked')
  expect(see('-prod', '-stage', '-test', 'dev')).toBe('keys of prod and 2 others are masked')
})
