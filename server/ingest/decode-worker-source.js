import { register } from 'tsx/esm/api'

/** Starts the thread from its TypeScript source, in development and in tests: a thread does not have what its process has. */
register()
await import('./decode-worker.ts')
