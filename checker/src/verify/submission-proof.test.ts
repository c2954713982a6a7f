import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CheckRecord } from '../check/record.ts'
import type { Lab } from '../lab/lab.ts'
import { record, result } from '../testing/samples.ts'
import { makeFolder } from '../testing/workbook.ts'
import type { Mistake } from './mistake.ts'
import { makeMistake, mistakeFaults, passFaults, starterFaults, type Verdict } from './submission-proof.ts'

const MISTAKE: Mistake = {
  id: 'no-age',
  says: 'The cookie has no age.',
  fails: 'persistent',
  file: 'server.ts',
  change: [],
}

const TROUBLE = { kind: 'crash', sentence: 'It ended.', detail: [], advice: '' }

const verdict = (exitStatus: number, records: CheckRecord[], trouble = false): Verdict => ({
  exitStatus,
  result: result(records, trouble ? { trouble: TROUBLE } : {}),
  output: '',
})
const nothing = (exitStatus: number): Verdict => ({ exitStatus, result: undefined, output: 'broken' })

const passes = record({ id: 'opens' })
const fails = (id: string, changes: Partial<CheckRecord> = {}) =>
  record({
    id,
    status: 'fail',
    why: { did: [], expected: 'E.', got: 'G.', detail: [] },
    ...changes,
  })

describe('making a mistake', () => {
  const solution = makeFolder({
    'server.ts': 'const age = 60\nconst size = 4096\nserve(age)\n',
    'pages.ts': 'page\n',
  })
  const lab = { solutionFolder: solution } as Lab
  const change = (...changes: Mistake['change']) => {
    const folder = path.join(makeFolder(), 'deep', 'mistake')
    makeMistake(lab, { ...MISTAKE, change: changes }, folder)
    return folder
  }

  test('copies the solution and changes it in that copy only', () => {
    const folder = change(['age = 60', 'age = 0'], ['4096', '40960'])
    expect(readFileSync(path.join(folder, 'server.ts'), 'utf8')).toBe(
      'const age = 0\nconst size = 40960\nserve(age)\n',
    )
    expect(existsSync(path.join(folder, 'pages.ts'))).toBe(true)
    expect(readFileSync(path.join(solution, 'server.ts'), 'utf8')).toContain('age = 60')
  })

  test('takes the new text to the letter, dollar signs included', () => {
    const folder = change(['serve(age)', "serve('$&$1$$')"])
    expect(readFileSync(path.join(folder, 'server.ts'), 'utf8')).toContain("serve('$&$1$$')")
  })

  test('is an error when the text is not there, or is there more than once', () => {
    expect(() => change(['gone', ''])).toThrow(
      'Mistake "no-age": this is 0 times in server.ts, not once: gone',
    )
    expect(() => change(['age', ''])).toThrow('this is 2 times in server.ts')
  })
})

describe('the proof of a mistake', () => {
  test('holds when its check fails and no other; what waits for it may be blocked', () => {
    const records = [passes, fails('persistent'), record({ id: 'later', status: 'blocked' })]
    expect(mistakeFaults(MISTAKE, verdict(1, records))).toEqual([])
  })

  test('holds for advice, which fails no run', () => {
    expect(mistakeFaults(MISTAKE, verdict(0, [passes, fails('persistent', { maxPoints: 0 })]))).toEqual([])
  })

  test.each<[string, Verdict]>([
    ['nothing fails', verdict(0, [passes])],
    ['another check fails', verdict(1, [fails('opens')])],
    ['another check fails as well', verdict(1, [fails('opens'), fails('persistent')])],
    ['the check breaks', verdict(3, [fails('persistent', { status: 'error' })])],
    ['the exit status is not that of a failure', verdict(0, [passes, fails('persistent')])],
    ['the app does not start', verdict(1, [record({ id: 'persistent', status: 'blocked' })], true)],
    ['there is no result', nothing(1)],
  ])('does not hold when %s', (_what, given) => {
    expect(mistakeFaults(MISTAKE, given).join()).not.toBe('')
  })
})

describe('the proof of a starter', () => {
  test('holds when it starts, passes the first check and fails', () => {
    expect(starterFaults(verdict(1, [passes, fails('set-cookie')]))).toEqual([])
  })

  test.each<[string, Verdict]>([
    ['it passes', verdict(0, [passes])],
    ['it fails at the first check', verdict(1, [fails('opens'), passes])],
    ['it does not start', verdict(1, [record({ status: 'blocked' })], true)],
    ['the checker breaks', verdict(3, [passes, record({ status: 'error' })])],
    ['there is no result', nothing(1)],
  ])('does not hold when %s', (_what, given) => {
    expect(starterFaults(given).join()).not.toBe('')
  })
})

describe('the proof of a right submission', () => {
  test('holds when it passes', () => {
    expect(passFaults(verdict(0, [passes]))).toEqual([])
  })

  test('does not hold otherwise, and names each check that failed, with its words', () => {
    expect(passFaults(verdict(1, [passes, fails('counts')])).join('\n')).toContain('counts: fail. E. G.')
    expect(passFaults(verdict(1, [], true)).join()).toContain('It ended.')
    expect(passFaults(nothing(3)).join()).toContain('broken')
  })
})
