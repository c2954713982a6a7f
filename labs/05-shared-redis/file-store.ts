// A store in a file of this instance's own: connect-sqlite3, as in lab 4. Given: step 1 puts it out of use.
import { once } from 'node:events'
import connectSqlite3, { type Connection, type Done } from 'connect-sqlite3'
import session from 'express-session'
import { openDatabase } from '#kit/database.ts'

/** The store in `sessions.sqlite`, in the data folder of this instance, with its table made. */
export async function openFileStore(): Promise<session.Store> {
  const file = await openDatabase('sessions.sqlite')
  // The kit's connection, because the store's own would not wait for its turn to write.
  const db: Connection = {
    exec: (sql, done) => answer(file.run(sql), done),
    run: (sql, values, done) => answer(file.run(sql, ...values), done),
    get: (sql, values, done) => answer(file.get(sql, ...values), done),
    all: (sql, values, done) => answer(file.all(sql, ...values), done),
  }
  const store = new (connectSqlite3(session))({ db })
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
