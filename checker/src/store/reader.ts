// A process that reads one SQLite file. It is started before it is needed, because most of a read is its start.
import { spawn } from 'node:child_process'
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

/** Reads the file, once, from a copy in `copyFolder`. Rejects with the reason in words. */
export type Read = (file: string, copyFolder: string) => Promise<Record<string, Table>>

/** Starts a reader. It ends after its one read, or with this process. */
export function startReader(): Read {
  const child = spawn(process.execPath, [path.join(root, 'checker', 'bin', 'read-database.js')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  let output = ''
  let reason = ''
  child.stdin.on('error', () => {})
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (output.length > OUTPUT_MAX_BYTES) giveUp('there is too much in it')
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    reason += text
  })
  const giveUp = (because: string) => {
    reason = because
    child.kill('SIGKILL')
  }
  // While it only waits, it is no reason for this process to go on.
  const streams = [child, child.stdin, child.stdout, child.stderr] as unknown as {
    unref(): void
    ref(): void
  }[]
  for (const stream of streams) stream.unref()
  return (file, copyFolder) => {
    for (const stream of streams) stream.ref()
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(giveUp, READ_DEADLINE_MS, 'that takes too long')
      child.once('close', (code) => {
        clearTimeout(deadline)
        if (code === 0) resolve(JSON.parse(output))
        else reject(new Error(reason || `the reader ended with ${code}`))
      })
      child.stdin.end(JSON.stringify({ file, copyFolder }))
    })
  }
}
