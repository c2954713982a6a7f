// The processes in which stores are: one for all that need no other, and others by their names.

import { StoreProcess, type StoreProcessOptions } from './store-process.ts'
import type { ProcessOptions } from './store-under-test.ts'

const USUAL: ProcessOptions = { name: 'first' }

export class Processes {
  readonly #options: Omit<StoreProcessOptions, 'fileMaxKilobytes' | 'diesWhenFull'>
  readonly #started = new Map<string, StoreProcess>()
  #opened = 0

  constructor(options: Omit<StoreProcessOptions, 'fileMaxKilobytes' | 'diesWhenFull'>) {
    this.#options = options
  }

  /** The process of this name; started again if it has ended. */
  get({ name, ...limits }: ProcessOptions = USUAL): StoreProcess {
    const present = this.#started.get(name)
    if (present && !present.hasEnded) return present
    const started = new StoreProcess({ ...this.#options, ...limits })
    this.#started.set(name, started)
    return started
  }

  /** A number that no store of theirs has. */
  newNumber(): number {
    return ++this.#opened
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#started.values()].map((one) => one.kill()))
  }
}
