// A process that locks one SQLite file, or one table, at a time, so that nobody else can write to it for a while.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../lab/lab.ts'

/** SQLite waits for 3 seconds; a file that makes it work longer has something in it that no lab asks for. */
const ANSWER_DEADLINE_MS = 10_000

export interface Locker {
  /**
   * Locks the file, and unlocks the one before. Everybody can still read it.
   * @throws Error with the reason in words
   */
  lock(file: string): Promise<void>
  /**
   * Keeps the rows of this table instead: a statement that deletes one of them fails, and all others go through. So it is
   * for an app that is killed just before that statement.
   * @throws Error with the reason in words
   */
  keepRows(file: string, table: string): Promise<void>
  unlock(): Promise<void>
  /** Ends the process, and the lock with it. */
  end(): void
}

export function startLocker(): Locker {
  const child = spawn(process.execPath, [path.join(root, 'checker', 'bin', 'lock-database.js')], {
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  })
  child.stdin.on('error', () => {})
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ask = async (line: string) => {
    const deadline = setTimeout(() => child.kill('SIGKILL'), ANSWER_DEADLINE_MS)
    child.stdin.write(`${line}\n`)
    const { done, value } = await answers.next()
    clearTimeout(deadline)
    if (done) throw new Error('it cannot be locked')
    if (value !== '') throw new Error(value)
  }
  const keepRows = (file: string, table: string) => ask(`${file}\t${table}`)
  return { lock: ask, keepRows, unlock: () => ask(''), end: () => child.stdin.end() }
}
