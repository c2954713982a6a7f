// One file, functions, everything synchronous: nothing in this process can come in between. A lock file keeps others out.
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { Request } from 'express'
import { type Session, type SessionData, Store } from 'express-session'

type Cb<T = void> = ((error: unknown, result?: T) => void) | undefined
type Row = { born: number; seen: number; data: SessionData }
const snapshots = new WeakMap<object, SessionData>()
const pattern = /^s-[0-9a-f]{128}$/
const nap = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

const later = <T>(callback: Cb<T>, work: () => T) => {
  let error: unknown = null
  let result: T | undefined
  try {
    result = work()
  } catch (caught) {
    error = caught
  }
  process.nextTick(() => callback?.(error, result))
}

const clone = (session: SessionData) => JSON.parse(JSON.stringify(session)) as SessionData

const readRow = (file: string): Row | undefined => {
  let text: string
  try {
    text = fs.readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const row = JSON.parse(text) as Row
    if (typeof row.born !== 'number' || typeof row.data.cookie !== 'object') return undefined
    if (row.data.cookie.expires) row.data.cookie.expires = new Date(row.data.cookie.expires)
    return row
  } catch {
    return undefined
  }
}

const writeRow = (file: string, row: Row) => {
  const partial = `${file}~${randomBytes(6).toString('hex')}`
  try {
    fs.writeFileSync(partial, JSON.stringify(row), { flag: 'wx', mode: 0o600 })
    fs.renameSync(partial, file)
  } catch (error) {
    fs.rmSync(partial, { force: true })
    throw error
  }
}

const locked = <T>(file: string, work: () => T): T => {
  const lock = `${file}!`
  for (let tries = 0; ; tries += 1) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      try {
        process.kill(Number(fs.readFileSync(lock, 'utf8')) || process.pid, 0)
      } catch (gone) {
        if ((gone as NodeJS.ErrnoException).code === 'ESRCH') fs.rmSync(lock, { force: true })
      }
      if (tries > 2000) throw new Error('locked for too long')
      nap(1)
    }
  }
  try {
    return work()
  } finally {
    fs.rmSync(lock, { force: true })
  }
}

export class FileStore extends Store {
  #dir: string
  #limit: number
  constructor({ folder, timeoutSeconds }: { folder: string; timeoutSeconds: number | undefined }) {
    super()
    this.#dir = folder
    this.#limit = (timeoutSeconds ?? Infinity) * 1000
    fs.mkdirSync(folder, { recursive: true })
    for (const name of fs.readdirSync(folder)) {
      if (!/^s-[0-9a-f]{128}~[0-9a-f]{12}$/.test(name)) continue
      locked(path.join(folder, name.slice(0, 130)), () => fs.rmSync(path.join(folder, name), { force: true }))
    }
  }
  #file = (id: string) => path.join(this.#dir, `s-${createHash('sha512').update(id).digest('hex')}`)
  #over = ({ seen, data }: Row) =>
    Date.now() - seen >= this.#limit ||
    (data.cookie.expires instanceof Date && +data.cookie.expires <= Date.now())
  #live = (file: string) => {
    const row = readRow(file)
    if (row && this.#over(row)) {
      fs.rmSync(file, { force: true })
      return undefined
    }
    return row
  }
  #names = () => fs.readdirSync(this.#dir).filter((name) => pattern.test(name))
  #list = () =>
    this.#names().flatMap((name) => {
      const row = locked(path.join(this.#dir, name), () => this.#live(path.join(this.#dir, name)))
      return row ? [row.data] : []
    })
  override get(id: string, callback: Cb<SessionData | null>) {
    later(callback, () => {
      const file = this.#file(id)
      let row = readRow(file)
      if (row && this.#over(row)) row = locked(file, () => this.#live(file))
      if (!row) return null
      snapshots.set(row.data, clone(row.data))
      return row.data
    })
  }
  override createSession(req: Request, data: SessionData): Session & SessionData {
    const before = snapshots.get(data)
    const made = super.createSession(req, data)
    if (before) snapshots.set(made, before)
    return made
  }
  override set(id: string, session: SessionData, callback?: Cb) {
    later(callback, () => {
      const now = clone(session)
      const before = snapshots.get(session)
      const file = this.#file(id)
      locked(file, () => {
        const row = this.#live(file)
        if (before && !row) return
        const data: Record<string, unknown> =
          before && row ? Object.fromEntries(Object.entries(row.data)) : (now as never)
        if (before && row) {
          const [b, n] = [before, now] as unknown as Record<string, unknown>[]
          for (const key of Object.keys({ ...b, ...n })) {
            if (JSON.stringify(b?.[key]) === JSON.stringify(n?.[key])) continue
            if (n && Object.hasOwn(n, key)) data[key] = n[key]
            else delete data[key]
          }
        }
        writeRow(file, { born: row?.born ?? Date.now(), seen: Date.now(), data: data as never })
      })
      snapshots.set(session, now)
    })
  }
  override touch(id: string, session: SessionData, callback?: Cb) {
    later(callback, () => {
      const file = this.#file(id)
      locked(file, () => {
        const row = this.#live(file)
        if (row)
          writeRow(file, { ...row, seen: Date.now(), data: { ...row.data, cookie: session.cookie } as never })
      })
    })
  }
  override destroy(id: string, callback?: Cb) {
    const file = this.#file(id)
    later(callback, () => locked(file, () => fs.rmSync(file, { force: true })))
  }
  override all(callback?: Cb<SessionData[]>) {
    later(callback, this.#list)
  }
  override length(callback?: Cb<number>) {
    later(callback, () => this.#list().length)
  }
  override clear(callback?: Cb) {
    later(callback, () => {
      for (const name of this.#names())
        locked(path.join(this.#dir, name), () => fs.rmSync(path.join(this.#dir, name), { force: true }))
    })
  }
  async times(id: string) {
    const row = readRow(this.#file(id))
    return row && { createdMs: row.born, lastAccessMs: row.seen }
  }
}
