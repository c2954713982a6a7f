// Locks one SQLite file at a time, so that nobody else can write to it. On standard input comes a line with the name of
// the file, or an empty one to unlock it; each is answered with an empty line, or with the reason why it cannot be.
// A process of its own, so that whatever a student's file makes SQLite do ends here. It ends when the input does.
import { lstatSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import sqlite3 from 'sqlite3'

/** The app may be at work on the file. */
const BUSY_TIMEOUT_MS = 3000

let locked

for await (const file of createInterface({ input: process.stdin })) {
  try {
    // What ends a connection ends its lock. Nothing was written, so there is nothing to undo.
    if (locked) await promisify(locked.close.bind(locked))()
    locked = file === '' ? undefined : await lock(file)
    process.stdout.write('\n')
  } catch (error) {
    process.stdout.write(`${error.message}\n`)
  }
}

async function lock(file) {
  const info = lstatSync(file, { throwIfNoEntry: false })
  if (!info) throw new Error('it does not exist')
  // A link in its place would lock another file.
  if (!info.isFile()) throw new Error('it is not a regular file')
  const database = await new Promise((resolve, reject) => {
    const opened = new sqlite3.Database(file, sqlite3.OPEN_READWRITE, (error) =>
      error ? reject(error) : resolve(opened),
    )
  })
  database.configure('busyTimeout', BUSY_TIMEOUT_MS)
  await promisify(database.exec.bind(database))('BEGIN IMMEDIATE')
  return database
}
