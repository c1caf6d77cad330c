import type { Environment } from '../domain/impression.ts'
import type { Config } from './config.ts'

/** The one environment of open mode. */
export const openEnvironment: Environment = { id: 'development', name: 'development' }

/** The environments without their keys. */
export function environmentsOf(config: Config): readonly Environment[] {
  if (config.environments === 'open') return [openEnvironment]
  return config.environments.map(({ sdkKeys: _, ...environment }) => environment)
}
