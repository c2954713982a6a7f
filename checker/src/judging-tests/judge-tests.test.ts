import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openRun } from '../app/run-folder.ts'
import { root } from '../lab/lab.ts'
import { makeFolder } from '../testing/workbook.ts'
import { judgeTests } from './judge-tests.ts'

const HELPER = "import { limit } from './app.ts'\nexport const half = () => limit / 2\n"

function judge(tests: string, apps: Record<string, string>, backwards = false) {
  const run = openRun()
  onTestFinished(() => run.close())
  const folder = makeFolder({ 'run.test.ts': tests, 'session-helper.ts': HELPER })
  const helper = path.join(folder, 'session-helper.ts')
  const testFile = { entry: path.join(folder, 'run.test.ts'), helper, ofTheApp: [] }
  const pairs = Object.entries(apps).map(([id, text]) => ({
    id,
    app: { folder: makeFolder({ 'app.ts': text }) },
    tests: testFile,
    backwards,
  }))
  return judgeTests(run, new AbortController().signal, pairs)
}

describe('the tests of a student', () => {
  test('are tried with each app', async () => {
    const tests = `
      import { expect, test } from 'vitest'
      import { half } from './session-helper.ts'
      test('half of the limit', () => expect(half()).toBe(5))`
    const outcome = judge(tests, { right: 'export const limit = 10', wrong: 'export const limit = 12' })
    expect(await outcome('right')).toMatchObject({ state: 'passed' })
    expect(await outcome('wrong')).toMatchObject({ state: 'failed' })
  })

  test('can run from the last one to the first', async () => {
    const tests = `
      import { describe, expect, test } from 'vitest'
      const ran = []
      test('one', () => expect(ran.push('one')).toBe(3))
      describe('both', () => {
        test('two', () => expect(ran.push('two')).toBe(2))
        test('three', () => expect(ran.push('three')).toBe(1))
      })`
    const app = { right: 'export const limit = 10' }
    expect(await judge(tests, app, true)('right')).toMatchObject({ state: 'passed' })
    expect(await judge(tests, app)('right')).toMatchObject({ state: 'failed' })
  })

  test('are broken with all of them when they do not compile', async () => {
    const outcome = judge('const = 1', { right: 'export const limit = 10' })
    expect(await outcome('right')).toMatchObject({
      state: 'broken',
      because: expect.stringContaining('does not compile'),
    })
  })
})

test('the given tests of lab 7 are those of its starter', () => {
  const read = (...file: string[]) =>
    readFileSync(path.join(root, ...file), 'utf8')
      .replace(/import \{[^}]*\} from '[^']*session-helper\.ts'/, '')
      .replace(/\/\/ TODO.*\s*$/, '')
      .trim()
  expect(read('checker', 'checks', '07-cookie-free', 'given.test.ts')).toBe(
    read('labs', '07-cookie-free', 'reflections.test.ts'),
  )
})
