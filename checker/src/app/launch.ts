// Starts a compiled submission as a process of its own and waits until it answers.
import { type ChildProcess, spawn } from 'node:child_process'
import net from 'node:net'
import path from 'node:path'
import type { Readable } from 'node:stream'
import type { Address } from '../http/visitor.ts'
import { root } from '../lab/lab.ts'
import { freePort } from './free-port.ts'
import { killTree } from './processes.ts'
import type { RunFolder } from './run-folder.ts'
import { endedTrouble, floodTrouble, silentTrouble, takenPort, wrongPortTrouble } from './triage.ts'

/** An app that does not listen by then never will. Generous, for slow machines: a quick app is not held up by it. */
const START_DEADLINE_MS = 15_000

/** How long to wait for the right port once the app listens on a wrong one. */
const WRONG_PORT_GRACE_MS = 300

/** An app that answers without having reported its port: one that listens in a way the report does not see. */
const UNREPORTED_GRACE_MS = 1_000

const POLL_MS = 4

/** How often to knock at the port of an app that has reported none yet: a knock costs the app and us more than a look. */
const KNOCK_MS = 100

/** Between our look at a port and the app's, another program can take it. */
const PORT_TRIES = 3

/** How long to wait for the last output of an app that has ended. */
const LAST_OUTPUT_MS = 300

/** An app that prints more has a loop that prints. */
const OUTPUT_MAX_BYTES = 1_000_000

/** An app that listens on more ports than fit here writes these reports by itself. */
const REPORTS_MAX_BYTES = 1_000

export interface App extends Address {
  pid: number
  /** What the app has printed so far, both streams. */
  output(): string
  /** Undefined while the app runs. */
  ended(): Ended | undefined
  /** Ends the app and waits until it is gone. */
  stop(): Promise<void>
}

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  flooded: boolean
  /** It was ended through `stop`. */
  stopped: boolean
  /** An error in a promise that nothing was waiting for has ended it. */
  fromPromise: boolean
}

export interface LaunchOptions {
  run: RunFolder
  bundle: string
  /** The app's working folder: the submission. */
  cwd: string
  dataFolder: string
  /** More environment, such as SESSION_SECRET. */
  env?: Record<string, string>
  /** Seconds by which the app's clock is ahead; below 0, it is behind. */
  clockAheadSeconds?: number
  /** Seconds by which the app's clock goes ahead, on top of that, at the moment when it listens. */
  clockLeapSeconds?: number
}

/**
 * Starts the app on a free port.
 * @throws StartTrouble when it ends, listens elsewhere, never listens, or prints without end
 */
export async function launch(options: LaunchOptions, tries = PORT_TRIES): Promise<App> {
  const port = await freePort()
  const child = start(options, port)
  if (child.pid !== undefined) options.run.own(child.pid)
  const state = watch(child)
  const app = {
    port,
    pid: child.pid ?? 0,
    output: () => state.output,
    ended: () => state.ended ?? endedNow(child, state),
    async stop() {
      if (endedNow(child, state)) return
      const gone = new Promise((resolve) => child.once('exit', resolve))
      state.stopped = true
      killTree(child.pid)
      await gone
    },
  }
  const begin = performance.now()
  let wrongPortSince: number | undefined
  let answersSince: number | undefined
  let knockedAt = Number.NEGATIVE_INFINITY
  for (;;) {
    const knocks = state.ports.includes(port) || performance.now() - knockedAt > KNOCK_MS
    if (knocks) knockedAt = performance.now()
    const host = knocks ? await answeringHost(port) : undefined
    const now = performance.now()
    if (host) answersSince ??= now
    // Whoever answers has to be this app, and no other that was given the same port at the same moment.
    const isOurs = state.ports.includes(port) || (answersSince ?? now) < now - UNREPORTED_GRACE_MS
    if (host && isOurs) return { ...app, host }
    if (state.ended?.flooded) throw floodTrouble(state.output)
    if (state.ended) {
      const isOurFault = takenPort(state.output) === port
      if (isOurFault && tries > 1) return launch(options, tries - 1)
      throw endedTrouble(state.output, state.ended, options.cwd)
    }
    if (state.ports.length > 0 && !state.ports.includes(port)) wrongPortSince ??= now
    if (wrongPortSince !== undefined && now - wrongPortSince > WRONG_PORT_GRACE_MS) {
      killTree(child.pid)
      throw wrongPortTrouble(state.ports[0] ?? 0, port)
    }
    if (now - begin > START_DEADLINE_MS) {
      killTree(child.pid)
      throw silentTrouble(START_DEADLINE_MS / 1000, state.output)
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

function start(
  { bundle, cwd, dataFolder, env, clockAheadSeconds = 0, clockLeapSeconds = 0 }: LaunchOptions,
  port: number,
): ChildProcess {
  const preload = path.join(root, 'checker', 'bin', 'preload.cjs')
  return spawn(process.execPath, ['--enable-source-maps', '--require', preload, bundle], {
    cwd,
    env: {
      ...machineEnvironment(),
      HOME: dataFolder,
      TMPDIR: dataFolder,
      ...env,
      PORT: String(port),
      DATA_DIR: dataFolder,
      LAB_CLOCK_AHEAD_SECONDS: String(clockAheadSeconds),
      LAB_CLOCK_LEAP_SECONDS: String(clockLeapSeconds),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that it can be ended with everything that it started.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
}

/** Only what a Node process needs to run: nothing of the student's or the grader's own environment. */
export function machineEnvironment(): Record<string, string | undefined> {
  const names = ['PATH', 'Path', 'SystemRoot', 'SYSTEMROOT', 'windir', 'COMSPEC', 'TEMP', 'TMP', 'LANG', 'TZ']
  return Object.fromEntries(
    names.filter((name) => name in process.env).map((name) => [name, process.env[name]]),
  )
}

interface Watched {
  output: string
  flooded: boolean
  stopped: boolean
  /** Set when the last output has been read. */
  ended: Ended | undefined
  /** Ports that the app said it listens on. */
  ports: number[]
  fromPromise: boolean
}

function watch(child: ChildProcess): Watched {
  const state: Watched = {
    output: '',
    flooded: false,
    stopped: false,
    ended: undefined,
    ports: [],
    fromPromise: false,
  }
  let bytes = 0
  const read = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= OUTPUT_MAX_BYTES) state.output += chunk.toString('utf8')
    else if (!state.flooded) {
      state.flooded = true
      killTree(child.pid)
    }
  }
  child.stdout?.on('data', read)
  child.stderr?.on('data', read)
  const reports = child.stdio[3] as Readable | undefined
  let reported = ''
  reports?.on('data', (chunk: Buffer) => {
    reported += chunk
    const lines = reported.slice(0, REPORTS_MAX_BYTES).split('\n').slice(0, -1)
    const numbers = lines.map(Number)
    if (lines.includes('unhandledRejection')) state.fromPromise = true
    state.ports = numbers.filter((number) => Number.isInteger(number) && number > 0 && number < 65_536)
    if (reported.length > REPORTS_MAX_BYTES) reports.destroy()
  })
  reports?.on('error', () => {})
  child.on('error', (error) => {
    state.output += error.message
    state.ended = { code: null, signal: null, flooded: false, stopped: false, fromPromise: false }
  })
  // 'close' comes after the last output has been read, 'exit' may come before.
  child.on('close', () => {
    state.ended ??= endedNow(child, state)
  })
  // But 'close' never comes while something that the app has started holds its output open.
  child.on('exit', () => {
    const giveUp = () => {
      state.ended ??= endedNow(child, state)
      for (const stream of child.stdio) stream?.destroy()
    }
    setTimeout(giveUp, LAST_OUTPUT_MS).unref()
  })
  return state
}

/** How the process ended, though its last output may still be on the way; undefined while it runs. */
function endedNow({ exitCode, signalCode }: ChildProcess, state: Watched): Ended | undefined {
  if (exitCode === null && signalCode === null) return undefined
  const { flooded, stopped, fromPromise } = state
  return { code: exitCode, signal: signalCode, flooded, stopped, fromPromise }
}

/** Of the addresses that `localhost` can be, the one that takes a connection on the port. */
async function answeringHost(port: number): Promise<string | undefined> {
  for (const host of ['127.0.0.1', '::1']) if (await connects(host, port)) return host
  return undefined
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
