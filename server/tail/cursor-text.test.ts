import { expect, test } from 'vitest'
import { beginning, type Cursor } from '../../domain/chain.ts'
import { printCursor, readCursor } from './cursor-text.ts'
import { cursorMessage, readMessage } from './messages.ts'

const cursor: Cursor = [
  { environmentId: 'read', epoch: 'e1', offset: 3, id: 'b3', cumulative: 30 },
  beginning('begun', 'e2'),
  beginning('unknown'),
]

test('T2 a cursor comes back as it was printed, whether a log was read, has only begun, or is not known', () => {
  expect(readCursor(printCursor(cursor))).toEqual({ ok: true, value: cursor })
})

test('F13 a cursor on the socket is taken whether a log was read, has only begun, or is not known', () => {
  expect(readMessage(cursorMessage, JSON.parse(JSON.stringify(cursor)))).toEqual({ ok: true, value: cursor })
})

test.each([
  { environmentId: 'a', epoch: '', offset: 0, cumulative: 0 },
  { environmentId: 'a', epoch: 7, offset: 0, cumulative: 0 },
  { environmentId: 'a', epoch: 'e', offset: 0, cumulative: 5 },
  { environmentId: 'a', epoch: 'e', offset: 2, cumulative: 5 },
  { environmentId: 'a', offset: 2, id: 'b2', cumulative: 5 },
])('F13 %o is no position', (position) => {
  expect(readMessage(cursorMessage, [position]).ok).toBe(false)
})
