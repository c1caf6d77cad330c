import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{domain,server,components,scripts,bench}/**/*.test.ts'],
    isolate: false, // each file would load the same code again, a fifth of the time
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})
