// A Redis of the run's own: a private process, in its own folder, that ends with the run.
import { type ChildProcess, spawn } from 'node:child_process'
import net from 'node:net'
import { freePort } from '../app/free-port.ts'
import type { RunFolder } from '../app/run-folder.ts'
import { CheckerError } from '../lab/errors.ts'

/** Redis starts in some 20 ms. Generous, for slow machines. */
const START_DEADLINE_MS = 15_000

const POLL_MS = 4

export interface PrivateRedis {
  /** On 127.0.0.1, the same after every start. */
  port: number
  /** Kills it, as a crash would, and waits until it is gone. */
  stop(): Promise<void>
  /** Starts it again, with the data that it had; nothing happens while it runs. */
  start(): Promise<void>
}

/** @throws CheckerError when the program does not come up */
export async function startPrivateRedis(run: RunFolder, program: string): Promise<PrivateRedis> {
  const port = await freePort()
  const folder = run.folder('redis')
  let child = await start(run, program, port, folder)
  return {
    port,
    stop: () => stop(child),
    start: async () => {
      if (!hasEnded(child)) return
      child = await start(run, program, port, folder)
    },
  }
}

async function start(run: RunFolder, program: string, port: number, folder: string): Promise<ChildProcess> {
  const options = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'yes',
    // Each write is in the file before its answer is sent, which is enough when the process dies. To have it on the
    // disk as well ("always") takes ten times as long, and "everysec" may hold a write back while the disk is busy.
    appendfsync: 'no',
    'auto-aof-rewrite-percentage': '0',
    loglevel: 'warning',
  }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, where Ctrl-C in the terminal does not reach it.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  if (child.pid !== undefined) run.own(child.pid)
  let output = ''
  let failed = false
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text) => {
      output = (output + text).slice(-2_000)
    })
  }
  child.once('error', (error) => {
    output += error.message
    failed = true
  })
  const begin = performance.now()
  while (!(await answers(port))) {
    if (failed || hasEnded(child) || performance.now() - begin > START_DEADLINE_MS) {
      await stop(child)
      throw new CheckerError(`${program} did not start. It said: ${output.trim().split('\n').at(-1)}`)
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return child
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined || hasEnded(child)) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

/** Whether a Redis is there and has read its data: until then it answers PING with an error. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.once('data', (answer) => {
      socket.destroy()
      resolve(String(answer).startsWith('+PONG'))
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}
