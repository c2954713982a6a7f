import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { until } from '../testing/processes.ts'
import { makeFolder, makeSubmission, makeWorkbook } from '../testing/workbook.ts'
import { isRunning } from './processes.ts'
import { openRun } from './run-folder.ts'

/**
 * A server that never answers, so that a run is in its middle when it is ended. It starts a process of its own,
 * or one that leaves its group, and writes all ids into a file.
 */
function hangingSubmission(detached: boolean): { folder: string; pids: () => Promise<number[]> } {
  const file = path.join(makeFolder(), 'pids')
  const folder = makeSubmission(`
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
fs.writeFileSync(process.env.DATA_DIR + '/orders', 'written by the app')
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: ${detached}, stdio: 'ignore' })
http.createServer(() => {
  fs.writeFileSync(${JSON.stringify(`${file}.new`)}, JSON.stringify([process.pid, child.pid]))
  fs.renameSync(${JSON.stringify(`${file}.new`)}, ${JSON.stringify(file)})
}).listen(Number(process.env.PORT), '127.0.0.1')
`)
  const pids = async () => {
    await until(() => existsSync(file), 'the app is asked for a page')
    return JSON.parse(readFileSync(file, 'utf8')) as number[]
  }
  return { folder, pids }
}

describe.concurrent('nothing is left of a run', () => {
  test('that came to its end: no process, no folder', async ({ expect }) => {
    const workbook = makeWorkbook()
    const { folder, pids } = hangingSubmission(false)
    const { status } = await workbook.run('lab-check', ['1', '--dir', folder, '--only', 'opens'])
    expect(status).toBe(1)
    expect((await pids()).filter(isRunning)).toEqual([])
    expect(workbook.runFolders()).toEqual([])
  })

  const signals = process.platform === 'win32' ? [] : (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)
  const cases = signals.flatMap((signal) => [
    [signal, 'the app and what it has started', false] as const,
    // Only Linux tells which process belongs to the run once it has left the app's group.
    ...(process.platform === 'linux' && ['SIGINT', 'SIGKILL'].includes(signal)
      ? [[signal, 'a process that left the app’s group', true] as const]
      : []),
  ])
  test.each(cases)('that %s ended in its middle: %s', async (signal, _what, detached) => {
    const workbook = makeWorkbook()
    const { folder, pids } = hangingSubmission(detached)
    const run = workbook.start('lab-check', ['1', '--dir', folder])
    const started = await pids()
    expect(started.filter(isRunning)).toEqual(started)
    expect(workbook.runFolders()).toHaveLength(1)
    process.kill(run.pid, signal)
    const ended = await run.ended
    expect(ended.status).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: null, SIGKILL: null }[signal])
    await until(() => !started.some(isRunning), 'the processes are gone', 5_000)
    await until(() => workbook.runFolders().length === 0, 'the folder is gone', 5_000)
  })

  test.runIf(process.platform === 'linux')(
    'whose keeper was killed: lab-check itself still cleans up, and does not wait for ever',
    async ({ expect }) => {
      const workbook = makeWorkbook()
      const file = path.join(makeFolder(), 'pid')
      const folder = makeSubmission(`
import fs from 'node:fs'
import http from 'node:http'
let killed = 0
// The keeper is the process beside the app: started by the same parent, and named so.
for (const pid of fs.readdirSync('/proc').filter(Number)) {
  try {
    const parent = /\\) \\S (\\d+)/.exec(fs.readFileSync('/proc/' + pid + '/stat', 'utf8'))?.[1]
    const command = fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8')
    if (Number(parent) === process.ppid && command.includes('keeper.js')) {
      process.kill(Number(pid), 'SIGKILL')
      killed += 1
    }
  } catch {}
}
fs.writeFileSync(${JSON.stringify(file)}, JSON.stringify({ pid: process.pid, killed }))
http.createServer((_req, res) => res.end('hello')).listen(Number(process.env.PORT), '127.0.0.1')
`)
      const { status } = await workbook.run('lab-check', ['1', '--dir', folder, '--only', 'opens'])
      expect(status).toBe(1)
      const { pid, killed } = JSON.parse(readFileSync(file, 'utf8'))
      expect(killed).toBe(1)
      await until(() => !isRunning(pid), 'the app is gone', 5_000)
      await until(() => workbook.runFolders().length === 0, 'the folder is gone', 5_000)
    },
  )
})

test('runs at the same time have folders of their own', async () => {
  const workbook = makeWorkbook()
  const runs = await Promise.all(
    [1, 2].map(() => workbook.run('lab-check', ['1', '--solution', '--only', 'opens'])),
  )
  expect(runs.map((run) => run.status)).toEqual([0, 0])
  expect(workbook.runFolders()).toEqual([])
})

test('what is started when the run has ended already is ended at once, and makes no folder again', async () => {
  const run = openRun()
  await run.close()
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: 'ignore',
    detached: process.platform !== 'win32',
  })
  run.own(child.pid ?? 0)
  run.folder('data-1')
  await once(child, 'exit')
  expect(existsSync(run.path)).toBe(false)
})
