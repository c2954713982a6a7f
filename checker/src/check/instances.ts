// The instances of a submission: one for each set of options, started when it is asked for, and again when it has ended.
import { compile } from '../app/compile.ts'
import { developmentEnvironment, redisEnvironment } from '../app/environment.ts'
import { type App, launch } from '../app/launch.ts'
import type { RunFolder } from '../app/run-folder.ts'
import { instancesOf, type LabInstance } from '../lab/instances.ts'
import type { Lab } from '../lab/lab.ts'
import type { RunRedis } from '../redis/open-redis.ts'

/** How another instance of the app differs from the first. */
export interface InstanceOptions {
  /** Environment on top of the usual one. */
  env?: Record<string, string>
  /** Seconds by which its clock is ahead, so that expiry is seen without waiting; below 0, it is behind. */
  clockAheadSeconds?: number
  /**
   * Seconds by which its clock goes ahead, on top of that, at the moment when it listens. So an app that reads the
   * clock at its start, and not with each request, is seen without waiting.
   */
  clockLeapSeconds?: number
  /**
   * `own` (the default): an empty data folder. `shared`: that of the first instance. `kept`: one of its own that is
   * empty at first, and that it finds again when it is started again.
   */
  data?: 'own' | 'shared' | 'kept'
}

/** How a lab's instances differ from the usual ones, all in the same way. */
export type InstancesOptions = Omit<InstanceOptions, 'data'>

export class Instances {
  /** Told what happens to them between requests, as sentences. */
  tell: (says: string) => void = () => {}
  readonly #run: RunFolder
  readonly #lab: Lab
  readonly #folder: string
  readonly #redis: Promise<RunRedis> | undefined
  readonly #compiled: ReturnType<typeof compile>
  readonly #started = new Map<string, Promise<App>>()
  readonly #keptFolders = new Map<string, string>()
  #dataFolders = 0

  /**
   * Starts to compile the folder at once; trouble shows when an instance is asked for.
   * @param redis for all of them; undefined when the lab needs none
   */
  constructor(run: RunFolder, lab: Lab, folder: string, redis: Promise<RunRedis> | undefined) {
    this.#run = run
    this.#lab = lab
    this.#folder = folder
    this.#redis = redis
    this.#compiled = compile(folder, run.path)
    this.#compiled.catch(() => {})
  }

  /** The first instance; started again when it has died. */
  main(): Promise<App> {
    const [first] = instancesOf(this.#lab)
    return first ? this.#named(first, {}) : this.one({ data: 'shared' })
  }

  /** The lab's instances, named A, B, …; those that have died are started again. @throws StartTrouble */
  async all(options: InstancesOptions = {}): Promise<App[]> {
    const named = instancesOf(this.#lab)
    if (named.length === 0) return [await this.one({ data: 'shared', ...options })]
    return Promise.all(named.map((one) => this.#named(one, options)))
  }

  /** @throws StartTrouble */
  async one(options: InstanceOptions): Promise<App> {
    const key = JSON.stringify(options)
    const present = this.#started.get(key)
    if (present && !(await present).ended()) return present
    const name = options.env?.INSTANCE_NAME
    if (present && name !== undefined) this.tell(`Instance ${name} is started again.`)
    const starting = this.#start(options)
    starting.catch(() => {})
    this.#started.set(key, starting)
    return starting
  }

  /** All instances that came up, also those that have ended since, but not those that were ended by us. */
  async running(): Promise<App[]> {
    const settled = await Promise.allSettled(this.#started.values())
    const apps = settled.filter((one) => one.status === 'fulfilled').map((one) => one.value)
    return apps.filter((app) => !app.ended()?.stopped)
  }

  /** The student's own source files, in one string. */
  async source(): Promise<string> {
    return (await this.#compiled).text
  }

  async #named({ name, portOffset }: LabInstance, options: InstancesOptions): Promise<App> {
    const usual = Object.keys(options).length === 0
    const first = name === instancesOf(this.#lab)[0]?.name
    const env = { INSTANCE_NAME: name, ...options.env }
    const app = await this.one({ data: usual && first ? 'shared' : 'kept', ...options, env })
    return usual ? { ...app, portOffset } : app
  }

  async #start(options: InstanceOptions): Promise<App> {
    const [{ bundle }, redis] = await Promise.all([this.#compiled, this.#redis])
    const app = await launch({
      run: this.#run,
      bundle,
      cwd: this.#folder,
      dataFolder: this.#run.folder(this.#dataFolder(options)),
      env: {
        ...developmentEnvironment,
        ...this.#lab.checkEnvironment,
        ...redisEnvironment(redis),
        ...options.env,
      },
      clockAheadSeconds: options.clockAheadSeconds,
      clockLeapSeconds: options.clockLeapSeconds,
    })
    const name = options.env?.INSTANCE_NAME
    const stop = () => {
      if (name !== undefined && !app.ended()) this.tell(`Instance ${name} is killed.`)
      return app.stop()
    }
    return { ...app, name, stop }
  }

  #dataFolder(options: InstanceOptions): string {
    if (options.data === 'shared') return 'data'
    const kept = options.data === 'kept' ? this.#keptFolders.get(JSON.stringify(options)) : undefined
    if (kept) return kept
    const folder = `data-${++this.#dataFolders}`
    this.#keptFolders.set(JSON.stringify(options), folder)
    return folder
  }
}
