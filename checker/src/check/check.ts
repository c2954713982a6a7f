// How a check is written: an id, what it is worth, where it is taught, and the behaviour it asks for.
import { test } from '@vitest/runner'
import type { App } from '../app/launch.ts'
import { StartTrouble } from '../app/trouble.ts'
import { Shortfall } from '../conformance/finding.ts'
import type { StoreUnderTest } from '../conformance/store-under-test.ts'
import type { Exchange } from '../http/exchange.ts'
import { type Address, NoReply, Visitor } from '../http/visitor.ts'
import type { DataFolder } from '../store/data-folder.ts'
import type { CheckRedis } from './check-redis.ts'
import { getJudged } from './current.ts'
import { type Draw, drawFrom } from './draw.ts'
import { CheckFailure } from './failure.ts'
import type { InstanceOptions, InstancesOptions } from './instances.ts'
import type { Judged } from './judged.ts'
import type { Why } from './record.ts'
import type { SubmissionStores } from './submission-stores.ts'

export interface CheckSpec {
  /** The behaviour, as a sentence about the app. */
  name: string
  /** The step of the chapter that teaches it; 0 for what works from the start. */
  step: number
  /** Whole points. 0 makes it advice, which never fails a run. */
  points: number
  /** Checks that must pass first: without them, this one could not tell right from wrong. */
  needs?: string[]
  /** The only files of the submission that its verdict depends on, if it is not about the app. */
  about?: string[]
  /** From a nudge to nearly the answer. They ask or point; they do not paste. */
  hints: [string, string, string]
}

export interface CheckContext {
  /**
   * A new visitor with an empty cookie jar, by default with a drawn name, who speaks to the first instance.
   * @param address where else their requests go, asked anew for each: what `balanced` returns, for example
   */
  visitor(name?: string, address?: () => Address): Visitor
  /** Random choices, all from the run's seed. */
  draw: Draw
  /** Another instance of the app; the same one whenever the options are the same. */
  instance(options: InstanceOptions): Promise<App>
  /**
   * All instances that the chapter's front matter asks for, named A, B, …: the first instance is A. Each has a data
   * folder of its own. One that has ended is started again, with the data that it had stored.
   * @param options the same change for all, which makes them other instances than the usual ones
   */
  instances(options?: InstancesOptions): Promise<App[]>
  /** A balancer in front of these instances: one after the other from a drawn one on, without those that have ended. */
  balanced(apps: App[]): () => App
  /** The run's own Redis. @throws Error when the chapter's front matter does not ask for one */
  redis: CheckRedis
  /** Kills the first instance, as a crash would, and starts it again with the data that it had stored. */
  restart(): Promise<void>
  /** What the first instance has stored in its DATA_DIR. */
  data: DataFolder
  /** A new empty folder, for what an app is told to write elsewhere than in its DATA_DIR. */
  newFolder(): string
  /** The class FileStore of the student's file-store.ts, without the app. */
  store: StoreUnderTest
  /** The student's sessions.ts, without the app, in a process with this environment. */
  testSessions: SubmissionStores['testSessions']
  /**
   * From here on, the check is about what this step of the chapter asks for, although it belongs to another: a later
   * step clears what an earlier one sets. Who fails here reads on there.
   */
  aboutStep(step: number): void
  /** The student's own source files, in one string. Only for advice: verdicts come from behaviour. */
  source(): Promise<string>
}

/** What a check leaves on its vitest task for the reporter. */
export interface CheckMeta extends CheckSpec {
  id: string
  log: Exchange[]
  /** The step of the chapter that asks for what the check was at last about, if that is another than its own. */
  asks?: number
  blockedBy?: string
  why?: Why
  error?: string
}

declare module '@vitest/runner' {
  interface TaskMeta {
    check?: CheckMeta
  }
}

/** Defines a check. Its body runs against the student's app and throws, through expect.ts, when the app falls short. */
export function check(id: string, spec: CheckSpec, body: (context: CheckContext) => Promise<void>): void {
  const meta: CheckMeta = { ...spec, id, log: [] }
  test(id, { timeout: 120_000, meta: { check: meta } }, async ({ skip }) => {
    const submission = getJudged()
    meta.blockedBy = spec.needs?.find((need) => !submission.passed.has(need))
    if (meta.blockedBy) skip()
    const events: Event[] = []
    let passed = false
    try {
      let app = await submission.instances.main()
      const tell = (says: string) => events.push({ before: meta.log.length, says })
      await submission.beginCheck(tell)
      const draw = drawFrom(submission.seed, id)
      await body({
        draw,
        visitor: (name = draw.name(), address = () => app) => new Visitor(name, address, meta.log),
        instance: (options) => submission.instances.one(options),
        instances: (options) => submission.instances.all(options),
        balanced: (apps) => balance(apps, draw),
        get redis() {
          if (submission.redis) return submission.redis
          throw new Error(
            'This lab has no Redis. Its chapter asks for one with "redis: true" in the front matter.',
          )
        },
        restart: async () => {
          await app.stop()
          app = await submission.instances.main()
        },
        data: submission.data,
        newFolder: () => submission.stores.newFolder(),
        get store() {
          return submission.stores.forCheck(draw, tell, () => events.splice(0))
        },
        testSessions: (env) => submission.stores.testSessions(env),
        aboutStep: (step) => {
          meta.asks = step
        },
        source: () => submission.instances.source(),
      })
      submission.passed.add(id)
      passed = true
    } catch (error) {
      await explain(error, meta, events, submission)
      throw error
    } finally {
      await submission.endCheck(passed)
    }
  })
}

function balance(apps: App[], draw: Draw): () => App {
  let turn = draw.int(0, apps.length - 1)
  return () => {
    for (const _ of apps) {
      const app = apps[turn++ % apps.length] as App
      if (!app.ended()) return app
    }
    throw new Error('All instances behind this balancer have ended.')
  }
}

/** Something that was done between two requests, such as a kill. */
interface Event {
  /** The number of the exchange that came next. */
  before: number
  says: string
}

/** What was done, in its order. @param whole with what came after the last exchange */
function tellStory(log: Exchange[], events: Event[], whole: boolean): string[] {
  const before = (index: number) =>
    events.filter((event) => event.before === index).map((event) => event.says)
  const story = log.flatMap((exchange, index) => [...before(index), exchange.says])
  return whole ? [...story, ...before(log.length)] : story
}

/** Turns what a check threw into the reason that the student reads. */
async function explain(error: unknown, meta: CheckMeta, events: Event[], submission: Judged): Promise<void> {
  // What came after the exchange that failed would only distract.
  const whole = !(error instanceof CheckFailure && error.parts.exchange)
  const did = () => tellStory(meta.log, events, whole)
  // With Redis at hand, the same requests would be answered in another way.
  if (submission.redis?.interrupted) for (const one of meta.log) one.elsewhere = true
  if (error instanceof CheckFailure) {
    const { exchange, expected, got, mark, detail = [] } = error.parts
    if (exchange) {
      // One left aside belongs to the story now.
      if (meta.log.includes(exchange)) meta.log.length = meta.log.indexOf(exchange) + 1
      else meta.log.push(exchange)
    }
    const clues = await submission.clues(meta.log.at(-1))
    meta.why = { did: did(), expected, got, mark, detail: [...detail, ...clues] }
  } else if (error instanceof Shortfall) {
    const { expected, got, detail } = error
    meta.why = { did: did(), expected, got, detail }
  } else if (error instanceof NoReply) {
    meta.why = { did: did(), ...(await submission.explainNoReply(error)) }
  } else if (error instanceof StartTrouble) {
    const { sentence, detail } = error.trouble
    meta.why = { did: did(), expected: 'An instance of the app should start.', got: sentence, detail }
  } else {
    meta.error = error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}
