// Starts real processes for tests, waits for what they do, and ends them.
import { type ChildProcess, spawn } from 'node:child_process'

export interface Ended {
  status: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface Started {
  pid: number
  child: ChildProcess
  /** What it has printed so far, both streams. */
  output(): string
  /** Resolves when it has ended and all its output is read. */
  ended: Promise<Ended>
  /** Resolves when the text, or a match of the pattern, has been printed; rejects when it ends without. */
  prints(wanted: string | RegExp): Promise<void>
}

export interface StartOptions {
  cwd?: string
  /** On top of this process's environment; undefined takes a variable out. */
  env?: Record<string, string | undefined>
}

/** Starts a Node program. */
export function start(args: string[], { cwd, env }: StartOptions = {}): Started {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr, output] = ['', '', '']
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text
    output += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text
    output += text
  })
  let over = false
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => {
      over = true
      resolve({ status, signal, stdout, stderr })
    })
  })
  const prints = async (wanted: string | RegExp) => {
    const there = () => (typeof wanted === 'string' ? output.includes(wanted) : wanted.test(output))
    await until(() => there() || over, `it prints ${wanted}; it printed:\n${output}`)
    if (!there()) throw new Error(`It ended without printing ${wanted}. It printed:\n${output}`)
  }
  return { pid: child.pid ?? 0, child, output: () => output, ended, prints }
}

/** Runs a Node program to its end. */
export function run(args: string[], options?: StartOptions): Promise<Ended> {
  return start(args, options).ended
}

/** Waits until the condition holds. @throws Error, naming what did not come, after the deadline */
export async function until(
  condition: () => unknown | Promise<unknown>,
  what: string,
  deadlineMs = 20_000,
): Promise<void> {
  const begin = performance.now()
  while (!(await condition())) {
    if (performance.now() - begin > deadlineMs) throw new Error(`Waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
