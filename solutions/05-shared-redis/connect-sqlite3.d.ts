// The types of connect-sqlite3 0.9.18, as far as this lab needs them. Given: nothing to do here.
declare module 'connect-sqlite3' {
  import type { EventEmitter } from 'node:events'
  import type { SessionData, Store } from 'express-session'

  type Done<Result = unknown> = (error: unknown, result?: Result) => void

  /** The four functions of a connection of the driver sqlite3 that the store calls. */
  interface Connection {
    exec(sql: string, done?: Done): void
    run(sql: string, values: (string | number)[], done?: Done): void
    get(sql: string, values: (string | number)[], done?: Done): void
    all(sql: string, values: (string | number)[], done?: Done): void
  }

  interface SQLiteStore extends Store {
    /** Emits `connect` when the table is there. */
    client: EventEmitter
    get(sid: string, done: Done<SessionData>): void
    set(sid: string, session: SessionData, done?: Done): void
    destroy(sid: string, done?: Done): void
  }

  export default function connectSqlite3(session: {
    Store: abstract new () => Store
  }): new (options: {
    db: Connection
  }) => SQLiteStore
}
