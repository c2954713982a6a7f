// A process in which stores are opened and called. Whatever their code does, it does there.
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { machineEnvironment } from '../app/launch.ts'
import { killTree } from '../app/processes.ts'
import type { RunFolder } from '../app/run-folder.ts'
import { root } from '../lab/lab.ts'
import { Shortfall } from './finding.ts'
import type { GivenError } from './store-under-test.ts'

/** The process answers by itself within two seconds unless a loop keeps it from that. Generous, for slow machines. */
const REPLY_DEADLINE_MS = 20_000

/** A store that prints more, or gives more, has a loop. */
const OUTPUT_MAX_BYTES = 1_000_000
const REPLY_MAX_CHARACTERS = 8_000_000

export interface StoreProcessOptions {
  run: RunFolder
  /** Its working folder. */
  cwd: string
  /** Its DATA_DIR and home. */
  dataFolder: string
  env?: Record<string, string>
  /** No file that it writes can be larger. Not to be had on Windows. */
  fileMaxKilobytes?: number
  /** It ends at the first byte that is too much, as if it were killed then. */
  diesWhenFull?: boolean
}

/** An error that a command ended with, other than in a call. */
export class CommandError extends Error {
  readonly given: GivenError
  constructor(given: GivenError) {
    super(given.message)
    this.given = given
  }
}

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
}

export class StoreProcess {
  /** Its folder for files that belong nowhere else, and for temporary ones. */
  readonly home: string
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  #commands = 0
  #printed = 0
  #end: string | undefined

  constructor({ run, cwd, dataFolder, env, fileMaxKilobytes, diesWhenFull }: StoreProcessOptions) {
    this.home = dataFolder
    const program = [
      process.execPath,
      '--enable-source-maps',
      '--require',
      path.join(root, 'checker', 'bin', 'preload.cjs'),
      path.join(root, 'checker', 'bin', 'store-host.js'),
      ...(diesWhenFull ? ['dies-when-full'] : []),
    ]
    // In the shell of POSIX, a block has 512 bytes.
    const limited = [
      '/bin/sh',
      '-c',
      `ulimit -c 0; ulimit -f ${2 * (fileMaxKilobytes ?? 0)} && exec "$0" "$@"`,
      ...program,
    ]
    const [command = '', ...args] = fileMaxKilobytes === undefined ? program : limited
    this.#child = spawn(command, args, {
      cwd,
      env: { ...machineEnvironment(), HOME: dataFolder, TMPDIR: dataFolder, DATA_DIR: dataFolder, ...env },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
    if (this.#child.pid !== undefined) run.own(this.#child.pid)
    this.#watch()
  }

  get hasEnded(): boolean {
    return this.#end !== undefined
  }

  /**
   * Has a command of bin/store-host.js done.
   * @throws CommandError with what it threw; Shortfall when the process has ended, or hangs
   */
  ask(command: string, parts: object = {}): Promise<unknown> {
    if (this.#end !== undefined) return Promise.reject(ended(this.#end))
    const number = ++this.#commands
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => this.#stop('a loop kept it from everything else'), REPLY_DEADLINE_MS)
      const settled = (settle: () => void) => {
        clearTimeout(deadline)
        this.#waiting.delete(number)
        settle()
      }
      this.#waiting.set(number, {
        resolve: (result) => settled(() => resolve(result)),
        reject: (error) => settled(() => reject(error)),
      })
      this.#child.stdin?.write(`${JSON.stringify({ number, command, ...parts })}\n`)
    })
  }

  /** Ends it as kill -9 does, whatever it is at. Resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#stop('it was killed')
    await gone
  }

  #watch(): void {
    const { stdin, stdout, stderr, stdio } = this.#child
    stdin?.on('error', () => {})
    for (const stream of [stdout, stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#printed += chunk.length
        if (this.#printed > OUTPUT_MAX_BYTES) this.#stop('it printed more than a megabyte')
      })
    }
    // Where preload.cjs tells the ports that are listened on: nobody wants to know.
    ;(stdio[3] as Readable).on('error', () => {}).resume()
    let text = ''
    const replies = stdio[4] as Readable
    replies.on('error', () => {})
    replies.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.length > REPLY_MAX_CHARACTERS) this.#stop('it gave more than eight megabytes')
      const lines = text.split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) this.#receive(line)
    })
    this.#child.on('error', (error) => this.#stop(error.message))
    this.#child.on('exit', (code, signal) => this.#stop(`it ended with ${signal ?? `code ${code}`}`))
  }

  /** Only numbers that we gave out count, and only once: a store could write here as well. */
  #receive(line: string): void {
    let reply: { number?: number; result?: unknown; error?: GivenError } | null
    try {
      reply = JSON.parse(line)
    } catch {
      return
    }
    const waiting = this.#waiting.get(reply?.number ?? 0)
    if (reply?.error) waiting?.reject(new CommandError(reply.error))
    else waiting?.resolve(reply?.result)
  }

  #stop(because: string): void {
    this.#end ??= because
    killTree(this.#child.pid)
    for (const one of [...this.#waiting.values()]) one.reject(ended(this.#end))
  }
}

function ended(because: string): Shortfall {
  return new Shortfall('The process in which the store is should go on.', `It has ended: ${because}.`)
}
