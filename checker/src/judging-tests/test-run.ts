// One process that runs all test files, ended with the run, and limited in time and output.
import { spawn } from 'node:child_process'
import path from 'node:path'
import readline from 'node:readline'
import type { Readable } from 'node:stream'
import { machineEnvironment } from '../app/launch.ts'
import { killTree } from '../app/processes.ts'
import type { RunFolder } from '../app/run-folder.ts'
import { root } from '../lab/lab.ts'
import { type FileReport, type Outcome, outcomeOf } from './outcome.ts'

export const LIMITS = {
  /** A file takes less than a second; with a test that waits for ever, the 5 s that a test has. */
  fileMs: 30_000,
  /** For all files together. A check has 120 s. */
  allMs: 100_000,
}

/** Tests that print more have a loop that prints. */
const OUTPUT_MAX_BYTES = 1_000_000

/** Reports are short; a text of many megabytes in an assertion is not. */
const REPORT_MAX_BYTES = 20_000_000

export interface TestRun {
  /** What came of the test file `name` in the folder; resolves as soon as the file has ended. */
  outcome(name: string): Promise<Outcome>
}

/** Starts to run the test files in `folder`: each folder in it has an app and tests. */
export function startTests(run: RunFolder, folder: string, { fileMs, allMs } = LIMITS): TestRun {
  const child = spawn(process.execPath, [path.join(root, 'checker', 'bin', 'run-tests.js'), folder], {
    cwd: folder,
    env: {
      ...machineEnvironment(),
      HOME: folder,
      TMPDIR: folder,
      NO_COLOR: '1',
      NODE_ENV: 'test',
      // What the keeper knows a process of this run by, and where an app puts its files.
      DATA_DIR: path.join(run.path, 'tests-data'),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that it can be ended with everything that it started.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  if (child.pid !== undefined) run.own(child.pid)
  const known = new Map<string, Outcome>()
  const waiting = new Map<string, (outcome: Outcome) => void>()
  let ended: Outcome | undefined

  const end = (because: string) => {
    ended ??= { state: 'broken', because }
    for (const resolve of waiting.values()) resolve(ended)
    for (const deadline of deadlines) clearTimeout(deadline)
    killTree(child.pid)
  }
  const endless =
    'they did not come to an end; look for a loop that never ends, and for tests that wait in real time: app.step(seconds) moves the clock'
  const deadlines = [fileMs, allMs].map((ms) => setTimeout(end, ms, endless))
  const [, output, errors, reports] = child.stdio as unknown as [null, Readable, Readable, Readable]
  limit([output, errors], OUTPUT_MAX_BYTES, () => end('they printed more than a megabyte'))
  limit([reports], REPORT_MAX_BYTES, () => end('what they compared is larger than 20 megabytes'))
  readline.createInterface({ input: reports }).on('line', (line) => {
    const report = read(line)
    if (ended || !report) return
    const outcome = outcomeOf(report)
    deadlines[0]?.refresh()
    known.set(report.file, outcome)
    waiting.get(report.file)?.(outcome)
  })
  child.on('error', (error) => end(`they could not be started: ${error.message}`))
  child.on('close', () => end('their process ended before them'))

  return {
    outcome(name) {
      const outcome = known.get(name) ?? ended
      if (outcome) return Promise.resolve(outcome)
      return new Promise((resolve) => waiting.set(name, resolve))
    },
  }
}

/** Undefined for a line that was cut when its process ended. */
function read(line: string): FileReport | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function limit(streams: Readable[], maxBytes: number, tooMuch: () => void): void {
  let bytes = 0
  for (const stream of streams) {
    stream.on('error', () => {})
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) tooMuch()
    })
  }
}
