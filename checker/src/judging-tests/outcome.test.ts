import { describe, expect, test } from 'vitest'
import { type FileReport, outcomeOf } from './outcome.ts'

function report(changes: Partial<FileReport>): FileReport {
  return { file: 'one/run.test.js', tests: [], errors: [], ...changes }
}

const passed = { name: 'a vote > counts', state: 'passed' as const }
const failed = {
  name: 'a vote > counts once',
  state: 'failed' as const,
  message: "expected 'success' to be 'captcha' // Object.is equality\n\nmore",
}

describe('the outcome of a test file', () => {
  test('is passed when some tests ran and none failed', () => {
    const skipped = { name: 'later', state: 'skipped' as const }
    expect(outcomeOf(report({ tests: [passed, skipped] }))).toEqual({ state: 'passed', tests: 1, skipped: 1 })
  })

  test('is failed when one did, with its name and what it said', () => {
    const failures = [{ test: 'a vote, counts once', message: "expected 'success' to be 'captcha'" }]
    expect(outcomeOf(report({ tests: [passed, failed] }))).toEqual({ state: 'failed', failures })
    expect(outcomeOf(report({ tests: [failed], errors: ['late'] }))).toEqual({ state: 'failed', failures })
  })

  test('is broken, and not failed, when nothing ran or something went wrong outside of the tests', () => {
    expect(outcomeOf(report({}))).toEqual({ state: 'broken', because: 'no test ran' })
    expect(outcomeOf(report({ tests: [{ name: 'later', state: 'skipped' }] })).state).toBe('broken')
    expect(outcomeOf(report({ tests: [passed], errors: ['No such file\nat …'] }))).toEqual({
      state: 'broken',
      because: 'No such file',
    })
  })
})
