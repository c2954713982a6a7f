// How a check is written: an id, what it is worth, where it is taught, and the behaviour it asks for.
import { test } from '@vitest/runner'
import type { App } from '../app/launch.ts'
import { StartTrouble } from '../app/trouble.ts'
import type { Exchange } from '../http/exchange.ts'
import { NoReply, Visitor } from '../http/visitor.ts'
import type { DataFolder } from '../store/data-folder.ts'
import { getJudged } from './current.ts'
import { type Draw, drawFrom } from './draw.ts'
import { CheckFailure } from './failure.ts'
import type { InstanceOptions, Judged } from './judged.ts'
import type { Why } from './record.ts'

export interface CheckSpec {
  /** The behaviour, as a sentence about the app. */
  name: string
  /** The step of the chapter that teaches it; 0 for what works from the start. */
  step: number
  /** Whole points. 0 makes it advice, which never fails a run. */
  points: number
  /** Checks that must pass first: without them, this one could not tell right from wrong. */
  needs?: string[]
  /** From a nudge to nearly the answer. They ask or point; they do not paste. */
  hints: [string, string, string]
}

export interface CheckContext {
  /** A new visitor with an empty cookie jar, by default with a drawn name. */
  visitor(name?: string): Visitor
  /** Random choices, all from the run's seed. */
  draw: Draw
  /** Another instance of the app; the same one whenever the options are the same. */
  instance(options: InstanceOptions): Promise<App>
  /** Kills the first instance, as a crash would, and starts it again with the data that it had stored. */
  restart(): Promise<void>
  /** What the first instance has stored in its DATA_DIR. */
  data: DataFolder
  /** The student's own source files, in one string. Only for advice: verdicts come from behaviour. */
  source(): Promise<string>
}

/** What a check leaves on its vitest task for the reporter. */
export interface CheckMeta extends CheckSpec {
  id: string
  log: Exchange[]
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
    try {
      let app = await submission.mainInstance()
      await submission.beginCheck()
      const draw = drawFrom(submission.seed, id)
      await body({
        draw,
        visitor: (name = draw.name()) => new Visitor(name, () => app, meta.log),
        instance: (options) => submission.instance(options),
        restart: async () => {
          await app.stop()
          app = await submission.mainInstance()
        },
        data: submission.data,
        source: () => submission.source(),
      })
      submission.passed.add(id)
    } catch (error) {
      await explain(error, meta, submission)
      throw error
    }
  })
}

/** Turns what a check threw into the reason that the student reads. */
async function explain(error: unknown, meta: CheckMeta, submission: Judged): Promise<void> {
  const did = () => meta.log.map((one) => one.says)
  if (error instanceof CheckFailure) {
    const { exchange, expected, got, mark, detail = [] } = error.parts
    if (exchange) {
      // What came after the exchange that failed would only distract; one left aside belongs to the story now.
      if (meta.log.includes(exchange)) meta.log.length = meta.log.indexOf(exchange) + 1
      else meta.log.push(exchange)
    }
    const said = (exchange?.reply?.status ?? 0) >= 500 ? await submission.said() : []
    meta.why = { did: did(), expected, got, mark, detail: [...detail, ...said] }
  } else if (error instanceof NoReply) {
    meta.why = { did: did(), ...(await submission.explainNoReply(error)) }
  } else if (error instanceof StartTrouble) {
    const { sentence, detail } = error.trouble
    meta.why = { did: did(), expected: 'An instance of the app should start.', got: sentence, detail }
  } else {
    meta.error = error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}
