import type { SeenEnvironment } from '../../domain/protocol.ts'

/** Whether everything that may be seen is masked, so that a filter for what is hidden is a mistake. */
export function onlyMasked(environments: readonly SeenEnvironment[]): boolean {
  return environments.length > 0 && environments.every((environment) => environment.masked)
}
