import type { View } from './tail/view.ts'

export const maskedMeaning =
  'You see a mask in place of each key, the same for the same key, and no properties and addresses. Filter a key by its exact value.'

/** Says once where keys are masked; nothing where none are. */
export function maskedText(environments: View['environments']): string | undefined {
  const masked = environments.filter((environment) => environment.masked).map(({ name }) => name)
  const [first, second, ...others] = masked
  if (first === undefined) return undefined
  if (masked.length === environments.length && second !== undefined) return 'keys are masked'
  if (second === undefined) return `keys of ${first} are masked`
  return others.length === 0
    ? `keys of ${first} and ${second} are masked`
    : `keys of ${first} and ${masked.length - 1} others are masked`
}
