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
      const stored = await this.#read(this.#file(id))
      if (!stored) return undefined
      this.#loaded.remember(id, stored.session)
      return stored.session
    })
  }

  /** express-session makes the object that the request works on from the one that `get` gave it. */
  override createSession(req: Request, data: SessionData): Session & SessionData {
    const session = super.createSession(req, data)
    this.#loaded.handOn(data, session)
    return session
  }

  /** Stores a new session, or what a request has changed in the one that it loaded. */
  override set(id: string, session: SessionData, callback?: Answer): void {
    answer(callback, async () => {
      const file = this.#file(id)
      // Before anything is awaited: meanwhile the request may go on changing its session.
      const own = asJson(session)
      const loaded = this.#loaded.find(id, session)
      await withLock(file, async () => {
        const stored = await this.#readLocked(file)
        // It was destroyed since this request loaded it. Only a new session may make a file.
        if (loaded && (await readText(file)) === undefined) return
        const now = Date.now()
        await this.#write(file, {
          createdMs: stored?.createdMs ?? now,
          lastAccessMs: now,
          session: loaded && stored ? mergeChanges(stored.session, loaded, own) : own,
        })
      })
      this.#loaded.remember(id, session, own)
    })
  }

  /** Renews the time of a session that a request has used and not changed. What is in it stays as it is stored. */
  override touch(id: string, { cookie }: SessionData, callback?: Answer): void {
    answer(callback, async () => {
      const file = this.#file(id)
      await withLock(file, async () => {
        const stored = await this.#readLocked(file)
        if (!stored) return
        await this.#write(file, {
          ...stored,
          lastAccessMs: Date.now(),
          session: { ...stored.session, cookie },
        })
      })
    })
  }

  /** Ends a session. */
  override destroy(id: string, callback?: Answer): void {
    answer(callback, async () => {
      const file = this.#file(id)
      await withLock(file, () => remove(file))
    })
  }

  /** All sessions, in no order. Their ids are not stored, so nobody can find them here. */
  override all(callback?: Answer<SessionData[]>): void {
    answer(callback, async () => {
      const sessions: SessionData[] = []
      for (const file of await this.#files()) {
        const stored = await this.#read(file)
        if (stored) sessions.push(stored.session)
      }
      return sessions
    })
  }

  /** How many sessions there are. */
  override length(callback?: Answer<number>): void {
    answer(callback, async () => {
      const sessions = await answered<SessionData[]>((done) => this.all(done))
      return sessions?.length
    })
  }

  /** Ends all sessions. Files of others in the folder stay. */
  override clear(callback?: Answer): void {
    answer(callback, async () => {
      for (const file of await this.#files()) {
        await withLock(file, () => remove(file))
      }
    })
  }

  /** When the session was first stored, and when it was last used; undefined if there is none. */
  async times(id: string): Promise<Times | undefined> {
    return this.#read(this.#file(id))
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
    const stored = parseStored((await readText(file)) ?? '')
    if (!stored || !hasEnded(stored, this.#timeoutSeconds)) return stored
    // Once more, because somebody may have renewed it since.
    return withLock(file, () => this.#readLocked(file))
  }

  /** The same for who has the lock of this file. */
  async #readLocked(file: string): Promise<StoredSession | undefined> {
    const stored = parseStored((await readText(file)) ?? '')
    if (!stored || !hasEnded(stored, this.#timeoutSeconds)) return stored
    await remove(file)
    return undefined
  }

  #write(file: string, stored: StoredSession): Promise<void> {
    return writeAtomically(file, formatStored(stored))
  }
}
