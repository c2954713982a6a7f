// All sessions in one file, read and written as a whole, with synchronous calls. Only the callback comes
// later. What a request had loaded is a property of its session that JSON does not see.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Request } from 'express'
import { type Session, type SessionData, Store } from 'express-session'
import { locked } from './lock.ts'

interface Entry {
  made: number
  used: number
  fields: Record<string, unknown>
}

type Done<Result = void> = (error?: unknown, result?: Result) => void

const LOADED = Symbol('what was loaded')

export class FileStore extends Store {
  private file: string
  private limitMs: number

  constructor(options: { folder: string; timeoutSeconds: number | undefined }) {
    super()
    mkdirSync(options.folder, { recursive: true })
    this.file = path.join(options.folder, 'all-sessions.json')
    this.limitMs = options.timeoutSeconds === undefined ? Infinity : options.timeoutSeconds * 1000
  }

  override get(id: string, done: Done<SessionData | null>): void {
    this.answer(done, (entries) => {
      const entry = entries.get(id)
      return entry ? (structuredClone(entry.fields) as unknown as SessionData) : null
    })
  }

  override createSession(req: Request, data: SessionData): Session & SessionData {
    const { cookie, ...fields } = JSON.parse(JSON.stringify(data))
    const session = super.createSession(req, data)
    this.note(session, { ...fields, cookie })
    return session
  }

  override set(id: string, session: SessionData, done?: Done): void {
    this.answer(done, (entries) => {
      const own: Record<string, unknown> = JSON.parse(JSON.stringify(session))
      const base = (session as { [LOADED]?: Record<string, unknown> })[LOADED]
      const entry = entries.get(id)
      if (base && !entry) return
      const fields = base && entry ? { ...entry.fields } : own
      for (const name of base ? new Set([...Object.keys(base), ...Object.keys(own)]) : []) {
        if (JSON.stringify(base?.[name]) === JSON.stringify(own[name])) continue
        if (name in own) fields[name] = own[name]
        else delete fields[name]
      }
      entries.set(id, { made: entry?.made ?? Date.now(), used: Date.now(), fields })
      this.write(entries)
      this.note(session, own)
    })
  }

  private note(session: SessionData, value: Record<string, unknown>): void {
    Object.defineProperty(session, LOADED, { value, configurable: true })
  }

  override touch(id: string, session: SessionData, done?: Done): void {
    this.answer(done, (entries) => {
      const entry = entries.get(id)
      if (!entry) return
      entry.used = Date.now()
      entry.fields.cookie = session.cookie
      this.write(entries)
    })
  }

  override destroy(id: string, done?: Done): void {
    this.answer(done, (entries) => {
      if (entries.delete(id)) this.write(entries)
    })
  }

  /** As an object, by ids. */
  override all(done: Done<{ [id: string]: SessionData }>): void {
    this.answer(done, (entries) => {
      const all = [...entries].map(([id, { fields }]) => [id, fields as unknown as SessionData] as const)
      return Object.fromEntries(all)
    })
  }

  override length(done: Done<number>): void {
    this.answer(done, (entries) => entries.size)
  }

  override clear(done?: Done): void {
    this.answer(done, () => this.write(new Map()))
  }

  timesOf(id: string): Entry | undefined {
    return locked(`${this.file}.lock`, () => this.read().get(id))
  }

  private answer<Result>(
    done: Done<Result> | undefined,
    work: (entries: Map<string, Entry>) => Result,
  ): void {
    let outcome: [unknown, Result?]
    try {
      outcome = [null, locked(`${this.file}.lock`, () => work(this.read()))]
    } catch (error) {
      outcome = [error]
    }
    if (done) setImmediate(() => done(...outcome))
  }

  private read(): Map<string, Entry> {
    let all: [string, Entry][] = []
    try {
      all = JSON.parse(readFileSync(this.file, 'utf8'))
    } catch {
      // No file, or a damaged one: no session.
    }
    if (!Array.isArray(all)) return new Map()
    const good = all.filter((one) => Array.isArray(one) && one[1]?.fields?.cookie)
    const live = good.filter(([, entry]) => !this.isOver(entry))
    if (live.length < good.length) this.write(new Map(live))
    return new Map(live)
  }

  private isOver({ used, fields }: Entry): boolean {
    const { expires } = fields.cookie as { expires?: string | null }
    return Date.now() - used >= this.limitMs || (!!expires && Date.parse(expires) <= Date.now())
  }

  private write(entries: Map<string, Entry>): void {
    try {
      writeFileSync(`${this.file}.new`, JSON.stringify([...entries]), { mode: 0o600 })
    } catch (error) {
      rmSync(`${this.file}.new`, { force: true })
      throw error
    }
    renameSync(`${this.file}.new`, this.file)
  }
}
