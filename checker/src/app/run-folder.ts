// The folder of one run: everything that the run writes is in it, and everything it starts knows its name.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import path from 'node:path'
import { CheckerError } from '../lab/errors.ts'
import { root } from '../lab/lab.ts'
import { kill } from './launch.ts'

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
    runPath = mkdtempSync(path.join(runs, 'run-'))
  } catch (error) {
    throw new CheckerError(`No folder for this run could be made in ${runs}: ${(error as Error).message}`)
  }
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
      if (isClosed) kill({ pid })
      else tell(String(pid))
    },
    ownKey: (redisUrl, key) => tell(JSON.stringify({ redisUrl, key })),
    close() {
      isClosed = true
      return new Promise((resolve) => {
        const gone = keeper.exitCode !== null || keeper.signalCode !== null
        const last = gone ? startKeeper(runPath) : keeper
        // Nothing else may be left that keeps this process waiting for it.
        last.ref()
        last.once('exit', () => resolve())
        last.stdin?.end(gone ? told.join('\n') : '')
      })
    },
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
