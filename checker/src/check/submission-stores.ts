// The session store that a submission has, opened and called without its app, in processes of its own.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { compile } from '../app/compile.ts'
import { developmentEnvironment } from '../app/environment.ts'
import type { RunFolder } from '../app/run-folder.ts'
import { Shortfall } from '../conformance/finding.ts'
import { folderStore } from '../conformance/folder-store.ts'
import { Processes } from '../conformance/processes.ts'
import { CommandError, StoreProcess } from '../conformance/store-process.ts'
import type { Data, GivenError, StoreUnderTest } from '../conformance/store-under-test.ts'
import { shownPath } from '../lab/lab.ts'
import type { Draw } from './draw.ts'

/** What a test does with a session through `sessionTransaction`. */
export interface Transaction {
  cookieHeader?: string
  /** Properties that it gives the session. */
  put?: Data
  /** It has every text `from` in the session read `to`. */
  from?: string
  to?: string
}

export interface TransactionResult {
  cookieHeader?: unknown
  /** What the session had in it when it was opened. */
  seen?: Data
  error?: GivenError
  /** It neither resolved nor threw. */
  hung?: boolean
}

/** The submission's sessions.ts with an app that nobody can reach. */
export interface TestSessions {
  transaction(parts: Transaction): Promise<TransactionResult>
}

export class SubmissionStores {
  readonly #run: RunFolder
  readonly #folder: string
  readonly #compiled = new Map<string, Promise<string>>()
  #processes: Processes | undefined
  #folders = 0

  constructor(run: RunFolder, folder: string) {
    this.#run = run
    this.#folder = folder
  }

  newFolder(): string {
    return this.#run.folder(`folder-${++this.#folders}`)
  }

  /**
   * The submission's FileStore for one check.
   * @param tell given what is done, as sentences
   * @param forget called when what was done so far is no part of what follows
   */
  forCheck(draw: Draw, tell: (says: string) => void, forget: () => void): StoreUnderTest {
    this.#processes ??= new Processes({
      run: this.#run,
      cwd: this.#folder,
      dataFolder: this.#run.folder('stores'),
    })
    let ids = 0
    return folderStore({
      processes: this.#processes,
      module: () => this.#module('file-store.ts'),
      folder: this.newFolder(),
      newId: () => `${draw.words(1)}-${draw.int(10_000, 99_999)}-${++ids}`,
      tell,
      forget,
    })
  }

  /** @throws Shortfall when sessions.ts does not load, or useFileSessions throws */
  async testSessions(env: Record<string, string>): Promise<TestSessions> {
    const module = await this.#module('sessions.ts')
    const home = new StoreProcess({
      run: this.#run,
      cwd: this.#folder,
      dataFolder: env.DATA_DIR ?? this.newFolder(),
      env: { ...developmentEnvironment, ...env },
    })
    try {
      await home.ask('useSessions', { module })
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      throw new Shortfall(
        'useFileSessions(app) should give an app its sessions.',
        `It threw: ${error.message}`,
      )
    }
    return {
      transaction: async (parts) => (await home.ask('transaction', parts)) as TransactionResult,
    }
  }

  /** The compiled file that begins with this one. */
  #module(name: string): Promise<string> {
    const present = this.#compiled.get(name)
    if (present) return present
    const compiling = this.#compile(path.join(this.#folder, name))
    this.#compiled.set(name, compiling)
    return compiling
  }

  async #compile(file: string): Promise<string> {
    if (!existsSync(file)) {
      throw new Shortfall(
        'Your folder should have all files of the starter.',
        `${shownPath(file)} is missing.`,
      )
    }
    return (await compile(this.#folder, this.#run.path, file)).bundle
  }
}
