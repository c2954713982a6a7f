// Lab 7: for each wrong app there is a plausible test that lets it through. The tests of the solution catch them all:
// `npm run verify 7` proves that.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { rowOf, textOf, weakTests } from '../../checks/07-cookie-free/weak-tests.ts'
import { findWrongApp, wrongApps } from '../../checks/07-cookie-free/wrong-apps.ts'
import { openRun } from '../app/run-folder.ts'
import { findLab, root } from '../lab/lab.ts'
import { makeFolder } from '../testing/workbook.ts'
import { mistakenText } from '../verify/submission-proof.ts'
import { judgeTests, type Pair } from './judge-tests.ts'

const lab = findLab('7')
const helper = path.join(lab.solutionFolder, 'session-helper.ts')

test('a weak test passes with the right app, and with the wrong one that it is about', async () => {
  const run = openRun()
  onTestFinished(() => run.close())
  const pairs = weakTests.flatMap((weak): Pair[] => {
    const entry = path.join(makeFolder({ 'weak.test.ts': textOf(weak) }), 'weak.test.ts')
    const tests = { entry, helper, ofTheApp: [] }
    const wrong = findWrongApp(weak.lets)
    const changed = { file: wrong.file, text: mistakenText(lab, wrong) }
    return [
      { id: `${weak.lets}-right`, app: { folder: lab.solutionFolder }, tests },
      { id: `${weak.lets}-wrong`, app: { folder: lab.solutionFolder, changed }, tests },
    ]
  })
  const outcome = judgeTests(run, new AbortController().signal, pairs)
  const outcomes = await Promise.all(pairs.map(async ({ id }) => [id, await outcome(id)] as const))
  expect(outcomes.filter(([, { state }]) => state !== 'passed')).toEqual([])
})

test('each wrong app that the given seven tests miss has a weak test, and a row in the notes on the solution', () => {
  const missed = wrongApps.filter(({ fails }) => fails === 'tests-refuse')
  expect(weakTests.map(({ lets }) => lets)).toEqual(missed.map(({ id }) => id))
  const rows = weakTests.map((weak) => rowOf(weak, findWrongApp(weak.lets).says)).join('\n')
  expect(readFileSync(path.join(root, 'solutions', '07-cookie-free', 'NOTES.md'), 'utf8')).toContain(rows)
})
