// Collects a file of checks and runs them with vitest's runner, in this process.
import { pathToFileURL } from 'node:url'
import { type File, startTests, type Test, type VitestRunner } from '@vitest/runner'
import { CheckerError } from '../lab/errors.ts'
import { root, shownPath } from '../lab/lab.ts'

let collections = 0

/**
 * Vitest's whole Node API takes 0.4 s before the first test; its runner alone takes 0.03 s.
 * @param beforeRun is given the collected tests, and can set their mode to 'skip'
 * @returns the tests with their results
 * @throws CheckerError when the file does not load, and what `beforeRun` throws
 */
export async function collectAndRun(
  file: string,
  beforeRun: (tests: Test[]) => Promise<void>,
): Promise<Test[]> {
  const testsIn = (files: File[]) =>
    files.flatMap((one) => one.tasks).filter((task): task is Test => task.type === 'test')
  let failure: unknown
  const runner: VitestRunner = {
    config: {
      root,
      name: undefined,
      setupFiles: [],
      passWithNoTests: false,
      testNamePattern: undefined,
      allowOnly: false,
      sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
      chaiConfig: undefined,
      maxConcurrency: 1,
      testTimeout: 120_000,
      hookTimeout: 120_000,
      retry: 0,
      includeTaskLocation: false,
      tags: [],
      tagsFilter: undefined,
      strictTags: false,
    },
    // The number makes it a new module, so that --watch collects the checks anew.
    importFile: (file) => import(`${pathToFileURL(file).href}?${++collections}`),
    onBeforeRunFiles: async (files) => {
      try {
        await beforeRun(testsIn(files))
      } catch (error) {
        failure = error
        for (const test of testsIn(files)) test.mode = 'skip'
      }
    },
  }
  const files = await startTests([file], runner)
  if (failure) throw failure
  const broken = files.flatMap((one) => one.result?.errors ?? [])[0]
  if (broken && testsIn(files).length === 0)
    throw new CheckerError(`${shownPath(file)} does not load: ${broken.message}`)
  return testsIn(files)
}
