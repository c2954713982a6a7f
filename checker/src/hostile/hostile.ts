// A hostile submission: what it attacks, and the end that it has to come to. The files in checker/hostile are lists of these.
import type { RunResult } from '../check/record.ts'

/** Where a hostile submission is judged. All of it is thrown away afterwards. */
export interface Place {
  /** The workbook in which lab-check runs: a copy. */
  workbook: string
  /** The submission. */
  folder: string
  /** What somebody keeps outside: nothing in it may change, and nothing of it may be told. */
  home: string
  /** Where the attack writes down how far it came. */
  notes: string
}

/** What lab-check said of it. */
export interface Said {
  /** Null when a signal ended it. */
  status: number | null
  stdout: string
  stderr: string
  /** Undefined when standard output was no JSON document. */
  result: RunResult | undefined
  /** What the attack wrote down: for each name, its lines. */
  notes: Record<string, string[]>
  seconds: number
}

export interface Hostile {
  /** A few words with hyphens, unique. */
  id: string
  /** What it attacks, and why it ends as it should, as sentences. */
  says: string
  /** The lab that it is handed in for; 1 when it is not said. */
  lab?: number
  /** What it is made of: nothing but its own files, or the lab's solution with them. */
  on?: 'nothing' | 'solution'
  /** Its own files. `attack.ts` is beside them. A solution's server.ts imports `hostile.ts` first. */
  files?: Record<string, string>
  /** For a solution: pieces of text that are changed, each of which is in its file once. */
  change?: [file: string, from: string, to: string][]
  /** Makes what is no text: pipes, links, many files. */
  prepare?(place: Place): void | Promise<void>
  /** More arguments for lab-check. */
  args?: string[]
  /** More of the environment of whoever runs lab-check. */
  env?: Record<string, string>
  /**
   * `{ atMost }`: it is judged and gets no more points than that. `not graded`: lab-check says why there is no verdict, or
   * it was ended before it had one.
   */
  ends: { atMost: number } | 'not graded'
  /** The attack never runs, because it is refused before; otherwise it has to have noted that it was `reached`. */
  neverRuns?: boolean
  /** Nothing of the run is left to tidy up after it; a run that comes later has to. */
  nextRunTidiesUp?: boolean
  /** lab-check has to have ended by then. */
  withinSeconds?: number
  /** The only systems on which there is something to attack. */
  systems?: NodeJS.Platform[]
  /** Only where there is a Redis to start. `borrowed`: lab-check is given somebody's own in REDIS_URL. */
  redis?: 'private' | 'borrowed'
  /** What else has to be true. @returns what is not, a sentence each */
  also?(said: Said, place: Place): string[] | Promise<string[]>
  /** Does the same to something without the guard. @returns whether it works there: otherwise the entry proves nothing */
  unguarded?(place: Place): Promise<boolean>
}
