import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CheckMeta } from '../check/check.ts'
import type { Lab } from '../lab/lab.ts'
import { makeFolder } from '../testing/workbook.ts'
import { proveCourse } from './course-proof.ts'
import type { Mistake } from './mistake.ts'

const HINTS: CheckMeta['hints'] = [
  'A first hint that is long enough.',
  'A second hint that is long enough.',
  'A third hint that is long enough.',
]

const check = (changes: Partial<CheckMeta> = {}): CheckMeta => ({
  id: 'opens',
  name: 'it opens',
  step: 1,
  points: 1,
  hints: HINTS,
  log: [],
  ...changes,
})

const mistake = (id: string, fails = 'opens'): Mistake => ({
  id,
  says: 'It is wrong.',
  fails,
  file: 'server.ts',
  change: [],
})

const ENOUGH = Array.from({ length: 12 }, (_, index) => mistake(`mistake-${index}`))

const WHOLE = {
  'labs/README.md': '# Lab\n\n## Step 1: Begin\n\nText.\n\n**Checks:** `opens`.\n',
  'labs/server.ts': '// TODO(1): begin.\n',
  'labs/pages.ts': 'same\n',
  'solutions/server.ts': 'begun\n',
  'solutions/pages.ts': 'same\n',
}

/** The faults of a lab that has none but for what is given. */
function faults({
  files = {},
  checks = [check()],
  mistakes = ENOUGH,
  alternatives = ['a', 'b', 'c', 'd', 'e'],
}: {
  files?: Record<string, string>
  checks?: CheckMeta[]
  mistakes?: Mistake[]
  alternatives?: string[]
} = {}): string[] {
  const folder = makeFolder({ ...WHOLE, ...files })
  const lab: Lab = {
    number: 42,
    id: '42-tiny',
    title: 'Tiny',
    workFolder: path.join(folder, 'labs'),
    solutionFolder: path.join(folder, 'solutions'),
    chapter: path.join(folder, 'labs', 'README.md'),
    instances: 1,
    redis: false,
    checkEnvironment: {},
    port: 3042,
  }
  return proveCourse(lab, checks, mistakes, alternatives, [])
}

describe('the proof that a lab hangs together', () => {
  test('has nothing to say of a lab that does', () => {
    expect(faults()).toEqual([])
  })

  test('finds a check without three different hints', () => {
    expect(faults({ checks: [check({ hints: [HINTS[0], HINTS[0], HINTS[2]] })] })).toEqual([
      'Check "opens" needs three hints.',
    ])
    expect(faults({ checks: [check({ hints: [HINTS[0], HINTS[1], ''] })] })).toHaveLength(1)
  })

  test('finds two checks, and two mistakes, of one name', () => {
    expect(faults({ checks: [check(), check()] })).toContain('Two checks are called "opens".')
    expect(faults({ mistakes: [...ENOUGH, mistake('mistake-0')] })).toEqual([
      'Two mistakes are called "mistake-0".',
    ])
  })

  test('finds points that are not whole', () => {
    expect(faults({ checks: [check({ points: 0.5 })] })).toEqual(['Check "opens" is worth 0.5 points.'])
    expect(faults({ checks: [check({ points: -1 })] })).toHaveLength(1)
  })

  test('finds a check that needs one that is not before it', () => {
    expect(faults({ checks: [check({ needs: ['later'] })] })).toEqual([
      'Check "opens" needs "later", which is not before it.',
    ])
  })

  test('finds a check that no mistake shows to be needed, and a mistake for no check', () => {
    const mistakes = ENOUGH.map((one) => ({ ...one, fails: 'other' }))
    expect(faults({ mistakes })).toContain('No mistake is caught by check "opens".')
    expect(faults({ mistakes })).toContain('Mistake "mistake-0" is for "other", which lab 42 has not.')
  })

  test('finds too few mistakes or alternatives', () => {
    expect(faults({ mistakes: ENOUGH.slice(1), alternatives: ['a'] })).toEqual([
      'There are 11 mistakes; at least 12 are wanted.',
      'There are 1 alternatives; at least 5 are wanted.',
    ])
  })

  test('finds a TODO without a step, a step without a TODO, and a step without a check', () => {
    expect(faults({ files: { 'labs/server.ts': '// TODO(1): x\n// TODO(7): y\n' } })).toEqual([
      'TODO(7) has no "## Step 7: …" in the chapter.',
    ])
    const chapter = `${WHOLE['labs/README.md']}\n## Step 2: Go on\n`
    expect(faults({ files: { 'labs/README.md': chapter } })).toEqual([
      'Step 2 of the chapter has no TODO(2) in the starter.',
      'Step 2 of the chapter has no check.',
    ])
  })

  test('finds a check whose step is not there, or does not name it', () => {
    expect(faults({ checks: [check(), check({ id: 'other', step: 3 })] })).toContain(
      'Check "other" is for step 3, which the chapter has not.',
    )
    const chapter = WHOLE['labs/README.md'].replace('`opens`', '`open`')
    expect(faults({ files: { 'labs/README.md': chapter } })).toEqual([
      'Step 1 does not name its check "opens".',
    ])
  })

  test('finds files that are not in both places, and given files that differ', () => {
    expect(faults({ files: { 'labs/extra.ts': '' } })).toEqual([
      expect.stringMatching(/^extra\.ts is not in both /),
    ])
    expect(faults({ files: { 'solutions/pages.ts': 'other\n' } })).toEqual([
      'pages.ts has no TODO, but starter and solution differ.',
    ])
  })

  test('finds a TODO that was left in the solution', () => {
    expect(faults({ files: { 'solutions/server.ts': '// TODO(1): begin.\n' } })).toEqual([
      expect.stringMatching(/solutions\/server\.ts still has a TODO\.$/),
    ])
  })
})
