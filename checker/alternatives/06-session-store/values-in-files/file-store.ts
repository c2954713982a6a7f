// A session is a folder with a file for each of its properties, so that two requests seldom write the same file. There
// is no lock: a request writes the files of what it has changed, and into a folder that is gone nobody can write.
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Request } from 'express'
import { type Session, type SessionData, Store } from 'express-session'

/** What is in the file of a property. */
interface Property {
  name: string
  value: unknown
  /** Properties are listed in the order in which they were first added. */
  since: [milliseconds: number, count: number]
}

interface Meta {
  createdMs: number
  lastAccessMs: number
}

type Done<Result = void> = (error: unknown, result?: Result) => void

const META = 'meta'
const FOLDER = /^session_[\w-]{43}$/
let count = 0

export class FileStore extends Store {
  readonly #root: string
  readonly #timeoutMs: number
  readonly #bases = new WeakMap<SessionData, Map<string, string>>()

  constructor({ folder, timeoutSeconds = Infinity }: { folder: string; timeoutSeconds?: number }) {
    super()
    this.#root = folder
    this.#timeoutMs = timeoutSeconds * 1000
    mkdirSync(folder, { recursive: true })
    for (const name of listed(folder)) if (isOfTheDead(name)) remove(path.join(folder, name))
    for (const session of this.#folders()) {
      for (const name of listed(session)) if (isOfTheDead(name)) remove(path.join(session, name))
    }
  }

  override get(id: string, done: Done<SessionData | undefined>): void {
    this.#answer(done, () => this.#read(this.#folder(id)))
  }

  override createSession(req: Request, data: SessionData): Session & SessionData {
    const session = super.createSession(req, data)
    this.#bases.set(session, asTexts(session))
    return session
  }

  override set(id: string, session: SessionData, done?: Done): void {
    this.#answer(done, () => {
      const [own, base, folder] = [asTexts(session), this.#bases.get(session), this.#folder(id)]
      if (!this.#read(folder) && base) return
      const known = properties(folder)
      const changed = [...own].filter(([name, text]) => base?.get(name) !== text)
      const files = changed.map(([name, text]): [string, string] => {
        const since = known?.get(name)?.since ?? [Date.now(), ++count]
        return [fileName(name), JSON.stringify({ name, value: JSON.parse(text), since })]
      })
      const meta = { createdMs: readMeta(folder)?.createdMs ?? Date.now(), lastAccessMs: Date.now() }
      files.push([META, JSON.stringify(meta)])
      if (!base) this.#begin(folder, files)
      for (const [name, text] of files) writeWhole(path.join(folder, name), text)
      const dropped = base ? [...base.keys()].map(fileName) : listed(folder)
      const kept = new Set([META, ...[...own.keys()].map(fileName)])
      for (const name of dropped) if (!kept.has(name)) remove(path.join(folder, name))
      this.#bases.set(session, own)
    })
  }

  override touch(id: string, { cookie }: SessionData, done?: Done): void {
    this.#answer(done, () => {
      const folder = this.#folder(id)
      const meta = this.#read(folder) && readMeta(folder)
      if (!meta) return
      const old = properties(folder)?.get('cookie')
      const value = { name: 'cookie', value: cookie, since: old?.since ?? [0, 0] }
      writeWhole(path.join(folder, fileName('cookie')), JSON.stringify(value))
      writeWhole(path.join(folder, META), JSON.stringify({ ...meta, lastAccessMs: Date.now() }))
    })
  }

  override destroy(id: string, done?: Done): void {
    this.#answer(done, () => this.#end(this.#folder(id)))
  }

  override all(done: Done<SessionData[]>): void {
    this.#answer(done, () => this.#all())
  }

  override length(done: Done<number>): void {
    this.#answer(done, () => this.#all().length)
  }

  override clear(done?: Done): void {
    this.#answer(done, () => {
      for (const folder of this.#folders()) this.#end(folder)
    })
  }

  times(id: string): Meta | undefined {
    const folder = this.#folder(id)
    return this.#read(folder) && readMeta(folder)
  }

  #answer<Result>(done: Done<Result> | undefined, work: () => Result): void {
    new Promise<Result>((resolve) => resolve(work()))
      .then(
        (result) => () => done?.(null, result),
        (error) => () => done?.(error),
      )
      .then(setImmediate)
  }

  #folder(id: string): string {
    return path.join(this.#root, `session_${createHash('sha256').update(id).digest('base64url')}`)
  }

  #folders(): string[] {
    return readdirSync(this.#root)
      .filter((name) => FOLDER.test(name))
      .map((name) => path.join(this.#root, name))
  }

  #all(): SessionData[] {
    return this.#folders().flatMap((folder) => this.#read(folder) ?? [])
  }

  #read(folder: string): SessionData | undefined {
    const meta = readMeta(folder)
    const found = meta && properties(folder)
    const cookie = found?.get('cookie')?.value as { expires?: string } | undefined
    if (!found || !cookie) return undefined
    const isUnused = Date.now() - meta.lastAccessMs >= this.#timeoutMs
    if (isUnused || (cookie.expires && Date.parse(cookie.expires) <= Date.now())) {
      this.#end(folder)
      return undefined
    }
    const inOrder = [...found.values()].sort(
      ({ since: [one, first] }, { since: [other, second] }) => one - other || first - second,
    )
    return Object.fromEntries(inOrder.map(({ name, value }) => [name, value])) as unknown as SessionData
  }

  /** Makes the folder of a new session with all that is in it, at once. If there is one, it stays. */
  #begin(folder: string, files: [string, string][]): void {
    const unborn = path.join(this.#root, `unborn_${randomUUID()}.${process.pid}`)
    mkdirSync(unborn, { mode: 0o700 })
    try {
      for (const [name, text] of files) writeFileSync(path.join(unborn, name), text)
      renameSync(unborn, folder)
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error
    } finally {
      remove(unborn)
    }
  }

  /** A folder that is called otherwise is no session any more; then there is time to remove it. */
  #end(folder: string): void {
    const dead = path.join(this.#root, `dead_${randomUUID()}`)
    try {
      renameSync(folder, dead)
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return
      throw error
    }
    remove(dead)
  }
}

function asTexts(session: object): Map<string, string> {
  return new Map(
    Object.entries(session)
      .map(([name, value]): [string, string] => [name, JSON.stringify(value)])
      .filter(([, text]) => text !== undefined),
  )
}

function fileName(property: string): string {
  return `p-${createHash('sha1').update(property).digest('hex')}`
}

/** Undefined when one of the files is damaged: then all of the session is. */
function properties(folder: string): Map<string, Property> | undefined {
  const found = new Map<string, Property>()
  for (const name of listed(folder).filter((one) => /^p-[0-9a-f]{40}$/.test(one))) {
    const property = parsed<Property>(path.join(folder, name))
    if (property === 'gone') continue
    if (!property?.name || fileName(property.name) !== name || !Array.isArray(property.since))
      return undefined
    found.set(property.name, property)
  }
  return found
}

function readMeta(folder: string): Meta | undefined {
  const meta = parsed<Meta>(path.join(folder, META))
  return meta !== 'gone' && meta?.createdMs && meta.lastAccessMs ? meta : undefined
}

/** 'gone' when there is no such file, undefined when it has something else in it. */
function parsed<Content>(file: string): Content | 'gone' | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return 'gone'
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function writeWhole(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}`
  try {
    writeFileSync(unfinished, text)
    renameSync(unfinished, file)
  } catch (error) {
    remove(unfinished)
    // Somebody has ended the session.
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

function isOfTheDead(name: string): boolean {
  const [, pid] = /^(?:p-[0-9a-f]{40}|meta|unborn_[0-9a-f-]{36})\.(\d+)$/.exec(name) ?? []
  if (pid === undefined) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch {
    return true
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function remove(file: string): void {
  rmSync(file, { recursive: true, force: true })
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}
