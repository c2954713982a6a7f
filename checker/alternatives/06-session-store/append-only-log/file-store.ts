// A log: each change is a line at the end of one file, and the state is what the lines add up to. From time to time, and
// when something has to be gone, the log is written anew. Each line says only which properties a request has changed.
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import type { Request } from 'express'
import { type Session, type SessionData, Store } from 'express-session'
import { locked } from '../one-json-file/lock.ts'

type Fields = Record<string, unknown>

/** `put` and `drop` are what a request has changed. `made` begins a session; `over` ends it. */
interface Line {
  id: string
  at: number
  made?: number
  put?: Fields
  drop?: string[]
  over?: true
}

interface State {
  made: number
  at: number
  fields: Map<string, unknown>
}

type Done<Result = void> = ((error?: unknown, result?: Result) => void) | undefined

/** Lines that may be of no more use. */
const WASTE_MAX = 40

export class FileStore extends Store {
  readonly log: string
  readonly seconds: number | undefined
  readonly bases = new WeakMap<object, Fields>()

  constructor({ folder, timeoutSeconds }: { folder: string; timeoutSeconds: number | undefined }) {
    super()
    mkdirSync(folder, { recursive: true })
    this.log = path.join(folder, 'changes.log')
    this.seconds = timeoutSeconds
  }

  override get(id: string, done: Done<SessionData | null>): void {
    this.later(done, () => {
      const found = this.state().get(id)
      return found ? this.sessionOf(found) : null
    })
  }

  override createSession(req: Request, data: SessionData): Session & SessionData {
    const base = plain(data)
    const session = super.createSession(req, data)
    this.bases.set(session, base)
    return session
  }

  override set(id: string, session: SessionData, done?: Done): void {
    let own: Fields
    try {
      own = plain(session)
    } catch (error) {
      this.later(done, () => {
        throw error
      })
      return
    }
    this.later(done, () => {
      const states = this.state()
      const base = this.bases.get(session)
      if (base && !states.has(id)) return
      const before = base ?? Object.fromEntries(states.get(id)?.fields ?? [])
      const names = Object.keys(own).filter((name) => !base || text(own[name]) !== text(base[name]))
      const put = Object.fromEntries(names.map((name) => [name, own[name]]))
      const drop = Object.keys(before).filter((name) => !(name in own))
      const made = states.has(id) ? undefined : Date.now()
      this.append(states, { id, at: Date.now(), made, put, drop })
      this.bases.set(session, own)
    })
  }

  override touch(id: string, session: SessionData, done?: Done): void {
    const cookie = plain(session).cookie
    this.later(done, () => {
      const states = this.state()
      if (states.has(id)) this.append(states, { id, at: Date.now(), put: { cookie } })
    })
  }

  override destroy(id: string, done?: Done): void {
    this.later(done, () => {
      const states = this.state()
      if (states.delete(id)) this.rewrite(states)
    })
  }

  override all(done: Done<SessionData[]>): void {
    this.later(done, () => [...this.state().values()].map((one) => this.sessionOf(one)))
  }

  override length(done: Done<number>): void {
    this.later(done, () => this.state().size)
  }

  override clear(done?: Done): void {
    this.later(done, () => this.rewrite(new Map()))
  }

  times(id: string) {
    return locked(`${this.log}.lock`, () => this.state().get(id))
  }

  later<Result>(done: Done<Result>, work: () => Result): void {
    queueMicrotask(() => {
      let error: unknown
      let result: Result | undefined
      try {
        result = locked(`${this.log}.lock`, work)
      } catch (thrown) {
        error = thrown
      }
      if (done) setTimeout(done, 0, error, result)
    })
  }

  sessionOf({ fields }: State): SessionData {
    const session = Object.fromEntries(fields) as unknown as SessionData
    const { expires } = session.cookie
    if (expires) session.cookie = { ...session.cookie, expires: new Date(expires) }
    return session
  }

  /** What all lines add up to, without what has ended. */
  state(): Map<string, State> {
    const states = new Map<string, State>()
    let lines = 0
    for (const line of this.lines()) {
      lines += 1
      if (line.made !== undefined) states.set(line.id, { made: line.made, at: line.at, fields: new Map() })
      const state = states.get(line.id)
      if (!state) continue
      state.at = line.at
      for (const [name, value] of Object.entries(line.put ?? {})) state.fields.set(name, value)
      for (const name of line.drop ?? []) state.fields.delete(name)
    }
    const before = states.size
    for (const [id, state] of states) if (this.isOver(state)) states.delete(id)
    if (states.size < before || lines - states.size > WASTE_MAX) this.rewrite(states)
    return states
  }

  isOver({ at, fields }: State): boolean {
    const cookie = fields.get('cookie') as { expires?: string } | undefined
    const isUnused = this.seconds !== undefined && at + this.seconds * 1000 <= Date.now()
    return isUnused || !cookie || (!!cookie.expires && Date.parse(cookie.expires) <= Date.now())
  }

  /** Lines that are whole. Others are what a crash has left, or damage. */
  lines(): Line[] {
    let all = ''
    try {
      all = readFileSync(this.log, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    return all.split('\n').flatMap((one) => {
      try {
        const line: Line = JSON.parse(one)
        return typeof line.id === 'string' && typeof line.at === 'number' ? [line] : []
      } catch {
        return []
      }
    })
  }

  append(states: Map<string, State>, line: Line): void {
    // What is there may be too damaged to be added to.
    if (states.size === 0) this.rewrite(states)
    const file = openSync(this.log, 'a', 0o600)
    const { size } = fstatSync(file)
    try {
      writeFileSync(file, `\n${JSON.stringify(line)}\n`)
    } catch (error) {
      ftruncateSync(file, size)
      throw error
    } finally {
      closeSync(file)
    }
  }

  rewrite(states: Map<string, State>): void {
    const lines = [...states].map(([id, { made, at, fields }]) =>
      JSON.stringify({ id, at, made, put: Object.fromEntries(fields) }),
    )
    const next = `${this.log}.next`
    try {
      writeFileSync(next, lines.join('\n'), { mode: 0o600 })
      renameSync(next, this.log)
    } catch (error) {
      rmSync(next, { force: true })
      throw error
    }
  }
}

function plain(session: SessionData): Fields {
  return JSON.parse(JSON.stringify(session))
}

function text(value: unknown): string | undefined {
  return JSON.stringify(value)
}
