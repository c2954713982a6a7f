// Locks one SQLite file at a time, so that nobody else can write to it, or one table in it, so that nobody can delete its
// rows. On standard input comes a line with the name of the file, and a tab and the table if it is one, or an empty line
// to unlock it; each is answered with an empty line, or with the reason why it cannot be.
// A process of its own, so that whatever a student's file makes SQLite do ends here. It ends when the input does.
import { lstatSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import sqlite3 from 'sqlite3'

/** The app may be at work on the file. */
const BUSY_TIMEOUT_MS = 3000

/** Another program can keep a table only by something in the file: the trigger is gone again with the next line. */
const TRIGGER = 'kept_by_lab_check'

let locked
let isTrigger = false

for await (const line of createInterface({ input: process.stdin })) {
  try {
    if (isTrigger) await execute(locked, `DROP TRIGGER IF EXISTS ${TRIGGER}`)
    isTrigger = false
    // What ends a connection ends its lock. That has written nothing, so there is nothing to undo.
    if (locked) await promisify(locked.close.bind(locked))()
    const [file, table] = line.split('\t')
    locked = file === '' ? undefined : await open(file)
    if (locked) await execute(locked, table ? keepRows(table) : 'BEGIN IMMEDIATE')
    isTrigger = table !== undefined
    process.stdout.write('\n')
  } catch (error) {
    process.stdout.write(`${error.message}\n`)
  }
}

function keepRows(table) {
  return `CREATE TRIGGER ${TRIGGER} BEFORE DELETE ON "${table}" BEGIN SELECT RAISE(ABORT, 'stopped by lab-check'); END`
}

function execute(database, sql) {
  return promisify(database.exec.bind(database))(sql)
}

async function open(file) {
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
  return database
}
