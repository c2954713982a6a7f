// Before all tests: compiles the checker as it is now into a workbook from which every test makes its own copies.
// Nothing is built into the developer's own checkout, and no test judges an old build.
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder for everything that the tests write; it is removed when they are done. */
    scratch: string
  }
}

/** The tests know lab 1; the others may be half written while they run. */
const LAB = '01-cookie-sessions'

export default function setup(project: TestProject): () => void {
  const checkout = project.config.root
  const scratch = mkdtempSync(path.join(realpathSync(tmpdir()), 'session-labs-tests-'))
  project.provide('scratch', scratch)
  const workbook = path.join(scratch, 'workbook')
  const copied = [
    `labs/${LAB}`,
    'labs/kit',
    `solutions/${LAB}`,
    'checker/bin',
    'checker/package.json',
    'package.json',
    'tsconfig.json',
  ]
  for (const name of copied) {
    const filter = (file: string) => !file.endsWith('.test.ts')
    cpSync(path.join(checkout, name), path.join(workbook, name), { recursive: true, filter })
  }
  compile(checkout, path.join(workbook, 'checker', 'dist'))
  linkPackages(path.join(checkout, 'node_modules'), path.join(workbook, 'node_modules'))
  return () => rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

function compile(checkout: string, outFolder: string): void {
  const tsc = path.join(checkout, 'node_modules', 'typescript', 'bin', 'tsc')
  try {
    execFileSync(process.execPath, [tsc, '-p', path.join(checkout, 'checker'), '--outDir', outFolder])
  } catch (error) {
    // A type error somewhere is for `npm run lint` to tell. What could be compiled is there.
    if (!existsSync(path.join(outFolder, 'src', 'cli', 'lab-check.js'))) throw error
  }
}

/** Each package is a link, and the folder is our own: runs write into node_modules/.cache. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to)
  for (const name of readdirSync(from)) {
    if (name.startsWith('.') || name === 'lab-check') continue
    symlinkSync(path.join(from, name), path.join(to, name), 'junction')
  }
}
