// The folder of one run: everything that the run writes is in it, and everything it starts knows its name.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { CheckerError } from '../lab/errors.ts'
import { root } from '../lab/lab.ts'
import { isRunning, killTree } from './processes.ts'

/** It takes a tenth of a second, or some seconds for many files. One that takes longer was halted. */
const KEEPER_DEADLINE_MS = 15_000

export interface RunFolder {
  path: string
  /** A new empty folder in it. */
  folder(name: string): string
  /** Has the process, and all that it starts, ended with the run. */
  own(pid: number): void
  /** Has the key removed from somebody's own Redis when the run ends. */
  ownKey(redisUrl: string, key: string): void
  /** Ends the run's processes and removes its folder; resolves when that is done. */
  close(): Promise<void>
}

/**
 * Opens a run. A keeper process watches over it: when the run closes, or the checker dies in any way,
 * Ctrl-C and kill -9 included, the keeper ends what was started and removes what was written.
 */
export function openRun(): RunFolder {
  // Below node_modules, because from there the compiled app finds express and the others.
  const runs = path.join(root, 'node_modules', '.cache', 'lab-check')
  let runPath: string
  try {
    mkdirSync(runs, { recursive: true })
    runPath = mkdtempSync(path.join(runs, `run-${process.pid}-`))
  } catch (error) {
    throw new CheckerError(`No folder for this run could be made in ${runs}: ${(error as Error).message}`)
  }
  tidyUpAfterOthers(runs)
  const keeper = startKeeper(runPath)
  let isClosed = false
  const told: string[] = []
  const tell = (line: string) => {
    told.push(line)
    keeper.stdin?.write(`${line}\n`)
  }
  return {
    path: runPath,
    folder(name) {
      const folder = path.join(runPath, name)
      if (!isClosed) mkdirSync(folder, { recursive: true })
      return folder
    },
    own(pid) {
      // A start that was begun for a later check comes too late: the keeper hears of nobody any more.
      if (isClosed) killTree(pid)
      else tell(String(pid))
    },
    ownKey: (redisUrl, key) => tell(JSON.stringify({ redisUrl, key })),
    async close() {
      isClosed = true
      const gone = keeper.exitCode !== null || keeper.signalCode !== null
      if (!gone && (await endOf(keeper, ''))) return
      await endOf(startKeeper(runPath), told.join('\n'))
    },
  }
}

/** Has a keeper do its work. @returns whether it came to an end by itself: an app can have killed or halted it */
function endOf(keeper: ChildProcess, told: string): Promise<boolean> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => keeper.kill('SIGKILL'), KEEPER_DEADLINE_MS)
    // Nothing else may be left that keeps this process waiting for it.
    keeper.ref()
    keeper.once('exit', (code) => {
      clearTimeout(deadline)
      resolve(code !== null)
    })
    keeper.stdin?.end(told)
  })
}

/** Runs whose checker and keeper were both killed: their processes are ended, and their folders removed. */
function tidyUpAfterOthers(runs: string): void {
  for (const name of readdirSync(runs)) {
    const [, pid] = /^run-(\d+)-\w+$/.exec(name) ?? []
    if (pid === undefined || isRunning(Number(pid))) continue
    startKeeper(path.join(runs, name)).stdin?.end()
  }
}

function startKeeper(runPath: string): ChildProcess {
  const keeper = spawn(
    process.execPath,
    [path.join(root, 'checker', 'bin', 'keeper.js'), runPath],
    // In a group of its own, where Ctrl-C in the terminal does not reach it; its standard input ends when we do.
    { stdio: ['pipe', 'ignore', 'ignore'], detached: true, windowsHide: true },
  )
  keeper.stdin?.on('error', () => {})
  keeper.unref()
  return keeper
}
