// What came of one test file with one app.

/** As a line of checker/bin/run-tests.js says it. */
export interface FileReport {
  /** Relative to the folder of all. */
  file: string
  tests: { name: string; state: 'passed' | 'failed' | 'skipped' | 'pending'; message?: string }[]
  /** What went wrong outside of any test. */
  errors: string[]
}

export interface Failure {
  test: string
  /** The first line of what the assertion said. */
  message: string
}

/** `broken`: it came to no verdict. That is never a failure that a test has noticed. */
export type Outcome =
  | {
      state: 'passed'
      tests: number /** Those that did not run; left out when there are none. */
      skipped?: number
    }
  | { state: 'failed'; failures: Failure[] }
  | { state: 'broken'; because: string; detail?: string[] }

export function outcomeOf({ tests, errors }: FileReport): Outcome {
  const failures = tests
    .filter((test) => test.state === 'failed')
    .map(({ name, message }) => ({ test: name.replaceAll(' > ', ', '), message: firstLine(message) }))
  if (failures.length > 0) return { state: 'failed', failures }
  if (errors.length > 0) return { state: 'broken', because: firstLine(errors[0]) }
  const passed = tests.filter((test) => test.state === 'passed').length
  if (passed === 0) return { state: 'broken', because: 'no test ran' }
  const skipped = tests.length - passed
  return { state: 'passed', tests: passed, ...(skipped > 0 ? { skipped } : {}) }
}

function firstLine(message = 'no reason was given'): string {
  const [first = ''] = message.split('\n')
  // Vitest's own way to say which comparison it was.
  return first.replace(/ \/\/ .*$/, '').trim()
}
