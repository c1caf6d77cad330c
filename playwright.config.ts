import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/tools.ts'

export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  fullyParallel: true,
  workers: 2,
  timeout: 120_000, // axe looks at everything, and machines are shared
  expect: { timeout: 20_000 },
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: findChromium(), args: ['--disable-background-networking'] },
    trace: 'retain-on-failure',
  },
})
