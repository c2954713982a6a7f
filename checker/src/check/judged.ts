// The submission that is being judged: its instances, and what they say when something goes wrong.
import type { App } from '../app/launch.ts'
import type { RunFolder } from '../app/run-folder.ts'
import { type AppError, findErrors } from '../app/triage.ts'
import type { Exchange } from '../http/exchange.ts'
import type { NoReply } from '../http/wire.ts'
import type { Lab } from '../lab/lab.ts'
import type { RunRedis } from '../redis/open-redis.ts'
import { DataFolder } from '../store/data-folder.ts'
import { CheckRedis } from './check-redis.ts'
import { answeredTwice, isAnsweredTwice, missingAwait } from './clues.ts'
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
  /** Ids of the checks of this run. */
  checks: ReadonlySet<string> = new Set()
  /** Ids of the checks that have passed. */
  readonly passed = new Set<string>()
  readonly #closing = new AbortController()
  /** Aborted when the run ends: from then on, nothing may be started. */
  readonly closing = this.#closing.signal
  /** Undefined when the lab needs none. */
  readonly #redis: Promise<RunRedis> | undefined
  #checkRedis: CheckRedis | undefined
  #isFirstFailure = true
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

  /**
   * What the app's last answer and its output tell of a slip in the code, as lines for the student.
   * An answer that is no failure of the server says it all, unless the app tried to answer twice.
   */
  async clues(exchange: Exchange | undefined): Promise<string[]> {
    if ((exchange?.reply?.status ?? 0) >= 500) return this.said()
    const lines = exchange ? missingAwait(exchange) : []
    if (lines.length > 0) return lines
    // An app that has answered need not print anything, so only the failure that is told in full is worth the wait.
    const waitMs = this.#isFirstFailure ? SETTLE_MS : 0
    this.#isFirstFailure = false
    const error = await this.#error(waitMs, isAnsweredTwice)
    return error ? answeredTwice(error) : []
  }

  /** The error that the app printed during the present check, as lines for the student. */
  async said(): Promise<string[]> {
    const error = await this.#error(SETTLE_MS)
    if (!error) return []
    if (isAnsweredTwice(error)) return answeredTwice(error)
    return [
      `Your app said: ${error.message}`,
      ...(error.place ? [`at ${error.place}`] : []),
      ...(/^ReferenceError: \w+ is not defined/.test(error.message)
        ? ['Is the name imported, and spelled as in the place that it comes from?']
        : []),
    ]
  }

  /** The last error that the app printed during the present check, of those that are wanted. */
  async #error(waitMs: number, isWanted = (_error: AppError) => true): Promise<AppError | undefined> {
    const apps = await this.instances.running()
    const printed = () => apps.map((app) => app.output().slice(this.#printedBefore.get(app) ?? 0))
    const errors = () => printed().flatMap((output) => findErrors(output, this.folder).filter(isWanted))
    // The answer can arrive a moment before the app's output does.
    await settle(() => errors().some((error) => error.place !== undefined), waitMs)
    return errors().at(-1)
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
    if (apps.some((app) => app.ended()?.fromPromise)) {
      const got =
        'It ended: a promise failed, and nothing was waiting for it. Put an await before the call that returns it.'
      return { expected, got, detail: said }
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
async function settle(condition: () => boolean, waitMs = SETTLE_MS): Promise<void> {
  const begin = performance.now()
  while (!condition() && performance.now() - begin < waitMs) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
