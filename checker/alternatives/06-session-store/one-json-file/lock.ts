// A lock for a whole folder, held while synchronous code runs: a file with the number of the process in it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'

/** Does the work while no other process does any for the same lock. */
export function locked<Result>(lock: string, work: () => Result): Result {
  while (!taken(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
  try {
    return work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function taken(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (isDead(lock)) rmSync(lock, { force: true })
    return false
  }
}

/** Whether the process that wrote this file has ended. It may have been killed before it wrote its number. */
export function isDead(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    if (pid > 0) process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
