import { expect, test } from 'vitest'
import { Closing } from './closing.ts'

test('C12 what was opened is closed in reverse, one after the other', async () => {
  const closing = new Closing()
  const told: string[] = []
  for (const name of ['bus', 'http', 'sockets']) {
    closing.add(name, async () => {
      told.push(`${name} closes`)
      await new Promise(setImmediate)
      told.push(`${name} closed`)
    })
  }
  await closing.close()
  expect(told).toEqual(['sockets closes', 'sockets closed', 'http closes', 'http closed', 'bus closes', 'bus closed'])
})

test('C12 a part that fails does not keep the others open, and all failures are told together', async () => {
  const closing = new Closing()
  const closed: string[] = []
  closing.add('bus', () => void closed.push('bus'))
  closing.add('http', () => Promise.reject(new Error('stuck')))
  closing.add('pages', () => {
    throw new Error('gone')
  })
  const failure: unknown = await closing.close().catch((error: unknown) => error)
  expect(closed).toEqual(['bus'])
  expect(failure).toBeInstanceOf(AggregateError)
  const { errors } = failure as AggregateError
  expect(errors.map(({ message, cause }) => `${message}: ${cause.message}`)).toEqual([
    'could not close pages: gone',
    'could not close http: stuck',
  ])
})

test('C12 each part is closed once, however often closing is asked for, and none is forgotten', async () => {
  const closing = new Closing()
  let finish = (): void => {}
  let closes = 0
  closing.add('first', () => void closes++)
  closing.add('slow', () => {
    closes++
    return new Promise<void>((resolve) => {
      finish = resolve
    })
  })
  const both = Promise.all([closing.close(), closing.close().then(() => closes)])
  finish()
  expect(await both).toEqual([undefined, 2])
  await closing.close()
  expect(closes).toBe(2)
})
