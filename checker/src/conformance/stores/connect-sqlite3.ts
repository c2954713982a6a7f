// The package connect-sqlite3, as the host of stores opens it.
import { createRequire } from 'node:module'
import session from 'express-session'
import type { StoreOptions } from './store-options.ts'

const SqliteStore = createRequire(import.meta.url)('connect-sqlite3')(session)

interface Connection {
  run(sql: string, values: unknown[], done: (error: unknown) => void): void
}

export async function openStore({ folder }: StoreOptions) {
  const store = new SqliteStore({ dir: folder, db: 'sessions.db' })
  await new Promise((resolve) => store.client.once('connect', resolve))
  return store
}

/** Leaves half of the JSON of a session. */
export function damage({ db }: { db: Connection }, id: string) {
  return run(db, 'UPDATE sessions SET sess = substr(sess, 1, length(sess) / 2) WHERE sid = ?', id)
}

export function breakDown({ db }: { db: Connection }) {
  return run(db, 'DROP TABLE sessions')
}

function run(db: Connection, sql: string, ...values: unknown[]): Promise<void> {
  return new Promise((resolve, reject) => {
    db.run(sql, values, (error) => (error ? reject(error) : resolve()))
  })
}
