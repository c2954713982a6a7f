// The student's tests and session-helper.ts, run with apps of ours that are right and wrong.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Judged } from '../../src/check/judged.ts'
import type { AppSource, TestFile } from '../../src/judging-tests/bundle.ts'
import { judgeTests, type Pair } from '../../src/judging-tests/judge-tests.ts'
import type { Outcome } from '../../src/judging-tests/outcome.ts'
import { root } from '../../src/lab/lab.ts'
import { mistakenText } from '../../src/verify/submission-proof.ts'
import { findWrongApp, type WrongApp, wrongApps } from './wrong-apps.ts'

const TESTS = 'reflections.test.ts'
const HELPER = 'session-helper.ts'

/** What the student's tests are made of. */
export const TESTS_FILES = [TESTS, HELPER]

/** Folders of right apps below checker/alternatives, and what they are called before the student. */
const OTHER_RIGHT_APPS = [
  { name: 'plain-node-http', says: 'a right app that is made without Express, and has other ids' },
  {
    name: 'hashes-in-one-row',
    says: 'a right app that keeps its tokens in another way, and the last test run first',
    // As with most wrong apps: a test that needs the one before it would fail there for that alone.
    backwards: true,
  },
]

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
  /** Whether the student's own app takes its times from the clock that it is given. */
  ownClock(): Promise<Outcome>
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

function start({ run, closing, lab, folder, checks }: Judged): StudentTests {
  const own = (name: string) => path.join(folder, name)
  const has = (name: string) => existsSync(own(name))
  const wrong = (app: WrongApp): AppSource => ({
    folder: lab.solutionFolder,
    changed: { file: app.file, text: mistakenText(lab, app) },
  })
  const ofTheApp = readdirSync(lab.solutionFolder).filter((name) => name !== TESTS && name !== HELPER)
  const testFile = (entry: string): TestFile => ({ entry, helper: own(HELPER), ofTheApp })
  const ours = (name: string) => testFile(path.join(root, 'checker', 'checks', lab.id, name))
  const students = testFile(own(TESTS))
  const silent = wrong(findWrongApp('silent-save'))
  const alternatives = path.join(root, 'checker', 'alternatives', lab.id)
  const rightApps: { id: string; says: string; app: AppSource; backwards?: boolean }[] = [
    { id: '4-right-solution', says: 'the app of the solution', app: { folder: lab.solutionFolder } },
    ...OTHER_RIGHT_APPS.map(({ name, says, backwards }) => ({
      id: `4-right-${name}`,
      says,
      app: { folder: path.join(alternatives, name) },
      backwards,
    })),
  ]

  const helped: Pair[] = [
    { id: '1-given', app: silent, tests: ours('given.test.ts') },
    { id: '2-goes-on', app: silent, tests: ours('goes-on.test.ts') },
  ]
  // Each takes a fifth of a second, and only what a check of this run asks for is run.
  const judging: Pair[] = [
    ...rightApps
      .filter(() => checks.has('tests-accept'))
      .map(({ id, app, backwards }) => ({ id, app, backwards, tests: students })),
    ...wrongApps
      .filter(({ fails }) => checks.has(fails))
      .map((app) => ({
        id: `4-wrong-${app.id}`,
        app: wrong(app),
        tests: students,
        // The first test to fail ends a file. What these are about is tested below the given seven, if it is.
        backwards: app.fails === 'tests-refuse',
      })),
  ]
  const ofTheirApp: Pair[] = [
    { id: '3-loud-save', app: { folder }, tests: ours('loud-save.test.ts') },
    { id: '3-own-clock', app: { folder }, tests: ours('own-clock.test.ts') },
  ]
  const outcome = judgeTests(run, closing, [
    ...(has(HELPER) ? helped : []),
    ...(has('app.ts') ? ofTheirApp : []),
    ...(has(HELPER) && has(TESTS) ? judging : []),
  ])
  return {
    hasTests: has(TESTS),
    hasHelper: has(HELPER),
    hasApp: has('app.ts'),
    given: () => outcome('1-given'),
    goesOn: () => outcome('2-goes-on'),
    loudSave: () => outcome('3-loud-save'),
    ownClock: () => outcome('3-own-clock'),
    right: () => Promise.all(rightApps.map(async ({ id, says }) => ({ says, outcome: await outcome(id) }))),
    wrong: (check) =>
      Promise.all(
        wrongApps
          .filter((app) => app.fails === check)
          .map(async (app) => ({ app, outcome: await outcome(`4-wrong-${app.id}`) })),
      ),
  }
}
