// A session store on files: one for each session. express-session calls its methods.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Request } from 'express'
import { type Session, type SessionData, Store } from 'express-session'
import { writeAtomically } from './atomic-file.ts'
import { type Answer, answer, answered } from './callbacks.ts'
import { hasEnded } from './expiry.ts'
import { fileName, isFileName } from './file-names.ts'
import { listNames, readText, remove } from './files.ts'
import { removeLeftovers } from './leftovers.ts'
import { asJson, LoadedSessions } from './loaded-sessions.ts'
import { withLock } from './lock.ts'
import { mergeChanges } from './merge.ts'
import { formatStored, parseStored, type StoredSession, type Times } from './stored-session.ts'

export interface FileStoreOptions {
  /** Where the files are. It is made if missing. */
  folder: string
  /** A session ends this long after its last request. Undefined: it does not end by that. */
  timeoutSeconds: number | undefined
}

export class FileStore extends Store {
  readonly #folder: string
  readonly #timeoutSeconds: number | undefined
  readonly #loaded = new LoadedSessions()

  constructor({ folder, timeoutSeconds }: FileStoreOptions) {
    super()
    this.#folder = path.resolve(folder)
    this.#timeoutSeconds = timeoutSeconds
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    removeLeftovers(this.#folder).catch(console.error)
  }

  /** The session with this id; undefined if there is none. */
  override get(id: string, callback?: Answer<SessionData>): void {
    answer(callback, async () => {
      // TODO(1): the session in its file, if there is one.
      // TODO(5): remember what is in it now.
      return undefined
    })
  }

  /** express-session makes the object that the request works on from the one that `get` gave it. */
  override createSession(req: Request, data: SessionData): Session & SessionData {
    // TODO(5): what was remembered of the one belongs to the other.
    return super.createSession(req, data)
  }

  /** Stores a new session, or what a request has changed in the one that it loaded. */
  override set(id: string, session: SessionData, callback?: Answer): void {
    answer(callback, async () => {
      // TODO(1): write the session into its file, with the times.
      // TODO(4): keep the time when it was first stored.
      // TODO(5): only one at a time changes a file, only a new session makes one, and what others changed stays.
    })
  }

  /** Renews the time of a session that a request has used and not changed. What is in it stays as it is stored. */
  override touch(id: string, { cookie }: SessionData, callback?: Answer): void {
    answer(callback, async () => {
      // TODO(4): renew the time of the last access and the cookie, and nothing else.
      // TODO(5): only one at a time changes a file.
    })
  }

  /** Ends a session. */
  override destroy(id: string, callback?: Answer): void {
    answer(callback, async () => {
      // TODO(2): remove its file.
      // TODO(5): not while somebody else changes it.
    })
  }

  /** All sessions, in no order. Their ids are not stored, so nobody can find them here. */
  override all(callback?: Answer<SessionData[]>): void {
    answer(callback, async () => {
      // TODO(2): the sessions in all files.
      return []
    })
  }

  /** How many sessions there are. */
  override length(callback?: Answer<number>): void {
    answer(callback, async () => {
      // TODO(2): count them.
      return 0
    })
  }

  /** Ends all sessions. Files of others in the folder stay. */
  override clear(callback?: Answer): void {
    answer(callback, async () => {
      // TODO(2): remove the files of all sessions.
      // TODO(5): none while somebody else changes it.
    })
  }

  /** When the session was first stored, and when it was last used; undefined if there is none. */
  async times(id: string): Promise<Times | undefined> {
    // TODO(4): they are in its file.
    return undefined
  }

  #file(id: string): string {
    return path.join(this.#folder, fileName(id))
  }

  async #files(): Promise<string[]> {
    const names = await listNames(this.#folder)
    return names.filter(isFileName).map((name) => path.join(this.#folder, name))
  }

  /** What is in the file; undefined if it is no session. One that has ended is removed, so to read all is to sweep. */
  async #read(file: string): Promise<StoredSession | undefined> {
    // TODO(1): read the file, and take its text apart.
    // TODO(4): remove a session that has ended.
    // TODO(5): not while somebody else changes its file.
    return undefined
  }

  #write(file: string, stored: StoredSession): Promise<void> {
    return writeAtomically(file, formatStored(stored))
  }
}
