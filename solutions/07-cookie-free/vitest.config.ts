// How the tests of this lab run: `npx vitest run --root labs/07-cookie-free`. Given: nothing to do here.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Otherwise a folder node_modules comes into this one.
  cacheDir: '../../node_modules/.cache/vitest',
  test: { include: ['reflections.test.ts'] },
})
