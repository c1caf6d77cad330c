import { expect, test } from 'vitest'
import { busFailure, describe, isAnswer, isReadOnly, isUnknownScript } from './failure.ts'

function reply(message: string): Error {
  const error = new Error(message)
  error.name = 'ReplyError'
  return error
}

const wrapped = reply(
  "ERR Error running script (call to f_1): @user_script:15: -READONLY You can't write against a replica.",
)

test.each([
  [reply('OOM command not allowed'), 'Redis is out of memory (its maxmemory): OOM command not allowed'],
  [reply('LOADING Redis is loading'), 'Redis is still loading its dump: LOADING Redis is loading'],
  [reply('MOVED 1 10.0.0.1:7001'), 'another server of the Redis cluster has this log now: MOVED 1 10.0.0.1:7001'],
  [wrapped, `Redis is a read-only replica: ${wrapped.message}`],
  [reply('ERR something else'), 'ERR something else'],
  [new Error('Command timed out'), 'Redis did not answer in time'],
  [new Error('connect ECONNREFUSED'), 'connect ECONNREFUSED'],
  [Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [new Error(''), 'Error'],
  ['nonsense', 'nonsense'],
])('%s is described as %s', (error, message) => {
  expect(describe(error)).toBe(message)
})

test('what Redis answered is told from what it did not', () => {
  expect([isAnswer(reply('ERR no')), isAnswer(new Error('Command timed out')), isAnswer('x')]).toEqual([
    true,
    false,
    false,
  ])
  expect([isReadOnly(wrapped), isReadOnly(reply('READONLY no')), isReadOnly(reply('ERR no'))]).toEqual([
    true,
    true,
    false,
  ])
  expect([isUnknownScript(reply('NOSCRIPT No matching script')), isUnknownScript(new Error('NOSCRIPT'))]).toEqual([
    true,
    false,
  ])
})

test('a command without a connection says why there is none', () => {
  const error = new Error("Stream isn't writeable and enableOfflineQueue options is false")
  expect(busFailure(error, 'connect ECONNREFUSED').error.message).toBe('no connection to Redis: connect ECONNREFUSED')
  expect(busFailure(error).error).toEqual({ reason: 'down', message: 'no connection to Redis' })
  expect(busFailure(new Error('Connection is closed.')).error.message).toBe('no connection to Redis')
  expect(busFailure(reply('OOM no'), 'an old error').error.message).toBe(
    'Redis is out of memory (its maxmemory): OOM no',
  )
})

test('where a log has moved to is told, also by a transaction that was discarded for it', () => {
  const moved = reply('MOVED 2675 10.0.0.1:7001')
  expect(busFailure(moved).error.movedTo).toBe('10.0.0.1:7001')
  const discarded = Object.assign(reply('EXECABORT Transaction discarded because of previous errors.'), {
    previousErrors: [moved],
  })
  expect(busFailure(discarded).error).toEqual(busFailure(moved).error)
  expect(busFailure(reply('MOVED 2675 :7001')).error.movedTo).toBe(':7001')
  expect(busFailure(reply('ASK 2675 10.0.0.1:7001')).error).not.toHaveProperty('movedTo')
})
