/** How well a text answers to what was typed, and which of its characters do. */
export type Match = { readonly score: number; readonly marks: readonly number[] }

const wordStart = 8
const inRow = 5
const early = 0.05

/**
 * Finds the characters of a query in a text, in order and in any case, each word of the query for itself; beginnings of words
 * and runs count more. `undefined` when one is missing; an empty query is found in everything.
 */
export function fuzzyMatch(query: string, text: string): Match | undefined {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const lower = text.toLowerCase()
  const small = lower.length === text.length ? lower : text // some letters are two in small, and places would not fit
  const found = words.map((word) => bestRun(word, small))
  const marks: number[] = []
  let score = 0
  for (const run of found) {
    if (!run) return undefined
    score += run.score
    marks.push(...run.marks)
  }
  return { score, marks: [...new Set(marks)].sort((a, b) => a - b) }
}

/** The best of the runs that begin at each place where the first character stands. */
function bestRun(word: string, text: string): Match | undefined {
  let best: Match | undefined
  for (let from = text.indexOf(word[0] ?? ''); from !== -1; from = text.indexOf(word[0] ?? '', from + 1)) {
    const run = runFrom(word, text, from)
    if (!run) break // what is missing from here on is missing from later on
    if (!best || run.score > best.score) best = run
  }
  return best
}

function runFrom(word: string, text: string, from: number): Match | undefined {
  const marks: number[] = []
  let score = -from * early
  let at = from - 1
  for (const character of word) {
    const next = text.indexOf(character, at + 1)
    if (next === -1) return undefined
    score += 1 + (isWordStart(text, next) ? wordStart : 0) + (next === at + 1 && marks.length > 0 ? inRow : 0)
    for (let unit = 0; unit < character.length; unit++) marks.push(next + unit)
    at = next + character.length - 1
  }
  return { score, marks }
}

/** A text in parts, those apart that were found. */
export function markedParts(text: string, marks: readonly number[]): readonly { text: string; marked: boolean }[] {
  const marked = new Set(marks)
  const parts: { text: string; marked: boolean }[] = []
  for (let index = 0; index < text.length; index++) {
    const last = parts.at(-1)
    if (last?.marked === marked.has(index)) last.text += text[index]
    else parts.push({ text: text[index] ?? '', marked: marked.has(index) })
  }
  return parts
}

function isWordStart(text: string, index: number): boolean {
  return index === 0 || /[\s_\-.:/(]/.test(text[index - 1] ?? '')
}
