// What a student's app has stored: the rows of its SQLite files, read from outside.
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { fail } from '../check/failure.ts'
import { readRegularFile } from '../files/read-regular-file.ts'
import { type Locker, startLocker } from './lock.ts'
import { Reader, type Row, type Table } from './reader.ts'

export type { Row, Table }

/** An app that has answered writes no more; one that goes on writing is read as it is. */
const READS_MAX = 4

/** A file larger than this is no student's; it is not searched. */
const SEARCH_MAX_BYTES = 20_000_000

/** All files together: an app that keeps more has a loop that writes, and reading it would take minutes. */
const SEARCH_ALL_MAX_BYTES = 200_000_000

/** The logs that SQLite keeps beside a database. */
const LOGS = ['-wal', '-journal', '-shm']

/** How many names of files stand in a message. */
const NAMES_MAX = 12

export class DataFolder {
  readonly #folder: string
  readonly #copies: string
  #reads = 0
  readonly #reader = new Reader()
  /** The last read, and what the files had in them then. */
  #last: { file: string; digest: string; tables: Promise<Record<string, Table>> } | undefined

  /** @param copies a folder for the copies that are read */
  constructor(folder: string, copies: string) {
    this.#folder = folder
    this.#copies = copies
  }

  get path(): string {
    return this.#folder
  }

  /**
   * All rows of a table, in the order in which they were stored.
   * @throws CheckFailure when there is no such file or table
   */
  async rows(file: string, table: string): Promise<Row[]> {
    return (await this.tables(file, table))[table] ?? []
  }

  /**
   * The same for several tables, as they are at one moment.
   * @throws CheckFailure when there is no such file, or one of the tables is missing
   */
  async tables<Name extends string>(file: string, ...tables: Name[]): Promise<Record<Name, Row[]>> {
    const content = Object.entries<Table>(await this.schema(file, ...tables))
    return Object.fromEntries(content.map(([name, { rows }]) => [name, rows])) as Record<Name, Row[]>
  }

  /**
   * The same with the columns of each table, and where no two rows can be alike.
   * @throws CheckFailure when there is no such file, or one of the tables is missing
   */
  async schema<Name extends string>(file: string, ...tables: Name[]): Promise<Record<Name, Table>> {
    const content = await this.#content(file)
    const names = Object.keys(content)
    for (const table of tables) {
      if (names.includes(table)) continue
      fail({
        expected: `${file} should have a table "${table}".`,
        got:
          names.length === 0
            ? 'It has no table.'
            : `It has only ${names.map((name) => `"${name}"`).join(', ')}.`,
      })
    }
    return content as Record<Name, Table>
  }

  /**
   * Something that keeps everybody else from writing to one of the SQLite files, as a program does that is writing to it.
   * Who has called this has to call its `end`.
   */
  locker(): Locker {
    const locker = startLocker()
    const orFail = async (file: string, locked: Promise<void>) => {
      try {
        await locked
      } catch (error) {
        fail({
          expected: `Your app should keep its rows in the SQLite file ${file} in DATA_DIR.`,
          got: `That file cannot be written: ${(error as Error).message}.`,
          detail: [`In DATA_DIR there is: ${listed(this.#files())}.`],
        })
      }
    }
    const inFolder = (file: string) => path.join(this.#folder, file)
    return {
      ...locker,
      lock: (file) => orFail(file, locker.lock(inFolder(file))),
      keepRows: (file, table) => orFail(file, locker.keepRows(inFolder(file), table)),
    }
  }

  /** The files in which these bytes stand, logs of the database included. */
  filesWith(text: string): string[] {
    let bytes = 0
    return this.#files().filter((file) => {
      const content = this.#bytes(file)
      bytes += content.length
      if (bytes > SEARCH_ALL_MAX_BYTES) {
        fail({
          expected: 'Your app should keep in DATA_DIR only what it needs.',
          got: `There are more than ${SEARCH_ALL_MAX_BYTES / 1_000_000} megabytes.`,
        })
      }
      return content.includes(text)
    })
  }

  /** Regular files of a sensible size, by name. */
  #files(): string[] {
    return this.#names().filter((file) => {
      // A journal comes and goes with every statement.
      const info = lstatSync(path.join(this.#folder, file), { throwIfNoEntry: false })
      return info?.isFile() && info.size <= SEARCH_MAX_BYTES
    })
  }

  /** What lies in the folder; nothing when the app has put something else in its place, such as a link to elsewhere. */
  #names(): string[] {
    return lstatSync(this.#folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(this.#folder) : []
  }

  /** What is in a file; nothing when it has gone since it was listed, or is none any more. */
  #bytes(file: string): Buffer {
    try {
      return readRegularFile(path.join(this.#folder, file), { maxBytes: SEARCH_MAX_BYTES })
    } catch {
      return Buffer.alloc(0)
    }
  }

  /**
   * Reads only what has changed since the last read.
   * Reads again when the app has written in the meantime, so that what is read is the state at one moment.
   */
  async #content(file: string): Promise<Record<string, Table>> {
    for (let triesLeft = READS_MAX; ; triesLeft -= 1) {
      const digest = this.#digest(file)
      if (this.#last?.file === file && this.#last.digest === digest) return this.#last.tables
      const tables = this.#read(file)
      await tables.catch(() => {})
      if (triesLeft > 1 && this.#digest(file) !== digest) continue
      this.#last = { file, digest, tables }
      return tables
    }
  }

  /** Of the bytes of the file and of the logs that belong to it. Times of change are too coarse on some systems. */
  #digest(file: string): string {
    const hash = createHash('sha256')
    for (const name of ['', ...LOGS].map((ending) => file + ending)) {
      hash.update(`${name}\n`).update(this.#bytes(name))
    }
    return hash.digest('hex')
  }

  async #read(file: string): Promise<Record<string, Table>> {
    try {
      return await this.#reader.read(
        path.join(this.#folder, file),
        path.join(this.#copies, String(++this.#reads)),
      )
    } catch (error) {
      fail({
        expected: `Your app should keep its rows in the SQLite file ${file} in DATA_DIR.`,
        got: `That file cannot be read: ${(error as Error).message}.`,
        detail: [`In DATA_DIR there is: ${listed(this.#files())}.`],
      })
    }
  }
}

function listed(names: string[]): string {
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : ''
  return (names.slice(0, NAMES_MAX).join(', ') || 'nothing') + more
}

/** A row as a line for people: `key=3f2a91c4… expires=1795176000`. Long values, which may be secrets, are cut. */
export function rowText(row: Row): string {
  const shown = (value: unknown) => {
    const text = String(value)
    return text.length > 24 ? `${text.slice(0, 8)}…` : text
  }
  return Object.entries(row)
    .map(([column, value]) => `${column}=${shown(value)}`)
    .join('  ')
}

/** Rows as lines for a failure: `sessions before: (none)`. */
export function rowLines(what: string, rows: Row[]): string[] {
  if (rows.length === 0) return [`${what}: (none)`]
  return [
    `${what}:`,
    ...rows.slice(0, 8).map((row) => `  ${rowText(row)}`),
    ...(rows.length > 8 ? [`  … ${rows.length} rows`] : []),
  ]
}
