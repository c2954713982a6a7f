// Loaded before every test file of a student, into the process that runs it.
import { afterAll, beforeEach, onTestFailed, vi } from 'vitest'

// As in preload.cjs: a loop that prints waits for its reader, and does not fill the memory.
for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true)

/** One failure in a file is all that anybody asks for: what comes after it is skipped. */
let failed = false

beforeEach(({ skip }) => {
  if (failed) skip()
  onTestFailed(() => {
    failed = true
  })
})

// The next file runs in the same process.
afterAll(() => {
  vi.useRealTimers()
})
