// Submissions that hurt the machine, outlive the run, or end the one who judges them.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Hostile, Place, Said } from '../src/hostile/hostile.ts'

/** What lab-check says of it has to contain this. */
const says =
  (wanted: RegExp) =>
  ({ stdout }: Said) =>
    wanted.test(stdout) ? [] : [`It should say ${wanted}.`]

/** As much as a process may take here, and for as short a time. */
const MEMORY = `const held: Buffer[] = []
for (let megabytes = 0; megabytes < 1_400; megabytes += 50) held.push(Buffer.alloc(50 << 20, 1))
note('megabytes', 50 * held.length)
setTimeout(() => process.exit(), 3_000)`

/** Ends processes of the checker, as far as they can be found by the app. */
const signalling = (signal: string, ...whom: ('parent' | 'keeper')[]) => `import fs from 'node:fs'
import { note, sayThatAllIsWell } from './attack.ts'
const parent = process.ppid
function isKeeper(pid: number): boolean {
  try {
    return fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8').includes('keeper.js')
      && fs.readFileSync('/proc/' + pid + '/stat', 'utf8').split(') ').at(-1)?.split(' ')[1] === String(parent)
  } catch { return false }
}
sayThatAllIsWell(() => {
  note('reached')
  const keepers = ${whom.includes('keeper')} ? fs.readdirSync('/proc').map(Number).filter((pid) => pid > 0 && isKeeper(pid)) : []
  ${whom.length > 1 ? "process.kill(parent, 'SIGSTOP')" : ''}
  for (const pid of keepers) process.kill(pid, '${signal}')
  ${whom.includes('parent') ? `process.kill(parent, '${signal}')` : ''}
})`

const childrenWith = (
  options: string,
  before = '',
) => `import { note, sayThatAllIsWell, startProcess } from './attack.ts'
${before}
for (let index = 0; index < 3; index++) startProcess(${options})
sayThatAllIsWell((_req, res) => { note('reached'); res.end('All checks pass') })`

/** A process that starts another one, and ends at once. */
const STARTS_ANOTHER = (options: string) => `import { spawn } from 'node:child_process'
import { note, sayThatAllIsWell } from './attack.ts'
const child = "import('node:child_process').then(({ spawn }) => { const one = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { detached: true, stdio: 'ignore' }); console.log(one.pid); one.unref(); process.exit() })"
const middle = spawn(process.execPath, ['-e', child], ${options})
middle.stdout?.on('data', (pid) => {
  note('process', String(pid).trim())
  sayThatAllIsWell((_req, res) => { note('reached'); res.end('All checks pass') })
})`

export const hostile: Hostile[] = [
  {
    id: 'loop-at-start',
    says: 'Never ends its first turn. It is ended when the time to start is over.',
    files: { 'server.ts': `import { note } from './attack.ts'\nnote('reached')\nfor (;;);` },
    ends: { atMost: 0 },
    also: says(/still does not listen/),
  },
  {
    id: 'loop-in-an-answer',
    says: 'Loops without end when it is asked.',
    files: {
      'server.ts': `import { note, sayThatAllIsWell } from './attack.ts'\nsayThatAllIsWell(() => { note('reached'); for (;;); })`,
    },
    ends: { atMost: 0 },
    also: says(/no complete answer in/),
  },
  {
    id: 'output-flood',
    says: 'Prints as fast as it can, to both streams, before it listens.',
    files: {
      'server.ts': `import fs from 'node:fs'
import { note } from './attack.ts'
note('reached')
for (let megabytes = 0; megabytes < 2_000; megabytes++) fs.writeSync(1 + (megabytes % 2), 'all checks pass\\n'.repeat(65_536))
note('megabytes')`,
    },
    ends: { atMost: 0 },
    also: ({ notes, stdout }) => [
      ...(notes.megabytes ? ['It printed two gigabytes, and nobody ended it.'] : []),
      ...(stdout.length > 200_000 ? ['The report is as long as a flood.'] : []),
    ],
  },
  {
    id: 'output-flood-when-asked',
    says: 'Prints as fast as it can when it is asked.',
    files: {
      'server.ts': `import { note, sayThatAllIsWell } from './attack.ts'
sayThatAllIsWell(() => { note('reached'); for (let lines = 0; lines < 2_000_000; lines++) console.error('x'.repeat(1_000)) })`,
    },
    ends: { atMost: 0 },
    also: says(/more than a megabyte/),
  },
  {
    id: 'slow-words',
    says: 'Ends with an error and a line of a megabyte, over which a search for the place of the error would take hours.',
    files: {
      'server.ts': `import { note } from './attack.ts'
note('reached')
console.error('Error: EADDRINUSE '.repeat(20_000) + '\\n' + 'a:1'.repeat(200_000))
process.exitCode = 1`,
    },
    ends: { atMost: 0 },
    withinSeconds: 20,
  },
  {
    id: 'memory',
    says: 'Takes 1.4 gigabytes in buffers, which no limit on the heap counts. On Linux and macOS nothing but a sandbox keeps a process from it for good; here it has to end with the run.',
    files: { 'server.ts': `import { note } from './attack.ts'\nnote('reached')\n${MEMORY}` },
    ends: { atMost: 0 },
  },
  {
    id: 'fork-bomb',
    says: 'Starts processes that start processes, 60 in all. Its whole group is ended.',
    files: {
      'server.ts': `import { spawn } from 'node:child_process'
import { note, sayThatAllIsWell } from './attack.ts'
const child = "const fs = require('node:fs'); fs.appendFileSync(process.argv[1], process.pid + '\\\\n'); if (process.argv[2] > 1) for (let i = 0; i < 3; i++) require('node:child_process').spawn(process.execPath, ['-e', process.argv[3], process.argv[1], String(process.argv[2] - 1), process.argv[3]], { stdio: 'ignore' }); setTimeout(() => {}, 60_000)"
for (let index = 0; index < 5; index++) spawn(process.execPath, ['-e', child, '__NOTES__/process', '2', child], { stdio: 'ignore' })
sayThatAllIsWell(() => { note('reached') })`,
    },
    prepare: fillInNotes,
    ends: { atMost: 0 },
  },
  {
    id: 'children',
    says: 'Leaves processes of its own group.',
    files: { 'server.ts': childrenWith('{}') },
    ends: { atMost: 0 },
    async unguarded(place) {
      // Only the app itself is killed here, as somebody would who does not think of groups.
      const app = spawn(process.execPath, ['--import', 'tsx', path.join(place.folder, 'server.ts')], {
        cwd: place.workbook,
        env: { ...process.env, PORT: '0', DATA_DIR: place.notes },
        stdio: 'ignore',
      })
      const file = path.join(place.notes, 'process')
      while (!existsSync(file) || readFileSync(file, 'utf8').split('\n').length < 4) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      app.kill('SIGKILL')
      const pids = readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number)
      const left = pids.filter((pid) => process.kill(pid, 'SIGKILL'))
      rmSync(file)
      return left.length === 3
    },
  },
  {
    id: 'leaves-its-group',
    says: 'Leaves processes that lead groups of their own.',
    files: { 'server.ts': childrenWith('{ detached: true }') },
    systems: ['linux'],
    ends: { atMost: 0 },
  },
  {
    id: 'hides-its-environment',
    says: 'Leaves processes with groups of their own and an empty environment, so that nothing names the run. They are found as children of the app.',
    files: { 'server.ts': childrenWith("{ detached: true, env: {}, cwd: '/' }") },
    systems: ['linux'],
    ends: { atMost: 0 },
  },
  {
    id: 'orphans',
    says: 'Has a process start another one in a group of its own, and end, so that it is nobody’s child. Its environment names the run.',
    files: { 'server.ts': STARTS_ANOTHER("{ detached: true, stdio: ['ignore', 'pipe', 'ignore'] }") },
    systems: ['linux'],
    ends: { atMost: 0 },
  },
  ...(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const).map(
    (signal): Hostile => ({
      id: `${signal.toLowerCase()}-to-the-parent`,
      says: `Ends lab-check with ${signal}. A process of the same user can; then there is no verdict, and the keeper tidies up.`,
      files: { 'server.ts': signalling(signal, 'parent') },
      systems: ['linux', 'darwin'],
      ends: 'not graded',
      also: ({ status }) => (status === 0 || status === 1 ? ['lab-check has a verdict.'] : []),
    }),
  ),
  {
    id: 'stops-the-parent',
    says: 'Halts lab-check with SIGSTOP, so that it never ends. Whoever grades ends it when its time is over, and the keeper tidies up.',
    files: { 'server.ts': signalling('SIGSTOP', 'parent') },
    systems: ['linux', 'darwin'],
    withinSeconds: 5,
    ends: 'not graded',
  },
  {
    id: 'kills-the-keeper',
    says: 'Ends the keeper. Another one tidies up.',
    files: { 'server.ts': signalling('SIGKILL', 'keeper') },
    systems: ['linux'],
    ends: { atMost: 0 },
  },
  {
    id: 'halts-the-keeper',
    says: 'Halts the keeper with SIGSTOP, so that lab-check would wait for ever for its end. Another one takes its place.',
    files: { 'server.ts': signalling('SIGSTOP', 'keeper') },
    systems: ['linux'],
    ends: { atMost: 0 },
  },
  {
    id: 'kills-both',
    says: 'Ends the keeper and lab-check. Nobody is left to tidy up, so the next run does it.',
    files: {
      'server.ts': `${signalling('SIGKILL', 'parent', 'keeper')}\nimport { startProcess } from './attack.ts'\nstartProcess({ detached: true })`,
    },
    systems: ['linux'],
    ends: 'not graded',
    nextRunTidiesUp: true,
  },
  {
    id: 'squats-ports',
    says: 'Listens on as many as it can of the ports from which lab-check takes one for the other instance.',
    lab: 5,
    redis: 'private',
    files: {
      'server.ts': `import net from 'node:net'
import { note, sayThatAllIsWell } from './attack.ts'
let taken = 0
for (let port = 20_000; port < 30_000; port++) {
  net.createServer().on('error', () => {}).listen(port, '127.0.0.1', () => { if (++taken === 500) note('reached') })
}
setTimeout(sayThatAllIsWell, 1_500)`,
    },
    ends: 'not graded',
  },
  {
    id: 'disk-flood',
    says: 'Writes 150 megabytes into its data folder. They are gone with the run.',
    files: {
      'server.ts': `import fs from 'node:fs'
import { DATA, note, sayThatAllIsWell } from './attack.ts'
for (let index = 0; index < 15; index++) fs.writeFileSync(DATA + '/' + index, Buffer.alloc(10 << 20))
note('reached')
sayThatAllIsWell()`,
    },
    ends: { atMost: 0 },
  },
]

/** For code that runs without attack.ts. */
function fillInNotes({ folder, notes }: Place): void {
  const server = path.join(folder, 'server.ts')
  writeFileSync(server, readFileSync(server, 'utf8').replaceAll('__NOTES__', notes))
}
