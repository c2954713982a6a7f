// What a run leaves behind: one record per check. Every output is a rendering of these.
import type { Exchange } from '../http/exchange.ts'

export type Status = 'pass' | 'fail' | 'blocked' | 'error'

export interface CheckRecord {
  id: string
  name: string
  /** Whole points: all of `maxPoints` for a pass, otherwise none. Advice is a check of 0 points. */
  points: number
  maxPoints: number
  /** `blocked` waits for an earlier check, or the server never came up. `error` is the checker's own trouble. */
  status: Status
  why: Why | null
  /** The requests of this check as they went over the wire; for a failure, the last one is where it failed. */
  exchange: Exchange[]
  /** The hints that have been asked for so far, in order. */
  hint: string[]
  /** Where to read on. */
  reads: Reading
  /** Milliseconds that the check took. */
  ms: number
}

/** Why a check did not pass, in the student's terms. */
export interface Why {
  /** What was done, one sentence each. */
  did: string[]
  expected: string
  got: string
  /** What in the last exchange is wrong, for the caret. */
  mark?: Mark
  /** Lines that show more: the app's own error, the cookie jar. */
  detail: string[]
}

/** A piece of the reply to point at: the line of the reply that contains `text`, with the caret under `at`. */
export interface Mark {
  /** Which line: the status line, the header that starts so, or the body. */
  line: 'status' | 'body' | `${string}:`
  /** Of several headers with this name, the value of the one that is meant; the last one if it is not said. */
  header?: string
  /** The text under which the caret goes; when it is not there, the caret goes behind the line. */
  at: string
  note: string
}

/** The step of the chapter that a check belongs to. */
export interface Reading {
  chapter: string
  step: number
  heading: string
}

/** The app could not be started, so no check ran. */
export interface Trouble {
  /** Which kind, for programs: compile, crash, port, silent, flood. */
  kind: string
  sentence: string
  detail: string[]
  advice: string
  /** More about this kind, if it was asked for: one text for each paragraph. */
  hint?: string[]
}

export interface RunResult {
  lab: { number: number; id: string; title: string; port: number }
  /** The folder that was judged, as shown to people. */
  folder: string
  /** Eight hexadecimal digits: the same seed draws the same names, items and amounts. */
  seed: string
  trouble: Trouble | null
  /** Only some of the lab's checks were run. */
  partial: boolean
  records: CheckRecord[]
  /** Milliseconds from start to verdict. */
  ms: number
}

export function totals(records: CheckRecord[]): { points: number; maxPoints: number } {
  return {
    points: records.reduce((sum, record) => sum + record.points, 0),
    maxPoints: records.reduce((sum, record) => sum + record.maxPoints, 0),
  }
}

/** Advice is worth no points and never makes a run fail. */
export function isAdvice(record: CheckRecord): boolean {
  return record.maxPoints === 0
}

/** 0 every check passes, 1 the work falls short, 3 the checker or the machine is at fault. No record at all is never a pass. */
export function exitStatus(results: RunResult[]): 0 | 1 | 3 {
  const records = results.flatMap((result) => result.records)
  if (results.length === 0 || results.some((result) => result.records.length === 0)) return 3
  if (records.some((record) => record.status === 'error')) return 3
  return records.every((record) => record.status === 'pass' || isAdvice(record)) ? 0 : 1
}
