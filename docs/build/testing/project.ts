// A copy of the project for tests that change a source and build the site from it.
import { execFile } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { root } from '../../../checker/src/lab/lab.ts'

const NOT_COPIED = /(?:^|[/\\])(?:node_modules|dist|\.data)(?:[/\\]|$)/

export interface Built {
  exitCode: number
  output: string
}

export class ProjectCopy {
  readonly root = mkdtempSync(path.join(tmpdir(), 'session-labs-docs-'))
  readonly outFolder = path.join(this.root, 'docs', 'dist')

  constructor() {
    for (const name of ['labs', 'solutions', 'checker', 'docs', 'package.json', 'tsconfig.json']) {
      cpSync(path.join(root, name), path.join(this.root, name), {
        recursive: true,
        filter: (file) => !NOT_COPIED.test(path.relative(root, file)),
      })
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(this.root, 'node_modules'), 'dir')
  }

  append(file: string, text: string): void {
    appendFileSync(path.join(this.root, file), text)
  }

  /** Replaces a piece of a file, which has to be there. */
  replace(file: string, from: string, to: string): void {
    const text = readFileSync(path.join(this.root, file), 'utf8')
    if (!text.includes(from)) throw new Error(`${file} does not have: ${from}`)
    writeFileSync(
      path.join(this.root, file),
      text.replace(from, () => to),
    )
  }

  /** The number of the line on which a text stands. */
  lineOf(file: string, text: string): number {
    const before = readFileSync(path.join(this.root, file), 'utf8').split(text)[0] ?? ''
    return before.split('\n').length
  }

  /** What the site has in a file. */
  built(file: string): string {
    return readFileSync(path.join(this.outFolder, file), 'utf8')
  }

  /** Runs the command line, as `npm run docs -- …` does. */
  build(...args: string[]): Promise<Built> {
    return new Promise((resolve) => {
      const cli = path.join(this.root, 'docs', 'build', 'cli.ts')
      execFile(
        process.execPath,
        ['--import', 'tsx', cli, ...args],
        { cwd: this.root },
        (error, stdout, stderr) => resolve({ exitCode: Number(error?.code ?? 0), output: stdout + stderr }),
      )
    })
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}
