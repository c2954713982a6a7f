// A process that reads SQLite files, so that whatever a student's file makes SQLite do ends there.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import path from 'node:path'
import { root } from '../lab/lab.ts'

/** A file that makes SQLite work longer has something in it that no lab asks for. */
const READ_DEADLINE_MS = 10_000

const OUTPUT_MAX_BYTES = 8_000_000

export type Row = Record<string, unknown>

export interface Table {
  /** In the order in which they were stored. */
  rows: Row[]
  /** With the type as the CREATE TABLE says it; empty when it says none. */
  columns: { name: string; type: string }[]
  /** The columns of each index, that of the primary key included, in which no two rows can be alike. */
  unique: string[][]
}

/** Reads SQLite files in a process of its own, which is started with the first one and serves until this process ends. */
export class Reader {
  #child: ChildProcessWithoutNullStreams | undefined
  /** Ends with the read that was asked for last: they come one after the other. */
  #last: Promise<unknown> = Promise.resolve()

  /** Reads the file from a copy in `copyFolder`. @throws Error with the reason in words */
  read(file: string, copyFolder: string): Promise<Record<string, Table>> {
    const reading = this.#last.then(() => this.#ask({ file, copyFolder }))
    this.#last = reading.catch(() => {})
    return reading
  }

  #ask(task: { file: string; copyFolder: string }): Promise<Record<string, Table>> {
    this.#child ??= start()
    const child = this.#child
    keepAlive(child, true)
    return new Promise<Record<string, Table>>((resolve, reject) => {
      let answer = ''
      const giveUp = (because: string) => {
        // Whatever holds it up, the next read has a process of its own.
        child.kill('SIGKILL')
        this.#child = undefined
        settle(() => reject(new Error(because)))
      }
      const hear = (text: string) => {
        answer += text
        if (answer.length > OUTPUT_MAX_BYTES) return giveUp('there is too much in it')
        if (!answer.endsWith('\n')) return
        const { tables, error } = JSON.parse(answer)
        settle(() => (tables ? resolve(tables) : reject(new Error(error))))
      }
      const ended = () => giveUp('its reader ended')
      const deadline = setTimeout(giveUp, READ_DEADLINE_MS, 'that takes too long')
      const settle = (done: () => void) => {
        clearTimeout(deadline)
        child.stdout.off('data', hear)
        child.off('close', ended)
        keepAlive(child, false)
        done()
      }
      child.stdout.on('data', hear)
      child.once('close', ended)
      child.stdin.write(`${JSON.stringify(task)}\n`)
    })
  }
}

function start(): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [path.join(root, 'checker', 'bin', 'read-database.js')], {
    windowsHide: true,
  })
  child.stdin.on('error', () => {})
  child.stdout.setEncoding('utf8')
  child.stderr.resume()
  return child
}

/** While it only waits, it is no reason for this process to go on. */
function keepAlive(child: ChildProcessWithoutNullStreams, isNeeded: boolean): void {
  const handles = [child, child.stdin, child.stdout, child.stderr] as unknown as Record<
    'ref' | 'unref',
    () => void
  >[]
  for (const handle of handles) handle[isNeeded ? 'ref' : 'unref']()
}
