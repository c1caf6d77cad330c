import { expect, test } from 'vitest'
import { languages, listeningOrigin, snippetOf } from './snippets.ts'

const origin = 'http://127.0.0.1:3000'

test('U40 the snippets carry the address of this very page, by number where the name could be another machine', () => {
  const local = { protocol: 'http:', host: 'localhost:3000', hostname: 'localhost' }
  expect(listeningOrigin(local)).toBe(origin)
  const named = { protocol: 'https:', host: 'tail.example.com', hostname: 'tail.example.com' }
  expect(listeningOrigin(named)).toBe('https://tail.example.com')
  for (const language of languages) {
    expect(snippetOf(language, origin, true)).toContain(`${origin}/api`)
  }
  expect(snippetOf('Node', origin, true)).toContain(`urls: { events: '${origin}/api', telemetry: '${origin}/api' }`)
})

test('W3 the command has a key that works where any does, and a gap to fill where only some do', () => {
  expect(snippetOf('curl', origin, true)).toContain('Bearer flagtail-test-impression')
  expect(snippetOf('curl', origin, false)).toContain('Bearer <an SDK key of the config file>')
})
