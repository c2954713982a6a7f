// A session that was destroyed or is over leaves an empty file, its tombstone, for a day. As long as that is there, nobody can store the
// session: it does not matter which request knew what. Ids are escaped letter by letter; long ones are hashed as well.
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import * as fs from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Request } from 'express'
import { type Session, type SessionData, Store } from 'express-session'
import { isDead } from '../one-json-file/lock.ts'

interface Kept {
  version: 1
  created: string
  accessed: string
  /** Pairs, so that any name can be one. */
  properties: [name: string, value: unknown][]
}

type Done<Result = void> = (error?: unknown, result?: Result) => void

const TOMBSTONE_MS = 24 * 60 * 60 * 1000
const LIVE = '.session'
const GONE = '.gone'

export class FileStore extends Store {
  #folder: string
  #limitMs: number | undefined
  #loaded = new WeakMap<object, Map<string, string>>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor({ folder, timeoutSeconds }: { folder: string; timeoutSeconds: number | undefined }) {
    super()
    mkdirSync(folder, { recursive: true })
    this.#folder = folder
    this.#limitMs = timeoutSeconds && timeoutSeconds * 1000
  }

  override async get(id: string, done: Done<SessionData | null>): Promise<void> {
    await finish(done, async () => {
      const kept = await this.#read(this.#path(id))
      return kept ? revive(kept) : null
    })
  }

  override createSession(req: Request, data: SessionData): Session & SessionData {
    const session = super.createSession(req, data)
    this.#loaded.set(session, texts(session))
    return session
  }

  override async set(id: string, session: SessionData, done?: Done): Promise<void> {
    await finish(done, async () => {
      const own = texts(session)
      await this.#alone(id, async (file) => {
        const old = await this.#read(file)
        if (await exists(file + GONE)) return
        const loaded = this.#loaded.get(session)
        const merged = new Map(loaded && old ? old.properties : [])
        for (const [name, text] of own) {
          if (!loaded || !old || loaded.get(name) !== text) merged.set(name, JSON.parse(text))
        }
        for (const name of loaded?.keys() ?? []) if (!own.has(name)) merged.delete(name)
        await this.#write(file, old?.created, [...merged])
        this.#loaded.set(session, own)
      })
    })
  }

  override async touch(id: string, session: SessionData, done?: Done): Promise<void> {
    await finish(done, async () => {
      await this.#alone(id, async (file) => {
        const old = await this.#read(file)
        if (!old) return
        const others = old.properties.filter(([name]) => name !== 'cookie')
        await this.#write(file, old.created, [['cookie', session.cookie], ...others])
      })
    })
  }

  override async destroy(id: string, done?: Done): Promise<void> {
    await finish(done, async () => {
      await this.#alone(id, async (file) => {
        await fs.writeFile(file + GONE, '')
        await fs.rm(file + LIVE, { force: true })
      })
    })
  }

  override async all(done: Done<SessionData[]>): Promise<void> {
    await finish(done, async () => {
      const found = await Promise.all((await this.#names(LIVE)).map((file) => this.#read(file)))
      return found.flatMap((kept) => (kept ? [revive(kept)] : []))
    })
  }

  override async length(done: Done<number>): Promise<void> {
    await finish(done, async () => {
      for (const file of await this.#names(GONE)) {
        const info = await fs.stat(file + GONE).catch(() => undefined)
        if (info && info.mtimeMs + TOMBSTONE_MS < Date.now()) await fs.rm(file + GONE, { force: true })
      }
      const found = await Promise.all((await this.#names(LIVE)).map((file) => this.#read(file)))
      return found.filter(Boolean).length
    })
  }

  override async clear(done?: Done): Promise<void> {
    await finish(done, async () => {
      for (const file of await this.#names(LIVE)) {
        await fs.writeFile(file + GONE, '')
        await fs.rm(file + LIVE, { force: true })
      }
    })
  }

  times(id: string) {
    return this.#read(this.#path(id))
  }

  #path(id: string): string {
    const safe = [...Buffer.from(id)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    const name =
      safe.length < 80 ? `s-${safe}` : `l-${createHash('sha512').update(id).digest('hex').slice(0, 90)}`
    return path.join(this.#folder, name)
  }

  async #names(ending: string): Promise<string[]> {
    const names = await fs.readdir(this.#folder)
    const pattern = /^[sl]-[0-9a-f]*$/
    return names
      .filter((name) => name.endsWith(ending) && pattern.test(name.slice(0, -ending.length)))
      .map((name) => path.join(this.#folder, name.slice(0, -ending.length)))
  }

  async #read(file: string): Promise<Kept | undefined> {
    try {
      const kept: Kept = JSON.parse(await fs.readFile(file + LIVE, 'utf8'))
      const cookie = new Map(kept.properties).get('cookie') as { expires?: string }
      const isUnused = this.#limitMs && Date.parse(kept.accessed) + this.#limitMs <= Date.now()
      const hasEnd = cookie.expires && Date.parse(cookie.expires) <= Date.now()
      if (!isUnused && !hasEnd) return kept
    } catch (error) {
      // Only a session that could be read, and has ended, is removed.
      if (error instanceof SyntaxError || error instanceof TypeError) return undefined
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
    await fs.writeFile(file + GONE, '')
    await fs.rm(file + LIVE, { force: true })
  }

  async #write(file: string, created: string | undefined, properties: Kept['properties']): Promise<void> {
    const accessed = new Date().toISOString()
    const kept: Kept = { version: 1, created: created ?? accessed, accessed, properties }
    try {
      await fs.writeFile(`${file}.unfinished`, JSON.stringify(kept, null, 1), { mode: 0o600 })
      await fs.rename(`${file}.unfinished`, file + LIVE)
    } catch (error) {
      await fs.rm(`${file}.unfinished`, { force: true })
      throw error
    }
  }

  /** One at a time in this process, and with a lock file among all. */
  async #alone(id: string, work: (file: string) => Promise<void>): Promise<void> {
    const file = this.#path(id)
    const mine = this.#turn.then(async () => {
      const lock = `${file}.lock`
      for (;;) {
        try {
          await fs.writeFile(lock, String(process.pid), { flag: 'wx' })
          break
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
          // A store of this process that is not this one may have it.
          if (isDead(lock)) await fs.rm(lock, { force: true })
          else await sleep(3)
        }
      }
      try {
        await work(file)
      } finally {
        await fs.rm(lock, { force: true })
      }
    })
    this.#turn = mine.catch(() => {})
    return mine
  }
}

/** Calls back, outside of everything that could take what the callback throws for its own failure. */
async function finish<Result>(done: Done<Result> | undefined, work: () => Promise<Result>): Promise<void> {
  let error: unknown = null
  let result: Result | undefined
  try {
    result = await work()
  } catch (thrown) {
    error = thrown
  }
  process.nextTick(() => done?.(error, result))
}

function texts(session: object): Map<string, string> {
  return new Map(
    Object.entries(session).flatMap(([name, value]) => {
      const text = JSON.stringify(value)
      return text === undefined ? [] : [[name, text]]
    }),
  )
}

function revive({ properties }: Kept): SessionData {
  return Object.fromEntries(properties) as unknown as SessionData
}

async function exists(file: string): Promise<boolean> {
  return fs.stat(file).then(
    () => true,
    () => false,
  )
}
