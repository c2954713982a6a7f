// One instance of a lab's app as a process under tsx: started, ended, started again. What it prints is passed on.
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import colors from 'picocolors'
import type { RunFolder } from '../app/run-folder.ts'
import { findError } from '../app/triage.ts'
import { root } from '../lab/lab.ts'
import { sayTrouble } from './trouble.ts'

/** An app may finish what it is at when it is asked to end, but not for longer. */
const STOP_MS = 2_000

export interface InstanceOptions {
  entry: string
  /** The app's working folder. */
  folder: string
  env: NodeJS.ProcessEnv
  /** In a lab with several instances: goes before each line that this one prints. */
  name?: string
  /** In a lab with several instances: has them ended, however we end. */
  run?: RunFolder
}

export class Instance {
  readonly #options: InstanceOptions
  #app: ChildProcess | undefined

  constructor(options: InstanceOptions) {
    this.#options = options
  }

  get runs(): boolean {
    return this.#app !== undefined && this.#app.exitCode === null && this.#app.signalCode === null
  }

  start(): void {
    const { entry, folder, env, name, run } = this.#options
    const tsx = pathToFileURL(path.join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href
    const alone = name === undefined
    const app = spawn(process.execPath, ['--enable-source-maps', '--import', tsx, entry], {
      cwd: folder,
      env,
      // One of several has neither the keyboard nor the Ctrl-C of the terminal: both are for us.
      stdio: alone ? ['inherit', 'inherit', 'pipe'] : ['ignore', 'pipe', 'pipe'],
      detached: !alone && process.platform !== 'win32',
    })
    this.#app = app
    if (app.pid !== undefined) run?.own(app.pid)
    let errors = ''
    app.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-20_000)
      if (alone) process.stderr.write(withoutForeignFrames(text))
    })
    if (!alone) {
      passOnLines(app.stdout, process.stdout, name)
      passOnLines(app.stderr, process.stderr, name)
    }
    app.on('exit', (code, signal) => {
      if (signal || code === 0 || code === null) return
      const error = findError(errors, folder)
      const sentence = `${alone ? 'The app' : `Instance ${name}`} has ended. ${error ? error.message : `Its exit code is ${code}.`}`
      const advice = error?.place ? `Look at ${error.place}.` : 'The lines above are what it printed.'
      sayTrouble({ kind: 'ended', sentence, detail: [], advice }, folder)
    })
  }

  /** Asks it to end, and waits until it has; after 2 s it has to. */
  stop(): Promise<void> {
    return this.#end('SIGTERM')
  }

  /** Ends it at once, as a crash would. */
  kill(): Promise<void> {
    return this.#end('SIGKILL')
  }

  #end(signal: NodeJS.Signals): Promise<void> {
    const app = this.#app
    return new Promise((resolve) => {
      if (!app || !this.runs) return resolve()
      const force = setTimeout(() => app.kill('SIGKILL'), STOP_MS)
      app.once('exit', () => {
        clearTimeout(force)
        resolve()
      })
      app.kill(signal)
    })
  }
}

/** Whole lines, each with the name of the instance before it. */
function passOnLines(from: NodeJS.ReadableStream | null, to: NodeJS.WriteStream, name: string): void {
  let rest = ''
  const write = (lines: string[]) => {
    const text = withoutForeignFrames(lines.map((line) => `${line}\n`).join(''))
    to.write(text.replace(/^/gm, colors.dim(`${name} | `)).replace(/[^\n]*$/, ''))
  }
  from?.setEncoding('utf8')
  from?.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    write(lines)
  })
  from?.on('end', () => write(rest === '' ? [] : [rest]))
}

/** The lines of a stack that lie in packages or in Node tell a student nothing. */
function withoutForeignFrames(text: string): string {
  return text.replace(/^ +at .*(?:[\\/]node_modules[\\/]|\(?node:).*\n/gm, '')
}
