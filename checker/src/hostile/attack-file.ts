// attack.ts, which lies beside every hostile submission: it writes down how far the attack came.
import type { Place } from './hostile.ts'

export function attackFile({ notes, home, workbook }: Place): string {
  return `import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'

export const HOME = ${JSON.stringify(home)}
export const WORKBOOK = ${JSON.stringify(workbook)}
export const DATA = process.env.DATA_DIR ?? '.'

/** A line in a file, which is read when the run is over. */
export function note(name: string, line: string | number = ''): void {
  fs.appendFileSync(path.join(${JSON.stringify(notes)}, name), line + '\\n')
}

/** A process that goes on for a minute and no longer, so that a failing guard does not hurt the machine. */
export function startProcess(options: object = {}): number {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)', ${JSON.stringify(notes)}], { stdio: 'ignore', ...options })
  note('process', child.pid)
  return child.pid ?? 0
}

/** A server that says to every request that all is well. */
export function sayThatAllIsWell(answer: http.RequestListener = (_req, res) => { res.end('All checks pass: 32 of 32.') }): void {
  http.createServer(answer).listen(Number(process.env.PORT), '127.0.0.1')
}

if (process.env.DATA_DIR) note('folder', DATA)
if (process.env.PORT) note('port', process.env.PORT)
`
}
