// Keeps the machine busy, so that what depends on the order of events has its chance to go wrong.
import { spawn } from 'node:child_process'

/** Works without pause, and ends when its standard input does: when its parent stops it, or dies. */
const BUSY = `
process.stdin.on('end', () => process.exit()).resume()
const work = () => { for (const end = Date.now() + 20; Date.now() < end; ); setImmediate(work) }
work()`

/** Starts so many busy processes. @returns ends them */
export function loadCores(count: number): () => void {
  const busy = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', BUSY], { stdio: ['pipe', 'ignore', 'ignore'] }),
  )
  return () => {
    for (const { stdin } of busy) stdin?.end()
  }
}
