/** What one `?` is in a run. */
export const anyOne = -1

/** The code points of a stretch of a glob without `*`. */
export type Run = readonly number[]

const wordBits = 32

/** Prepares where the run ends when it begins with the value; −1 when it does not. */
export function beginner(run: Run): (value: string) => number {
  if (run.includes(anyOne)) return (value) => runEnd(run, value)
  const literal = String.fromCodePoint(...run)
  return (value) => (value.startsWith(literal) && !halvesPair(value, literal.length) ? literal.length : -1)
}

function runEnd(run: Run, value: string): number {
  let at = 0
  for (const wanted of run) {
    const codePoint = value.codePointAt(at)
    if (codePoint === undefined || (wanted !== codePoint && wanted !== anyOne)) return -1
    at += codePoint > 0xffff ? 2 : 1
  }
  return at
}

/** Prepares where the run begins when it ends with the value; −1 when it does not. */
export function ender(run: Run): (value: string) => number {
  if (run.includes(anyOne)) return (value) => runStart(run, value)
  const literal = String.fromCodePoint(...run)
  return (value) => {
    const start = value.length - literal.length
    return value.endsWith(literal) && !halvesPair(value, start) ? start : -1
  }
}

function runStart(run: Run, value: string): number {
  let at = value.length
  for (let index = run.length - 1; index >= 0; index--) {
    const wanted = run[index]
    at -= halvesPair(value, at - 1) ? 2 : 1
    if (at < 0 || (wanted !== anyOne && wanted !== value.codePointAt(at))) return -1
  }
  return at
}

/** Prepares the search for where the run first ends when it begins at or after a place; the search answers −1 for nowhere. */
export function finder(run: Run): (value: string, from: number) => number {
  if (run.length === 0) return (_, from) => from
  if (run.length > wordBits || run.includes(anyOne)) return wildFinder(run)
  const literal = String.fromCodePoint(...run)
  return (value, from) => {
    for (let at = value.indexOf(literal, from); at >= 0; at = value.indexOf(literal, at + 1)) {
      const end = at + literal.length
      if (!halvesPair(value, at) && !halvesPair(value, end)) return end
    }
    return -1
  }
}

/**
 * Follows all places where the run may have begun at once, a bit for each ("bitap"): bit n is set while the last n + 1
 * code points of the value are the first n + 1 of the run. A long run that keeps almost matching costs no more than others.
 */
function wildFinder(run: Run): (value: string, from: number) => number {
  const masks = masksOf(run)
  const others = masks.get(anyOne) ?? new Int32Array(0)
  const state = new Int32Array(others.length)
  const lastWord = others.length - 1
  const lastBit = 1 << (run.length - 1)
  return (value, from) => {
    state.fill(0)
    for (let at = from; at < value.length; ) {
      const codePoint = value.codePointAt(at) ?? 0
      at += codePoint > 0xffff ? 2 : 1
      advance(state, masks.get(codePoint) ?? others)
      if (((state[lastWord] ?? 0) & lastBit) !== 0) return at
    }
    return -1
  }
}

function advance(state: Int32Array, mask: Int32Array): void {
  let carry = 1
  for (let word = 0; word < state.length; word++) {
    const before = state[word] ?? 0
    state[word] = ((before << 1) | carry) & (mask[word] ?? 0)
    carry = before >>> (wordBits - 1)
  }
}

/** For each code point of the run, the bits of the places where it may stand; those of `anyOne` are for all others. */
function masksOf(run: Run): ReadonlyMap<number, Int32Array> {
  const wild = new Int32Array(Math.ceil(run.length / wordBits))
  for (const [index, wanted] of run.entries()) if (wanted === anyOne) setBit(wild, index)
  const masks = new Map([[anyOne, wild]])
  for (const [index, wanted] of run.entries()) {
    const mask = masks.get(wanted) ?? wild.slice()
    setBit(mask, index)
    masks.set(wanted, mask)
  }
  return masks
}

function setBit(bits: Int32Array, index: number): void {
  const word = Math.floor(index / wordBits)
  bits[word] = (bits[word] ?? 0) | (1 << index) // << takes the index modulo 32
}

/** Whether a cut at this place would halve a surrogate pair. */
function halvesPair(value: string, at: number): boolean {
  return at > 0 && (value.codePointAt(at - 1) ?? 0) > 0xffff
}
