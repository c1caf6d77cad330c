import { defineConfig } from '@playwright/test'
import { findHeadless } from './scripts/tools.ts'

export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  fullyParallel: true,
  workers: 1, // two at once take as long together, and each of them twice as long
  timeout: 120_000, // axe looks at everything, and machines are shared
  expect: { timeout: 20_000 },
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: findHeadless(), args: ['--disable-background-networking'] },
    trace: 'off', // costs a quarter of the time; a failure is looked at with --trace=retain-on-failure
    screenshot: 'only-on-failure',
  },
})
