import { expect, test } from 'vitest'
import { Circuit } from './circuit.ts'

function givenCircuit() {
  let nowMs = 5000
  const circuit = new Circuit({ failuresToOpen: 3, halfOpenMs: 1000, monotonicMs: () => nowMs })
  const fail = (times: number): void => {
    for (let time = 0; time < times; time++) circuit.fail()
  }
  const pass = (ms: number): void => {
    nowMs += ms
  }
  return { circuit, fail, pass }
}

test('a circuit opens at so many failures in a row', () => {
  const { circuit, fail } = givenCircuit()
  fail(2)
  circuit.succeed()
  fail(2)
  expect([circuit.isOpen, circuit.admits()]).toEqual([false, true])
  fail(1)
  expect([circuit.isOpen, circuit.admits()]).toEqual([true, false])
})

test('an open circuit admits one try per half-open time', () => {
  const { circuit, fail, pass } = givenCircuit()
  fail(3)
  pass(999)
  expect(circuit.admits()).toBe(false)
  pass(1)
  expect([circuit.admits(), circuit.admits()]).toEqual([true, false])
  pass(1000)
  expect([circuit.admits(), circuit.admits()]).toEqual([true, false])
})

test('a try that fails closes the door for another while, one that succeeds opens it to all', () => {
  const { circuit, fail, pass } = givenCircuit()
  fail(3)
  pass(1000)
  circuit.admits()
  pass(600)
  fail(1)
  pass(999)
  expect(circuit.admits()).toBe(false)
  pass(1)
  circuit.succeed()
  expect([circuit.isOpen, circuit.admits(), circuit.admits()]).toEqual([false, true, true])
})
