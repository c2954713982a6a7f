// lab-check LAB --watch: checks again at every save.
import path from 'node:path'
import chokidar from 'chokidar'
import colors from 'picocolors'
import type { RunResult } from '../check/record.ts'
import type { CheckFlags } from '../cli/lab-check.ts'
import type { Lab } from '../lab/lab.ts'
import { isNoSource, isOfFolder } from '../serve/source-files.ts'

/** An editor that saves several files at once should cause one run. */
const SETTLE_MS = 60

/** Runs until Ctrl-C. */
export async function watchCommand(
  labs: Lab[],
  flags: CheckFlags,
  check: (labs: Lab[], flags: CheckFlags) => Promise<RunResult[]>,
): Promise<void> {
  const folders = labs.map((lab) =>
    flags.solution ? lab.solutionFolder : path.resolve(flags.dir ?? lab.workFolder),
  )
  let running = false
  let again = false
  const run = async () => {
    if (running) {
      again = true
      return
    }
    running = true
    do {
      again = false
      if (process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[3J\x1b[H')
      await check(labs, flags)
      process.stdout.write(colors.dim('\n  I check again when you save. Ctrl-C ends it.\n'))
    } while (again)
    running = false
  }
  let timer: NodeJS.Timeout | undefined
  chokidar.watch(folders, { ignoreInitial: true, ignored: isNoSource }).on('all', (event) => {
    if (isOfFolder(event)) return
    clearTimeout(timer)
    timer = setTimeout(run, SETTLE_MS)
  })
  await run()
}
