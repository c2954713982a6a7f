// The student's tests and session-helper.ts, run with apps of ours that are right and wrong.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Judged } from '../../src/check/judged.ts'
import type { TestFile } from '../../src/judging-tests/bundle.ts'
import { judgeTests, type Pair } from '../../src/judging-tests/judge-tests.ts'
import type { Outcome } from '../../src/judging-tests/outcome.ts'
import { root } from '../../src/lab/lab.ts'
import { makeMistake } from '../../src/verify/submission-proof.ts'
import { type WrongApp, wrongApps } from './wrong-apps.ts'

const TESTS = 'reflections.test.ts'
const HELPER = 'session-helper.ts'

/** Folders of right apps below checker/alternatives, and what they are called before the student. */
const OTHER_RIGHT_APPS = {
  'plain-node-http': 'a right app that says its refusals in other words, and has other ids',
  'hashes-in-one-row': 'a right app that keeps its tokens in another way',
}

export interface StudentTests {
  /** Whether the submission has these files. */
  hasTests: boolean
  hasHelper: boolean
  hasApp: boolean
  /** The seven given tests, with the student's helper and a right app that drops a save in silence. */
  given(): Promise<Outcome>
  /** Whether the helper's visitor goes on after `withSession`, with the same app. */
  goesOn(): Promise<Outcome>
  /** Whether the student's own app refuses to save a session that nothing leads back to. */
  loudSave(): Promise<Outcome>
  /** The student's tests with each right app. */
  right(): Promise<{ says: string; outcome: Outcome }[]>
  /** The student's tests with the wrong apps of a check. */
  wrong(check: string): Promise<{ app: WrongApp; outcome: Outcome }[]>
}

const started = new WeakMap<Judged, StudentTests>()

/** The tests of this run's submission. They start with the first call, and go on beside the checks. */
export function studentTests(judged: Judged): StudentTests {
  const tests = started.get(judged) ?? start(judged)
  started.set(judged, tests)
  return tests
}

function start({ run, closing, lab, folder }: Judged): StudentTests {
  const own = (name: string) => path.join(folder, name)
  const has = (name: string) => existsSync(own(name))
  const wrongFolder = run.folder('wrong-apps')
  for (const app of wrongApps) makeMistake(lab, app, path.join(wrongFolder, app.id))

  const ofTheApp = readdirSync(lab.solutionFolder).filter((name) => name !== TESTS && name !== HELPER)
  const testFile = (entry: string): TestFile => ({ entry, helper: own(HELPER), ofTheApp })
  const ours = (name: string) => testFile(path.join(root, 'checker', 'checks', lab.id, name))
  const students = testFile(own(TESTS))
  const silent = path.join(wrongFolder, 'silent-save')
  const alternatives = path.join(root, 'checker', 'alternatives', lab.id)
  const rightApps = [
    { id: '4-right-solution', says: 'the app of the solution', app: lab.solutionFolder },
    ...Object.entries(OTHER_RIGHT_APPS).map(([name, says]) => ({
      id: `4-right-${name}`,
      says,
      app: path.join(alternatives, name),
    })),
  ]

  const helped: Pair[] = [
    { id: '1-given', app: silent, tests: ours('given.test.ts') },
    { id: '2-goes-on', app: silent, tests: ours('goes-on.test.ts') },
  ]
  const judging: Pair[] = [
    ...rightApps.map(({ id, app }) => ({ id, app, tests: students })),
    ...wrongApps.map(({ id }) => ({ id: `5-wrong-${id}`, app: path.join(wrongFolder, id), tests: students })),
  ]
  const outcome = judgeTests(run, closing, [
    ...(has(HELPER) ? helped : []),
    ...(has('app.ts') ? [{ id: '3-loud-save', app: folder, tests: ours('loud-save.test.ts') }] : []),
    ...(has(HELPER) && has(TESTS) ? judging : []),
  ])
  return {
    hasTests: has(TESTS),
    hasHelper: has(HELPER),
    hasApp: has('app.ts'),
    given: () => outcome('1-given'),
    goesOn: () => outcome('2-goes-on'),
    loudSave: () => outcome('3-loud-save'),
    right: () => Promise.all(rightApps.map(async ({ id, says }) => ({ says, outcome: await outcome(id) }))),
    wrong: (check) =>
      Promise.all(
        wrongApps
          .filter((app) => app.fails === check)
          .map(async (app) => ({ app, outcome: await outcome(`5-wrong-${app.id}`) })),
      ),
  }
}
