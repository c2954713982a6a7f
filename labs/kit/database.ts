// SQLite with promises: one file, and one connection that all requests of the app share.
import path from 'node:path'
import sqlite3 from 'sqlite3'
import { dataDir } from './config.ts'

/** How long a statement waits while another process writes to the same file: 5 seconds. After that it fails. */
const BUSY_TIMEOUT_MS = 5000

/** What can be put in place of a `?`. */
export type SqlValue = string | number | null

/**
 * A connection to an SQLite file.
 *
 * Each call takes one statement; SQLite ignores what comes after it. The values for its `?` come separately and in
 * order, so that they are data whatever they contain. Every statement is a transaction of its own: when its promise
 * is fulfilled, what it wrote is on disk. Statements that nobody waits for can run in any order, so `await` each one.
 *
 * There is nothing for larger transactions: a BEGIN would also take in what other requests send in the meantime.
 */
export class Database {
  readonly #connection: sqlite3.Database

  constructor(connection: sqlite3.Database) {
    this.#connection = connection
  }

  /**
   * Runs a statement whose rows do not matter.
   * @returns `changes`: how many rows an INSERT, UPDATE or DELETE changed (after other statements it means nothing)
   * @throws Error with SQLite's reason, as `get` and `all` do
   */
  run(sql: string, ...values: SqlValue[]): Promise<{ changes: number }> {
    return new Promise((resolve, reject) => {
      this.#connection.run(sql, values, function (error) {
        if (error) reject(error)
        else resolve({ changes: this.changes })
      })
    })
  }

  /** The first row of the result, an object with a property for each column. Undefined when there is no row. */
  async get<Row>(sql: string, ...values: SqlValue[]): Promise<Row | undefined> {
    // Not the driver's own `get`: it stops at the first row with the statement still open, and for as long as its
    // lock is held, SQLite lets no other statement of this connection wait for its turn to write.
    const [first] = await this.all<Row>(sql, ...values)
    return first
  }

  /** All rows of the result, each an object with a property for each column. */
  all<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.#connection.all<Row>(sql, values, (error, rows) => {
        if (error) reject(error)
        else resolve(rows)
      })
    })
  }

  /** Closes the file, once every statement has ended. */
  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connection.close((error) => {
        if (error) reject(error)
        else resolve()
      })
    })
  }
}

/**
 * Opens the SQLite file `name` in the data folder, and makes it if it is missing.
 * Ends the process with a clear message if it cannot be read and written.
 */
export async function openDatabase(name: string): Promise<Database> {
  try {
    const connection = await connect(path.join(dataDir(), name))
    connection.configure('busyTimeout', BUSY_TIMEOUT_MS)
    await tryToWrite(connection)
    return new Database(connection)
  } catch (error) {
    console.error(
      `Could not open the database ${name} in ${process.env.DATA_DIR ?? '.data'}: ${reason(error)}`,
    )
    process.exit(1)
  }
}

function connect(file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const connection = new sqlite3.Database(file, (error) => {
      if (error) reject(error)
      else resolve(connection)
    })
  })
}

/** SQLite looks at a file only when it has to, and opens one that it cannot write for reading: so write, and undo it. */
function tryToWrite(connection: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.exec('BEGIN IMMEDIATE; PRAGMA user_version = 1; ROLLBACK', (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
