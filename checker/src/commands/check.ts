// lab-check LAB…: checks labs and prints the result.
import path from 'node:path'
import { newSeed } from '../check/draw.ts'
import { exitStatus, type RunResult } from '../check/record.ts'
import { runLab } from '../check/run.ts'
import type { CheckFlags } from '../cli/lab-check.ts'
import { UsageError } from '../lab/errors.ts'
import { findLab, type Lab } from '../lab/lab.ts'
import { readProgress, saveProgress } from '../progress/progress.ts'

/** Loaded when they are needed, so that the student's app starts a little earlier. */
const RENDERERS = {
  pretty: async () => (await import('../render/pretty.ts')).pretty,
  json: async () => (await import('../render/json.ts')).json,
  junit: async () => (await import('../render/junit.ts')).junit,
  tap: async () => (await import('../render/tap.ts')).tap,
}

/** @throws UsageError when the flags do not go together */
export async function checkCommand(names: string[], flags: CheckFlags): Promise<void> {
  const labs = names.map(findLab)
  if (flags.list) {
    const { listCommand } = await import('./list.ts')
    return listCommand(labs)
  }
  requireSense(labs, flags)
  if (labs.length === 0) {
    const { progressCommand } = await import('./progress.ts')
    return progressCommand()
  }
  if (flags.watch) {
    const { watchCommand } = await import('./watch.ts')
    return watchCommand(labs, flags, checkOnce)
  }
  process.exitCode = exitStatus(await checkOnce(labs, flags))
}

async function checkOnce(labs: Lab[], flags: CheckFlags): Promise<RunResult[]> {
  const results: RunResult[] = []
  for (const lab of labs) results.push(await checkLab(lab, flags))
  const render = await RENDERERS[flags.format]()
  process.stdout.write(render(results))
  return results
}

async function checkLab(lab: Lab, flags: CheckFlags): Promise<RunResult> {
  const isOwnWork = !flags.solution && flags.dir === undefined
  const before = isOwnWork ? readProgress(lab) : undefined
  const result = await runLab({
    lab,
    folder: flags.solution ? lab.solutionFolder : path.resolve(flags.dir ?? lab.workFolder),
    seed: flags.seed ?? newSeed(),
    only: flags.only,
    without: flags.without,
    hintsShown: before?.hintsShown,
    oneMoreHint: flags.hint,
  })
  if (isOwnWork) saveProgress(lab, result)
  return result
}

function requireSense(labs: Lab[], flags: CheckFlags): void {
  if (flags.seed !== undefined && !/^[0-9a-f]{8}$/.test(flags.seed)) {
    throw new UsageError(
      `--seed takes eight hexadecimal digits, as a run prints them; "${flags.seed}" is not that.`,
    )
  }
  if (flags.solution && flags.dir !== undefined) throw new UsageError('Use --solution or --dir, not both.')
  if (flags.dir !== undefined && labs.length !== 1)
    throw new UsageError('--dir needs one lab: lab-check 3 --dir PATH')
  if (flags.only !== undefined && labs.length !== 1)
    throw new UsageError('--only needs one lab: lab-check 3 --only CHECK')
  if (labs.length === 0 && (flags.solution || flags.watch || flags.hint)) {
    throw new UsageError('Which lab? For example: lab-check 3')
  }
}
