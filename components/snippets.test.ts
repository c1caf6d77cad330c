import { expect, test } from 'vitest'
import { curlSnippet, listeningOrigin, nodeSnippet } from './snippets.ts'

test('U40 the snippets carry the address of this very page, by number where the name could be another machine', () => {
  const local = { protocol: 'http:', host: 'localhost:3000', hostname: 'localhost' }
  expect(listeningOrigin(local)).toBe('http://127.0.0.1:3000')
  const named = { protocol: 'https:', host: 'tail.example.com', hostname: 'tail.example.com' }
  expect(listeningOrigin(named)).toBe('https://tail.example.com')
  expect(nodeSnippet('http://127.0.0.1:3000')).toContain("urls: { events: 'http://127.0.0.1:3000/api', telemetry: ")
  expect(curlSnippet('http://127.0.0.1:3000')).toContain('http://127.0.0.1:3000/api/testImpressions/bulk')
})
