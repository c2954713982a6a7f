// Where express-session keeps the sessions: connect-sqlite3 on the file sessions.sqlite. Given: nothing to do here.
import { once } from 'node:events'
import connectSqlite3, { type Connection, type Done } from 'connect-sqlite3'
import session, { type SessionData } from 'express-session'
import { openDatabase } from '#kit/database.ts'

/**
 * The file with the store's table: `sessions(sid, expired, sess)`. `sess` is the session as JSON. `expired` is when it
 * ends if nothing happens, in milliseconds since 1970; every request moves it.
 */
export const sessionRows = await openDatabase('sessions.sqlite')

/**
 * The connection on which the store works. `new SQLiteStore({ db: 'sessions.sqlite' })` would open one of its own, but
 * there "database is locked" comes at once when another instance of the app is writing; the kit's waits for its turn.
 */
const connection: Connection = {
  exec: (sql, done) => answer(sessionRows.run(sql), done),
  run: (sql, values, done) => answer(sessionRows.run(sql, ...values), done),
  get: (sql, values, done) => answer(sessionRows.get(sql, ...values), done),
  all: (sql, values, done) => answer(sessionRows.all(sql, ...values), done),
}

/** connect-sqlite3, with a limit that its `expired` does not know. */
class SessionStore extends connectSqlite3(session) {
  readonly #hasEnded: (data: SessionData) => boolean

  constructor(hasEnded: (data: SessionData) => boolean) {
    super({ db: connection })
    this.#hasEnded = hasEnded
  }

  /** The session with this id. There is none once `hasEnded` says so: then its row goes, too. */
  override get(sid: string, done: Done<SessionData>): void {
    let answered = false
    super.get(sid, (error, data) => {
      // After an error, connect-sqlite3 calls back a second time.
      if (answered) return
      answered = true
      if (data && this.#hasEnded(data)) this.destroy(sid, (failed) => done(failed))
      else done(error, data)
    })
  }
}

/** The store, with its table made, and rid of the sessions that ended while nobody was here. */
export async function openStore(hasEnded: (data: SessionData) => boolean): Promise<session.Store> {
  const store = new SessionStore(hasEnded)
  await once(store.client, 'connect')
  return store
}

/** connect-sqlite3 sweeps without a callback, and throws in others: neither may end the process. */
function answer<Result>(result: Promise<Result>, done: Done = logged): void {
  result.then((value) => done(null, value)).catch(done)
}

function logged(error: unknown): void {
  if (error) console.error(error)
}
