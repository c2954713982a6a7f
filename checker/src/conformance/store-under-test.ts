// A store as the properties see it, whatever it is: a student's FileStore, or one of the packages.
import type { OpenStore } from './open-store.ts'

export interface StoreUnderTest {
  /**
   * Opens it, empty, or with what another one of these has: then it is a second instance that shares its storage.
   * @throws Shortfall when it cannot be made
   */
  open(options?: OpenOptions): Promise<OpenStore>
  /** Does that to what is stored of a session, and of all others in the same file. */
  damage(open: OpenStore, id: string, damage: Damage): Promise<void>
  /** Takes away what the store keeps its sessions in. Undefined: it cannot be taken away. */
  breakDown?(open: OpenStore): Promise<void>
  /** What one process stores, another one can find. */
  isShared: boolean
  /** Properties that cannot be asked of it, and why not. */
  lacks: Record<string, string>
  /** A name that no session of this run has yet. */
  newId(): string
  /** What was done so far is no part of the story of what follows. */
  forget?(): void
}

/** What can happen to what is stored. */
export const DAMAGES = [
  'cut in the middle',
  'empty',
  'other bytes',
  'other JSON',
  'the JSON null',
  'null in place of the cookie',
] as const
export type Damage = (typeof DAMAGES)[number]

export interface OpenOptions {
  /** How long a session may be unused. Undefined: for ever, if the store can do that. */
  timeoutSeconds?: number
  /** The store whose sessions it shares. */
  beside?: OpenStore
  /** Which process it is in; by default in one with all others. */
  process?: ProcessOptions
}

export interface ProcessOptions {
  /** Processes with other names are other processes. */
  name: string
  /** No file that the process writes can be larger. It is as if the disk were full. */
  fileMaxKilobytes?: number
  /** It ends at the first byte that is too much, as if it were killed then. */
  diesWhenFull?: boolean
}

/** A session's own properties, as JSON. bin/store-host/values.js says how dates and the like are written. */
export type Data = Record<string, unknown>

/** A session as it came back. */
export interface GivenSession {
  data: Data
  cookie: {
    httpOnly?: unknown
    path?: unknown
    sameSite?: unknown
    /** { $date } for a Date. */
    expires?: unknown
    /** Milliseconds. */
    maxAge?: unknown
  } | null
}

/** All sessions, as `all` gave them. */
export interface GivenSessions {
  kind: string
  sessions: (GivenSession | null)[]
}

/** What came of a call. */
export interface Called<Result = null> {
  /** What was called, as a student would write it. */
  says: string
  /** How often it called back. */
  times: number
  /** It called back before the method had returned. */
  early: boolean
  /** With which error; null without one. */
  error: GivenError | null
  result: Result | null
  /** What the method threw. */
  thrown: GivenError | null
  /** An error that nobody caught, while the call was going on. It would have ended the app. */
  loose: GivenError | null
  /** It did not call back in two seconds. */
  hung: boolean
  waitedMs: number
  /** What came of a call that was made in its callback. */
  next?: Called<unknown>
}

export interface GivenError {
  message: string
  code?: string
  stack?: string
}

/** A change that a request makes to its session. */
export interface Change {
  put?: Data
  /** What it adds to a list that is in the session, by the name of the list. */
  push?: Data
  drop?: string[]
}
