import { failed, ok, type Result } from '../result.ts'
import { fault } from './fault.ts'
import type { Comparison, FilterError, NumberField } from './filter.ts'
import type { Span } from './span.ts'

const significantDigits = 15
const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const operators: readonly Comparison['operator'][] = ['>=', '<=', '>', '<'] // the longer ones first
const numberAndUnit = /^(-?\d+(?:\.\d+)?)(ms|[smhd])?$/

/** Whether an unquoted value of `change` or `lag` is meant as a comparison. */
export function beginsComparison(text: string, at = 0): boolean {
  return text.charAt(at) === '>' || text.charAt(at) === '<'
}

/** Reads a comparison; the span is all of it. */
export function readComparison(source: string, span: Span, field: NumberField): Result<Comparison, FilterError> {
  const typed = source.slice(span.start, span.end)
  const operator = operators.find((candidate) => typed.startsWith(candidate))
  const parts = numberAndUnit.exec(typed.slice(operator?.length ?? 0))
  const unit = parts?.[2]
  if (operator === undefined || parts === null || (unit !== undefined && field !== 'lag')) {
    return failed(fault(source, span, 'not a comparison', example(field)))
  }
  const number = wholeOrAsIs(field, Number(parts[1]) * unitMs[isUnit(unit) ? unit : 'ms'])
  if (Number.isFinite(number) && isShort(parts[1] ?? '') && isShort(plainNumber(number))) {
    return ok({ operator, number })
  }
  const right = `at most ${significantDigits} significant digits${field === 'lag' ? ', in ms too' : ''}`
  return failed(fault(source, span, 'too long a number', right))
}

function isUnit(unit: string | undefined): unit is keyof typeof unitMs {
  return unit !== undefined && Object.hasOwn(unitMs, unit)
}

/** What a `change` or a `lag` may be compared with. */
export function example(field: NumberField): string {
  if (field === 'lag') return 'lag takes a comparison, as in lag:>500ms or lag:<=-2.5s (ms, s, m, h, d)'
  return 'write a number after > >= < or <=, as in change:>=1720000000000, or quote the text'
}

/** The number that a comparison of this field keeps: lag is whole ms; there is no −0. */
export function wholeOrAsIs(field: NumberField, number: number): number {
  return (field === 'lag' ? Math.round(number) : number) + 0
}

function isShort(number: string): boolean {
  const digits = number.replace('-', '').replace('.', '')
  let start = 0
  let end = digits.length
  while (digits.charAt(start) === '0') start++
  while (end > start && digits.charAt(end - 1) === '0') end--
  return end - start <= significantDigits
}

/** A finite number in decimals, never with an exponent. */
export function plainNumber(number: number): string {
  const [mantissa = '', exponent] = String(Math.abs(number)).split('e')
  if (exponent === undefined) return String(number)
  const digits = mantissa.replace('.', '')
  const point = 1 + Number(exponent) // a mantissa has one digit before its point
  const plain = point > 0 ? digits.padEnd(point, '0') : `0.${'0'.repeat(-point)}${digits}`
  return number < 0 ? `-${plain}` : plain
}
