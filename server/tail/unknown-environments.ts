import { fieldValues } from '../../domain/filter/edit.ts'
import type { Filter } from '../../domain/filter/filter.ts'
import type { Environment } from '../../domain/impression.ts'

/** A filter may name an environment that is not there (yet): no error, but whoever waits for its rows should know. */
export function unknownEnvironments(filter: Filter, environments: readonly Environment[]): readonly string[] {
  const known = new Set(environments.flatMap(({ id, name }) => [id, name]))
  return fieldValues(filter, 'env').filter((value) => !known.has(value))
}
