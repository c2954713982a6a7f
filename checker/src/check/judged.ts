// The submission that is being judged: its instances, and what they say when something goes wrong.
import type { App } from '../app/launch.ts'
import type { RunFolder } from '../app/run-folder.ts'
import { findError } from '../app/triage.ts'
import type { NoReply } from '../http/wire.ts'
import type { Lab } from '../lab/lab.ts'
import type { RunRedis } from '../redis/open-redis.ts'
import { DataFolder } from '../store/data-folder.ts'
import { CheckRedis } from './check-redis.ts'
import { Instances } from './instances.ts'
import type { Why } from './record.ts'
import { SubmissionStores } from './submission-stores.ts'

export type { InstanceOptions } from './instances.ts'

/** How long to wait for what an app that fails still prints, and for its end. */
const SETTLE_MS = 250

export class Judged {
  readonly seed: string
  readonly run: RunFolder
  readonly lab: Lab
  /** The submission. */
  readonly folder: string
  readonly instances: Instances
  /** What the first instance stores. */
  readonly data: DataFolder
  /** Its session stores, apart from the app. */
  readonly stores: SubmissionStores
  /** Ids of the checks that have passed. */
  readonly passed = new Set<string>()
  readonly #closing = new AbortController()
  /** Aborted when the run ends: from then on, nothing may be started. */
  readonly closing = this.#closing.signal
  /** Undefined when the lab needs none. */
  readonly #redis: Promise<RunRedis> | undefined
  #checkRedis: CheckRedis | undefined
  /** How much each instance had printed when the present check began. */
  #printedBefore = new Map<App, number>()

  /** Starts to compile the folder and to open Redis at once; trouble shows when the first instance is asked for. */
  constructor(run: RunFolder, lab: Lab, folder: string, seed: string) {
    this.seed = seed
    this.run = run
    this.lab = lab
    this.folder = folder
    this.data = new DataFolder(run.folder('data'), run.folder('read'))
    if (lab.redis) this.#redis = openRedis(run)
    this.#redis?.catch(() => {})
    this.instances = new Instances(run, lab, folder, this.#redis)
    this.stores = new SubmissionStores(run, folder)
  }

  /** The run's Redis, as checks see it; undefined when the lab needs none. */
  get redis(): CheckRedis | undefined {
    return this.#checkRedis
  }

  /**
   * Called as a check begins: what the app prints, and asks of Redis, from here on belongs to it.
   * @param tell given what happens to instances and to Redis between requests, as sentences
   */
  async beginCheck(tell: (says: string) => void): Promise<void> {
    const redis = await this.#redis
    this.instances.tell = tell
    this.#checkRedis = redis && new CheckRedis(redis, tell)
    this.#printedBefore = new Map((await this.instances.running()).map((app) => [app, app.output().length]))
  }

  /**
   * Called as a check ends: Redis is there again for the next one. Apps that failed while it was away are ended, because
   * what they are like now is not the next check's affair.
   */
  async endCheck(passed: boolean): Promise<void> {
    if (!this.#checkRedis?.interrupted) return
    await this.#checkRedis.start()
    if (!passed) await Promise.all((await this.instances.running()).map((app) => app.stop()))
  }

  /** Called as the run ends. */
  async close(): Promise<void> {
    this.#closing.abort()
    const redis = await this.#redis?.catch(() => undefined)
    await redis?.close()
  }

  /** The error that the app printed during the present check, as lines for the student. */
  async said(): Promise<string[]> {
    const apps = await this.instances.running()
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
    const apps = await this.instances.running()
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
}

/** Loaded only for a lab that needs it. */
async function openRedis(run: RunFolder): Promise<RunRedis> {
  return (await import('../redis/open-redis.ts')).openRedis(run)
}

/** Waits until the condition holds, but not longer than it takes to settle. */
async function settle(condition: () => boolean): Promise<void> {
  const begin = performance.now()
  while (!condition() && performance.now() - begin < SETTLE_MS) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
