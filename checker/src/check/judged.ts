// The submission that is being judged: its instances, and what they say when something goes wrong.
import { readFile } from 'node:fs/promises'
import { compile } from '../app/compile.ts'
import { developmentEnvironment } from '../app/environment.ts'
import { type App, launch } from '../app/launch.ts'
import type { RunFolder } from '../app/run-folder.ts'
import { findError } from '../app/triage.ts'
import type { NoReply } from '../http/wire.ts'
import { DataFolder } from '../store/data-folder.ts'
import type { Why } from './record.ts'

/** How long to wait for what an app that fails still prints, and for its end. */
const SETTLE_MS = 250

/** On top of the usual environment, so that no run waits for slow hashes; the check that is about them asks for its own. */
const QUICK = { PASSWORD_COST: '4' }

/** How another instance of the app differs from the first. */
export interface InstanceOptions {
  /** Environment on top of the usual one. */
  env?: Record<string, string>
  /** Seconds by which its clock is ahead, so that expiry is seen without waiting. */
  clockAheadSeconds?: number
  /** `own` (the default): an empty data folder. `shared`: that of the first instance. */
  data?: 'own' | 'shared'
}

export class Judged {
  readonly seed: string
  readonly folder: string
  /** What the first instance stores. */
  readonly data: DataFolder
  /** Ids of the checks that have passed. */
  readonly passed = new Set<string>()
  readonly #run: RunFolder
  readonly #compiled: ReturnType<typeof compile>
  readonly #instances = new Map<string, Promise<App>>()
  /** How much each instance had printed when the present check began. */
  #printedBefore = new Map<App, number>()
  #dataFolders = 0

  /** Starts to compile the folder at once; trouble shows in the first call of `mainInstance`. */
  constructor(run: RunFolder, folder: string, seed: string) {
    this.seed = seed
    this.folder = folder
    this.#run = run
    this.data = new DataFolder(run.folder('data'), run.folder('read'))
    this.#compiled = compile(folder, run.path)
    this.#compiled.catch(() => {})
  }

  /** The first instance; started again when it has died. */
  mainInstance(): Promise<App> {
    return this.instance({ data: 'shared' })
  }

  /** @throws StartTrouble */
  async instance(options: InstanceOptions): Promise<App> {
    const key = JSON.stringify(options)
    const present = this.#instances.get(key)
    if (present && !(await present).ended()) return present
    const starting = this.#start(options)
    starting.catch(() => {})
    this.#instances.set(key, starting)
    return starting
  }

  async source(): Promise<string> {
    const { sources } = await this.#compiled
    return (await Promise.all(sources.map((file) => readFile(file, 'utf8')))).join('\n')
  }

  /** Called as a check begins: what the app prints from here on belongs to it. */
  async beginCheck(): Promise<void> {
    this.#printedBefore = new Map((await this.#running()).map((app) => [app, app.output().length]))
  }

  /** The error that the app printed during the present check, as lines for the student. */
  async said(): Promise<string[]> {
    const apps = await this.#running()
    const errors = () =>
      apps.map((app) => findError(app.output().slice(this.#printedBefore.get(app) ?? 0), this.folder))
    // The answer can arrive a moment before the app's output does.
    await settle(() => errors().some((error) => error?.place !== undefined))
    const error = errors().find((one) => one !== undefined)
    if (!error) return []
    return [`Your app said: ${error.message}`, ...(error.place ? [`at ${error.place}`] : [])]
  }

  /** Why no reply came, in the student's terms. An app that hangs is ended, and is started again for the next check. */
  async explainNoReply(trouble: NoReply): Promise<Omit<Why, 'did'>> {
    const apps = await this.#running()
    // A connection is cut a moment before it is known that the process has ended.
    if (trouble.kind !== 'slow') await settle(() => apps.some((app) => app.ended()))
    const said = await this.said()
    const expected = 'Your app should answer this request.'
    if (trouble.kind === 'slow') {
      await Promise.all(apps.map((app) => app.stop()))
      return {
        expected,
        got: `It gave ${trouble.message}. Does every way through the route send an answer? Does every await end?`,
        detail: said,
      }
    }
    if (apps.some((app) => app.ended()?.flooded)) {
      return {
        expected,
        got: 'It printed more than a megabyte, so I ended it. Look for a loop that prints.',
        detail: [],
      }
    }
    if (apps.some((app) => app.ended()))
      return { expected, got: 'It ended while it was at work on it.', detail: said }
    return { expected, got: `Instead, ${trouble.message}.`, detail: said }
  }

  async #start({ env, clockAheadSeconds, data = 'own' }: InstanceOptions): Promise<App> {
    const { bundle } = await this.#compiled
    const dataFolder = this.#run.folder(data === 'shared' ? 'data' : `data-${++this.#dataFolders}`)
    return launch({
      run: this.#run,
      bundle,
      cwd: this.folder,
      dataFolder,
      env: { ...developmentEnvironment, ...QUICK, ...env },
      clockAheadSeconds,
    })
  }

  /** All instances that came up, also those that have ended since. */
  async #running(): Promise<App[]> {
    const settled = await Promise.allSettled(this.#instances.values())
    return settled.filter((one) => one.status === 'fulfilled').map((one) => one.value)
  }
}

/** Waits until the condition holds, but not longer than it takes to settle. */
async function settle(condition: () => boolean): Promise<void> {
  const begin = performance.now()
  while (!condition() && performance.now() - begin < SETTLE_MS) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
