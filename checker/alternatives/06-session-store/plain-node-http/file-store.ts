// Callbacks throughout. When a session was last used is the time of its file (mtime), so that most of `touch` is utimes.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { Request } from 'express'
import session, { type SessionData } from 'express-session'
import { isDead } from '../one-json-file/lock.ts'

type Done<Result = void> = (error?: Error | null, result?: Result) => void
type Content = Record<string, unknown> & { cookie: { expires?: string | Date | null } }

interface Kept {
  since: number
  content: Content
  /** From the file's times. */
  usedMs: number
}

const EXTENSION = '.session.json'

export class FileStore extends session.Store {
  private readonly folder: string
  private readonly limit: number | undefined
  private readonly waiting = new Map<string, (() => void)[]>()

  constructor(options: { folder: string; timeoutSeconds: number | undefined }) {
    super()
    this.folder = options.folder
    this.limit = options.timeoutSeconds
    fs.mkdirSync(this.folder, { recursive: true, mode: 0o700 })
  }

  override get(id: string, done: Done<SessionData | null>): void {
    this.read(this.fileOf(id), (error, kept) => {
      if (error) done(error)
      else done(null, kept ? (kept.content as unknown as SessionData) : null)
    })
  }

  override createSession(req: Request, data: SessionData): session.Session & SessionData {
    const loaded = JSON.stringify(data)
    const made = super.createSession(req, data)
    Object.defineProperty(made, 'loadedAs', { value: loaded, configurable: true })
    return made
  }

  override set(id: string, one: SessionData & { loadedAs?: string }, done: Done = log): void {
    let own: Content
    try {
      own = JSON.parse(JSON.stringify(one))
    } catch (error) {
      return void setImmediate(done, error as Error)
    }
    const base: Content | undefined = one.loadedAs === undefined ? undefined : JSON.parse(one.loadedAs)
    const file = this.fileOf(id)
    this.alone(file, done, (end) => {
      this.read(file, (error, kept) => {
        if (error) return end(error)
        if (base && !kept) return end(null)
        const content = base && kept ? changed(kept.content, base, own) : own
        this.write(file, { since: kept?.since ?? Date.now(), content }, (failure) => {
          const value = JSON.stringify(own)
          if (!failure) Object.defineProperty(one, 'loadedAs', { value, configurable: true })
          end(failure)
        })
      })
    })
  }

  override touch(id: string, { cookie }: SessionData, done: Done = log): void {
    const file = this.fileOf(id)
    this.alone(file, done, (end) => {
      this.read(file, (error, kept) => {
        if (error || !kept) return end(error ?? null)
        if (cookie.expires) {
          return this.write(file, { since: kept.since, content: { ...kept.content, cookie } }, end)
        }
        fs.utimes(file, Date.now() / 1000, Date.now() / 1000, end)
      })
    })
  }

  override destroy(id: string, done: Done = log): void {
    const file = this.fileOf(id)
    this.alone(file, done, (end) => fs.rm(file, { force: true }, end))
  }

  override all(done: Done<{ [id: string]: SessionData }>): void {
    fs.readdir(this.folder, (error, names) => {
      if (error) return done(error)
      const found: { [id: string]: SessionData } = {}
      const ours = names.filter((name) => /^[0-9a-f]{40}\.session\.json$/.test(name))
      const next = (failure?: Error | null) => {
        const name = ours.pop()
        if (failure || name === undefined) return done(failure ?? null, found)
        this.read(path.join(this.folder, name), (trouble, kept) => {
          if (kept) found[name] = kept.content as unknown as SessionData
          next(trouble)
        })
      }
      next()
    })
  }

  override length(done: Done<number>): void {
    this.all((error, found) => (error ? done(error) : done(null, Object.keys(found ?? {}).length)))
  }

  override clear(done: Done = log): void {
    fs.readdir(this.folder, (error, names) => {
      if (error) return done(error)
      const ours = names.filter((name) => /^[0-9a-f]{40}\.session\.json$/.test(name))
      let left = ours.length
      if (left === 0) return done(null)
      for (const name of ours)
        fs.rm(path.join(this.folder, name), { force: true }, () => --left || done(null))
    })
  }

  kept(id: string, done: Done<Kept>): void {
    this.read(this.fileOf(id), done)
  }

  private fileOf(id: string): string {
    return path.join(this.folder, createHash('sha1').update(`id ${id}`).digest('hex') + EXTENSION)
  }

  private read(file: string, done: Done<Kept>): void {
    fs.open(file, 'r', (missing, handle) => {
      if (missing) return done(missing.code === 'ENOENT' ? null : missing)
      fs.fstat(handle, (_error, info) => {
        fs.readFile(handle, 'utf8', (error, text) => {
          fs.close(handle, () => {
            if (error) return done(error.code === 'EISDIR' ? null : error)
            const kept = parse(text, info.mtimeMs)
            if (!kept || !this.isOver(kept)) return done(null, kept)
            fs.rm(file, { force: true }, (trouble) => done(trouble))
          })
        })
      })
    })
  }

  private isOver({ usedMs, content }: Kept): boolean {
    const { expires } = content.cookie
    if (expires && new Date(expires).getTime() <= Date.now()) return true
    return this.limit !== undefined && usedMs + this.limit * 1000 <= Date.now()
  }

  private write(file: string, kept: Omit<Kept, 'usedMs'>, done: Done): void {
    const draft = `${file}.draft`
    const now = Date.now() / 1000
    fs.writeFile(draft, JSON.stringify(kept), { mode: 0o600 }, (error) => {
      if (error) return fs.rm(draft, { force: true }, () => done(error))
      fs.utimes(draft, now, now, (trouble) => (trouble ? done(trouble) : fs.rename(draft, file, done)))
    })
  }

  /** One after the other for each file, here and in other processes. */
  private alone(file: string, done: Done, work: (end: Done) => void): void {
    const queue = this.waiting.get(file)
    const start = () => {
      this.lock(file, (error) => {
        const end: Done = (failure) => {
          fs.rm(`${file}.locked`, { force: true }, () => {
            const next = this.waiting.get(file)?.shift()
            if (next) next()
            else this.waiting.delete(file)
            done(failure ?? null)
          })
        }
        if (error) end(error)
        else work(end)
      })
    }
    if (queue) queue.push(start)
    else {
      this.waiting.set(file, [])
      start()
    }
  }

  private lock(file: string, done: Done): void {
    fs.writeFile(`${file}.locked`, String(process.pid), { flag: 'wx' }, (error) => {
      if (error?.code !== 'EEXIST') return done(error)
      if (isDead(`${file}.locked`)) fs.rm(`${file}.locked`, { force: true }, () => this.lock(file, done))
      else setTimeout(() => this.lock(file, done), 4)
    })
  }
}

function log(error?: Error | null): void {
  if (error) console.error(error)
}

function parse(text: string, usedMs: number): Kept | undefined {
  try {
    const { since, content } = JSON.parse(text)
    return typeof since === 'number' && content.cookie ? { since, content, usedMs } : undefined
  } catch {
    return undefined
  }
}

function changed(stored: Content, base: Content, own: Content): Content {
  const result = { ...stored }
  for (const name of Object.keys(base)) if (!(name in own)) delete result[name]
  for (const [name, value] of Object.entries(own)) {
    if (JSON.stringify(value) !== JSON.stringify(base[name])) result[name] = value
  }
  return result
}
