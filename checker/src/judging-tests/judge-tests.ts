// Runs test files of a student with apps of ours: each pair in a folder of its own, all in one process.
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { RunFolder } from '../app/run-folder.ts'
import { StartTrouble } from '../app/trouble.ts'
import { APP_FILE, type AppSource, bundleApp, bundleTests, type TestFile } from './bundle.ts'
import type { Outcome } from './outcome.ts'
import { startTests } from './test-run.ts'

/** A test file, and the app that it runs with. */
export interface Pair {
  /** Unique in the run. Pairs run in the order of what stands before the first hyphen; those where it is the same, in any order. */
  id: string
  app: AppSource
  tests: TestFile
  /** Runs the last test first. The order says nothing, so the tests that were written last may come first. */
  backwards?: boolean
}

/** What the test file is called beside its app; checker/bin/test-runner.js turns the second round. */
const testFile = ({ backwards }: Pair) => (backwards ? 'backwards.test.js' : 'run.test.js')

/**
 * Starts to run the pairs.
 * @param closing aborted when the run ends
 * @returns what came of the pair with this id; resolves as soon as that is known
 */
export function judgeTests(
  run: RunFolder,
  closing: AbortSignal,
  pairs: Pair[],
): (id: string) => Promise<Outcome> {
  const folder = run.folder('tests')
  const texts = new Map<TestFile, Promise<string>>()
  const textOf = (tests: TestFile) => {
    const text = texts.get(tests) ?? bundleTests(tests)
    texts.set(tests, text)
    return text
  }
  // Neither its name nor its place in the order tells a test whether an app is right.
  const places = new Map(pairs.map(({ id }) => [id, `${id.split('-')[0]}-${randomBytes(6).toString('hex')}`]))
  const placeOf = (id: string) => places.get(id) ?? id
  const troubles = new Map<string, Outcome>()
  const prepare = async (pair: Pair) => {
    const { id, app, tests } = pair
    try {
      const [appText, testText] = await Promise.all([bundleApp(app), textOf(tests)])
      closing.throwIfAborted()
      const place = path.join(folder, placeOf(id))
      mkdirSync(place)
      writeFileSync(path.join(place, APP_FILE), appText)
      writeFileSync(path.join(place, testFile(pair)), testText)
    } catch (error) {
      if (!(error instanceof StartTrouble)) throw error
      const { sentence, detail } = error.trouble
      troubles.set(id, { state: 'broken', because: sentence, detail })
    }
  }
  const started = Promise.all(pairs.map(prepare)).then(() => {
    // Nobody would end what is started now.
    closing.throwIfAborted()
    return startTests(run, folder)
  })
  started.catch(() => {})
  const files = new Map(pairs.map((pair) => [pair.id, path.join(placeOf(pair.id), testFile(pair))]))
  return async (id) => {
    const tests = await started
    return troubles.get(id) ?? tests.outcome(files.get(id) ?? id)
  }
}
