// Compressed files, in subfolders by the first two characters of their names. The disk is waited for.
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Request } from 'express'
import { type Session, type SessionData, Store } from 'express-session'
import { withLock } from '../../../../solutions/06-session-store/lock.ts'

type Done<Result = void> = ((error: unknown, result?: Result) => void) | undefined
type Fields = Record<string, unknown>

interface Entry {
  made: string
  used: string
  fields: Fields
}

const NAME = /^[0-9a-f]{80}\.gz$/
const LEFT_OVER = /^([0-9a-f]{80}\.gz)\..*\b(?:new|lock)$/

/** What each session was like when it was loaded, or stored by its request. */
const snapshots = new WeakMap<object, { id: string; text: string }>()

export class FileStore extends Store {
  readonly folder: string
  readonly seconds: number | undefined

  constructor(options: { folder: string; timeoutSeconds: number | undefined }) {
    super()
    this.folder = path.resolve(options.folder)
    this.seconds = options.timeoutSeconds
    mkdirSync(this.folder, { recursive: true })
    this.tidy().catch(console.error)
  }

  override get(id: string, done?: Done<SessionData | null>): void {
    later(done, async () => {
      const entry = await this.read(this.fileOf(id))
      if (!entry) return null
      const session = sessionOf(entry)
      snapshots.set(session, { id, text: JSON.stringify(entry.fields) })
      return session
    })
  }

  override createSession(req: Request, data: SessionData): Session & SessionData {
    const snapshot = snapshots.get(data)
    const session = super.createSession(req, data)
    if (snapshot) snapshots.set(session, snapshot)
    return session
  }

  override set(id: string, session: SessionData, done?: Done): void {
    later(done, async () => {
      const text = JSON.stringify(session)
      const snapshot = snapshots.get(session)
      await this.change(id, (entry) => {
        const used = new Date().toISOString()
        const own: Fields = JSON.parse(text)
        if (snapshot?.id !== id) return { made: entry?.made ?? used, used, fields: own }
        if (!entry) return undefined
        const before: Fields = JSON.parse(snapshot.text)
        const fields = new Map(Object.entries(entry.fields))
        for (const name of Object.keys(before)) if (!(name in own)) fields.delete(name)
        for (const [name, value] of Object.entries(own)) {
          if (JSON.stringify(before[name]) !== JSON.stringify(value)) fields.set(name, value)
        }
        return { made: entry.made, used, fields: Object.fromEntries(fields) }
      })
      snapshots.set(session, { id, text })
    })
  }

  override touch(id: string, { cookie }: SessionData, done?: Done): void {
    later(done, async () => {
      const own: Fields = JSON.parse(JSON.stringify({ cookie }))
      await this.change(
        id,
        (entry) => entry && { ...entry, used: new Date().toISOString(), fields: { ...entry.fields, ...own } },
      )
    })
  }

  override destroy(id: string, done?: Done): void {
    later(done, () => this.remove(this.fileOf(id)))
  }

  override all(done?: Done<{ [hash: string]: SessionData }>): void {
    later(done, () => this.list())
  }

  override length(done?: Done<number>): void {
    later(done, async () => Object.keys(await this.list()).length)
  }

  override clear(done?: Done): void {
    later(done, async () => {
      for (const file of await this.files()) await this.remove(file)
    })
  }

  async times(id: string) {
    const entry = await this.read(this.fileOf(id))
    return entry && { createdMs: Date.parse(entry.made), lastAccessMs: Date.parse(entry.used) }
  }

  private fileOf(id: string): string {
    const hash = createHash('sha512').update(`session ${id}`).digest('hex').slice(0, 80)
    return path.join(this.folder, hash.slice(0, 2), `${hash}.gz`)
  }

  private async list(): Promise<{ [hash: string]: SessionData }> {
    const found: { [hash: string]: SessionData } = {}
    for (const file of await this.files()) {
      const entry = await this.read(file)
      if (entry) found[path.basename(file)] = sessionOf(entry)
    }
    return found
  }

  private async files(pattern = NAME): Promise<string[]> {
    const entries = await readdir(this.folder, { withFileTypes: true })
    const found: string[] = []
    for (const entry of entries) {
      if (!entry.isDirectory() || !/^[0-9a-f]{2}$/.test(entry.name)) continue
      const folder = path.join(this.folder, entry.name)
      for (const name of await readdir(folder)) if (pattern.test(name)) found.push(path.join(folder, name))
    }
    return found
  }

  /** What a killed process has left: who has the lock may remove its unfinished file. */
  private async tidy(): Promise<void> {
    for (const file of await this.files(LEFT_OVER)) {
      const [, name = ''] = LEFT_OVER.exec(path.basename(file)) ?? []
      await withLock(path.join(path.dirname(file), name), async () => {
        if (file.endsWith('.new')) await rm(file, { force: true })
      })
    }
  }

  private async remove(file: string): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true })
    await withLock(file, () => rm(file, { force: true }))
  }

  private async read(file: string): Promise<Entry | undefined> {
    const entry = await load(file)
    return entry && this.hasEnded(entry) ? withLock(file, () => this.readLocked(file)) : entry
  }

  private async readLocked(file: string): Promise<Entry | undefined> {
    const entry = await load(file)
    if (!entry || !this.hasEnded(entry)) return entry
    await rm(file, { force: true })
    return undefined
  }

  private hasEnded({ used, fields }: Entry): boolean {
    const { expires } = fields.cookie as { expires?: string | null }
    const limits = [
      expires ? Date.parse(expires) : Number.POSITIVE_INFINITY,
      Date.parse(used) + (this.seconds ?? Number.POSITIVE_INFINITY) * 1000,
    ]
    return Math.min(...limits) <= Date.now()
  }

  private async change(id: string, work: (entry: Entry | undefined) => Entry | undefined): Promise<void> {
    const file = this.fileOf(id)
    await mkdir(path.dirname(file), { recursive: true })
    await withLock(file, async () => {
      const entry = work(await this.readLocked(file))
      if (entry) await write(file, gzipSync(JSON.stringify(entry)))
    })
  }
}

function later<Result>(done: Done<Result>, work: () => Promise<Result>): void {
  work().then(
    (result) => done && setImmediate(done, null, result),
    (error) => (done ? setImmediate(done, error) : console.error(error)),
  )
}

function sessionOf({ fields }: Entry): SessionData {
  const cookie = { ...(fields.cookie as Fields) }
  if (cookie.expires) cookie.expires = new Date(cookie.expires as string)
  return { ...fields, cookie } as unknown as SessionData
}

async function load(file: string): Promise<Entry | undefined> {
  try {
    const entry: Entry = JSON.parse(gunzipSync(await readFile(file)).toString())
    const isWhole = Date.parse(entry.made) > 0 && Date.parse(entry.used) > 0
    return isWhole && entry.fields.cookie instanceof Object ? entry : undefined
  } catch {
    return undefined
  }
}

async function write(file: string, content: Buffer): Promise<void> {
  const unfinished = `${file}.${randomBytes(8).toString('hex')}.new`
  try {
    const handle = await open(unfinished, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}
