// How the project's own tests run. The checks that students meet are in checker/checks and run with lab-check.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['checker/src/**/*.test.ts', 'labs/kit/**/*.test.ts', 'docs/build/**/*.test.ts'],
    globalSetup: 'checker/src/testing/build-workbook.ts',
    // Most of the time goes into the processes that the tests start, so more workers than cores would only wait.
    pool: 'threads',
    maxWorkers: 2,
    maxConcurrency: 3,
    // A loaded machine is not a failing test.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: process.env.CI ? 1 : 0,
    env: { NO_COLOR: '1' },
  },
})
