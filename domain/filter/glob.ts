import { anyOne, beginner, ender, finder, type Run } from './glob-run.ts'

/**
 * Prepares a glob: whether it matches the whole of a value. Both are code points, so `?` is one and nothing matches half
 * of one. Each run between two `*` is taken as early as it fits and never reconsidered: at worst value × glob steps.
 */
export function compileGlob(glob: string): (value: string) => boolean {
  const runs = runsOf(glob)
  const begin = beginner(runs[0] ?? [])
  if (runs.length === 1) return (value) => begin(value) === value.length
  const close = ender(runs[runs.length - 1] ?? [])
  const middle = runs.slice(1, -1).map(finder)
  return (value) => {
    let at = begin(value)
    const end = at < 0 ? -1 : close(value)
    for (const find of middle) {
      if (at < 0 || at > end) return false
      at = find(value, at)
    }
    return at >= 0 && at <= end
  }
}

/** What stands before, between and after the stars. */
function runsOf(glob: string): readonly Run[] {
  const runs: number[][] = [[]]
  for (let at = 0; at < glob.length; ) {
    const escaped = glob.charAt(at) === '\\'
    const codePoint = glob.codePointAt(escaped ? at + 1 : at)
    if (codePoint === undefined) break
    const character = String.fromCodePoint(codePoint)
    if (character === '*' && !escaped) runs.push([])
    else runs.at(-1)?.push(character === '?' && !escaped ? anyOne : codePoint)
    at += character.length + (escaped ? 1 : 0)
  }
  return runs
}
