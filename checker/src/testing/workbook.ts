// Copies of the workbook for tests, and submissions to check with them.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { inject } from 'vitest'
import type { RunResult } from '../check/record.ts'
import { type Ended, run, type Started, type StartOptions, start } from './processes.ts'

const LAB = '01-cookie-sessions'

/** A new empty folder, with these files in it. It is removed when all tests are done. */
export function makeFolder(files: Record<string, string> = {}): string {
  const folder = mkdtempSync(path.join(inject('scratch'), 'folder-'))
  for (const [name, text] of Object.entries(files)) write(path.join(folder, name), text)
  return folder
}

/** A submission with nothing but this server.ts, and files beside it. */
export function makeSubmission(server: string, files: Record<string, string> = {}): string {
  return makeFolder({ 'server.ts': server, ...files })
}

/** A submission that is the solution of lab 1 with pieces of text replaced; each has to be there exactly once. */
export function changeSolution(...changes: [file: string, from: string, to: string][]): string {
  const folder = makeFolder()
  cpSync(path.join(inject('scratch'), 'workbook', 'solutions', LAB), folder, { recursive: true })
  for (const [name, from, to] of changes) {
    const file = path.join(folder, name)
    const parts = readFileSync(file, 'utf8').split(from)
    if (parts.length !== 2) throw new Error(`This is ${parts.length - 1} times in ${name}, not once: ${from}`)
    writeFileSync(file, parts.join(to))
  }
  return folder
}

/** A copy of the workbook that a test may change, with lab 1 as its only lab. */
export function makeWorkbook() {
  const original = path.join(inject('scratch'), 'workbook')
  const root = makeFolder()
  cpSync(original, root, { recursive: true, verbatimSymlinks: true })
  const program = (name: string, args: string[]) => [path.join(root, 'checker', 'bin', `${name}.js`), ...args]
  return {
    root,
    /** Where the student works on lab 1. */
    work: path.join(root, 'labs', LAB),
    solution: path.join(root, 'solutions', LAB),
    path: (...parts: string[]) => path.join(root, ...parts),
    read: (...parts: string[]) => readFileSync(path.join(root, ...parts), 'utf8'),
    write: (name: string, text: string) => write(path.join(root, name), text),
    /** Puts the solution of lab 1 where the student works. */
    solve: () => cpSync(path.join(root, 'solutions', LAB), path.join(root, 'labs', LAB), { recursive: true }),
    /** The folders of runs that are going on, or were left behind. */
    runFolders: () => {
      const folder = path.join(root, 'node_modules', '.cache', 'lab-check')
      return existsSync(folder) ? readdirSync(folder) : []
    },
    /** Runs one of the programs in checker/bin to its end. */
    run: (name: string, args: string[], options?: StartOptions): Promise<Ended> =>
      run(program(name, args), { cwd: root, ...options }),
    /** Starts one of the programs in checker/bin. */
    start: (name: string, args: string[], options?: StartOptions): Started =>
      start(program(name, args), { cwd: root, ...options }),
  }
}

export type Workbook = ReturnType<typeof makeWorkbook>

/** What `lab-check ARGS --format json` says of one lab. */
export async function verdict(
  workbook: Workbook,
  args: string[],
  options?: StartOptions,
): Promise<RunResult & { status: number | null }> {
  const { status, stdout, stderr } = await workbook.run('lab-check', [...args, '--format', 'json'], options)
  try {
    return { ...JSON.parse(stdout).results[0], status }
  } catch {
    throw new Error(`Exit status ${status}, and no JSON document: ${stdout}${stderr}`)
  }
}

/** Adds lab 42, with one page and these checks: JavaScript with `check` and everything of expect.ts at hand. */
export function addTinyLab(
  workbook: Workbook,
  {
    checks,
    chapter = '# Tiny\n',
    server = TINY_SERVER,
  }: { checks: string; chapter?: string; server?: string },
): void {
  for (const place of ['labs', 'solutions']) workbook.write(`${place}/42-tiny/server.ts`, server)
  workbook.write('labs/42-tiny/README.md', chapter)
  workbook.write(
    'checker/dist/checks/42-tiny.js',
    `import { check } from '../src/check/check.js'\nimport * as expect from '../src/check/expect.js'\n${checks}`,
  )
}

export const TINY_SERVER = `
import http from 'node:http'
http.createServer((_req, res) => res.end('hello\\n')).listen(Number(process.env.PORT), '127.0.0.1')
`

/** What curl, editors, the app and the student leave in a lab's folder without changing the app. */
export function writeBesideTheCode(workbook: Workbook, folder: string): void {
  for (const name of [
    'ada.txt',
    'notes.md',
    'server.log',
    '4913',
    '.server.ts.swp',
    'server.ts~',
    'shop.db',
    'new-folder/notes.txt',
    'node_modules/some-package/index.js',
    '.data/sessions.json',
  ]) {
    workbook.write(`${folder}/${name}`, 'something')
  }
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}
