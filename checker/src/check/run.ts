// One run: starts the submission, runs the lab's checks with vitest's runner, and returns their records.
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Test } from '@vitest/runner'
import { openRun } from '../app/run-folder.ts'
import { StartTrouble } from '../app/trouble.ts'
import { CheckerError, UsageError } from '../lab/errors.ts'
import { type Lab, root, shownPath } from '../lab/lab.ts'
import type { CheckMeta } from './check.ts'
import { earlyInstances, setJudged } from './current.ts'
import { Judged } from './judged.ts'
import { stepHeading } from './reading.ts'
import type { CheckRecord, RunResult, Status, Trouble } from './record.ts'
import { startHint } from './start-hint.ts'

export interface RunOptions {
  lab: Lab
  /** The submission: a folder with a server.ts. */
  folder: string
  seed: string
  /** Run only the check with this id, and those it needs. */
  only?: string
  /** Leave out the checks with these ids. */
  without?: string[]
  /** How many hints the student has had for each check. */
  hintsShown?: Record<string, number>
  /** Give one more for the first check that fails, or for an app that does not start. */
  oneMoreHint?: boolean
}

/**
 * Judges a submission.
 * @throws UsageError when `only` or `without` names no check of the lab; CheckerError when the lab has no checks
 */
export async function runLab(options: RunOptions): Promise<RunResult> {
  const { lab, folder, seed, only, without = [] } = options
  const begin = performance.now()
  const file = checksFile(lab)
  const run = openRun()
  // A pending promise alone does not keep a process alive; the run has to.
  const alive = setInterval(() => {}, 1 << 30)
  const judged = new Judged(run, lab, folder, seed)
  try {
    setJudged(judged)
    const main = judged.instances.main()
    main.catch(() => {})
    // Loaded only now, while the app starts.
    const { collectAndRun } = await import('./collect.ts')
    let trouble: Trouble | null = null
    let selected: Test[] = []
    await collectAndRun(file, async (collected) => {
      for (const id of without) expectCheck(collected, id, lab)
      selected = (only === undefined ? collected : select(collected, only, lab)).filter(
        (test) => !without.includes(idOf(test)),
      )
      judged.checks = new Set(selected.map(idOf))
      for (const test of collected) if (!selected.includes(test)) test.mode = 'skip'
      try {
        await main
      } catch (error) {
        if (!(error instanceof StartTrouble)) throw error
        trouble = options.oneMoreHint
          ? { ...error.trouble, hint: startHint(error.trouble.kind) }
          : error.trouble
        for (const test of collected) test.mode = 'skip'
        return
      }
      judged.instances.all().catch(() => {})
      // One check alone may need none of them.
      const early = only === undefined ? earlyInstances() : []
      for (const options of early) judged.instances.one(options).catch(() => {})
    })
    return {
      lab: { number: lab.number, id: lab.id, title: lab.title, port: lab.port },
      folder: shownPath(folder),
      seed,
      trouble,
      partial: only !== undefined || without.length > 0,
      records: withHints(
        selected,
        selected.map((test) => toRecord(test, lab, trouble)),
        options,
      ),
      ms: Math.round(performance.now() - begin),
    }
  } finally {
    await judged.close()
    await run.close()
    clearInterval(alive)
  }
}

/** The checks of a lab as they are written, without running anything. */
export async function listChecks(lab: Lab): Promise<CheckMeta[]> {
  const { collectAndRun } = await import('./collect.ts')
  const tests = await collectAndRun(checksFile(lab), async (collected) => {
    for (const test of collected) test.mode = 'skip'
  })
  return tests.map((test) => test.meta.check).filter((meta) => meta !== undefined)
}

function checksFile(lab: Lab): string {
  const file = path.join(root, 'checker', 'dist', 'checks', `${lab.id}.js`)
  if (existsSync(file)) return file
  throw new CheckerError(`Lab ${lab.number} has no compiled checks. Build them with: npm run build`)
}

/** The tests of one check and of those it needs, directly or through others, in their order. */
function select(tests: Test[], only: string, lab: Lab): Test[] {
  expectCheck(tests, only, lab)
  const byId = new Map(tests.map((test) => [idOf(test), test]))
  const selected = new Set<string>()
  const add = (id: string) => {
    selected.add(id)
    for (const need of byId.get(id)?.meta.check?.needs ?? []) add(need)
  }
  add(only)
  return tests.filter((test) => selected.has(idOf(test)))
}

/** @throws UsageError when none of the checks has the id */
function expectCheck(tests: Test[], id: string, lab: Lab): void {
  const ids = tests.map(idOf)
  if (ids.includes(id)) return
  throw new UsageError(`Lab ${lab.number} has no check "${id}". Its checks are:\n  ${ids.join('\n  ')}`)
}

function idOf(test: Test): string {
  return test.meta.check?.id ?? ''
}

function toRecord(test: Test, lab: Lab, trouble: Trouble | null): CheckRecord {
  const meta = test.meta.check as CheckMeta
  const status = statusOf(test, meta)
  const step = (status === 'fail' ? meta.asks : undefined) ?? meta.step
  return {
    id: meta.id,
    name: meta.name,
    points: status === 'pass' ? meta.points : 0,
    maxPoints: meta.points,
    status,
    why: whyOf(status, meta, trouble),
    exchange: meta.log,
    hint: [],
    reads: { chapter: shownPath(lab.chapter), step, heading: stepHeading(lab, step) },
    ms: Math.round(test.result?.duration ?? 0),
  }
}

function withHints(
  tests: Test[],
  records: CheckRecord[],
  { hintsShown = {}, oneMoreHint }: RunOptions,
): CheckRecord[] {
  const first = records.find((record) => record.status === 'fail')
  return records.map((record, index) => {
    if (record.status !== 'fail') return record
    const shown = (hintsShown[record.id] ?? 0) + (oneMoreHint && record === first ? 1 : 0)
    return { ...record, hint: tests[index]?.meta.check?.hints.slice(0, shown) ?? [] }
  })
}

function statusOf(test: Test, meta: CheckMeta): Status {
  if (meta.blockedBy || test.mode === 'skip') return 'blocked'
  if (test.result?.state === 'pass') return 'pass'
  return meta.why ? 'fail' : 'error'
}

function whyOf(status: Status, meta: CheckMeta, trouble: Trouble | null): CheckRecord['why'] {
  if (status === 'pass') return null
  if (meta.why) return meta.why
  if (status === 'error') {
    return {
      did: [],
      expected: 'The check should come to a verdict.',
      got: 'It broke.',
      detail: (meta.error ?? '').split('\n'),
    }
  }
  if (trouble) return { did: [], expected: 'Your app has to start first.', got: trouble.sentence, detail: [] }
  const expected = `The check "${meta.blockedBy}" has to pass first.`
  return { did: [], expected, got: `waits for ${meta.blockedBy}`, detail: [] }
}
