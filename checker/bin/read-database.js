// Reads SQLite files for the checker. Each line of its standard input names one, and a folder for a copy of it:
// { file, copyFolder }. Each is answered by a line: { tables: { table: { rows, columns, unique } } } or { error }.
// A process of its own, so that whatever a student's file makes SQLite do ends here: the caller sets limits on time and
// output.
import { copyFileSync, lstatSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import readline from 'node:readline'
import sqlite3 from 'sqlite3'

/** Larger than any lab's database. */
const FILE_MAX_BYTES = 20_000_000

/** More rows than a check looks at. */
const ROWS_MAX = 1_000

const lines = readline.createInterface({ input: process.stdin })
// Nobody waits for an answer any more, however long SQLite is still at work on it in its thread.
lines.on('close', () => process.exit())
for await (const line of lines) {
  const answer = await tablesOf(JSON.parse(line)).then(
    (tables) => ({ tables }),
    (error) => ({ error: error.message }),
  )
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

async function tablesOf({ file, copyFolder }) {
  const database = await open(copy(file, copyFolder))
  try {
    return await contentOf(database)
  } finally {
    database.close()
  }
}

async function contentOf(database) {
  const names = await all(
    database,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%'",
  )
  const tables = {}
  for (const { name } of names) {
    const quoted = `"${name.replaceAll('"', '""')}"`
    tables[name] = {
      rows: await all(database, `SELECT * FROM ${quoted} LIMIT ${ROWS_MAX}`),
      columns: await all(database, 'SELECT name, type FROM pragma_table_info(?)', name),
      unique: await uniqueIndexes(database, name),
    }
  }
  return tables
}

/** A copy, so that nothing of the student's is locked or changed; with the logs that belong to the file. */
function copy(file, copyFolder) {
  mkdirSync(copyFolder, { recursive: true })
  const target = path.join(copyFolder, path.basename(file))
  for (const ending of ['', '-wal', '-journal']) {
    const info = lstatSync(file + ending, { throwIfNoEntry: false })
    if (!info && ending !== '') continue
    if (!info) throw new Error('it does not exist')
    // A pipe or a link in its place would hang the reader, or show it another file.
    if (!info.isFile()) throw new Error('it is not a regular file')
    if (info.size > FILE_MAX_BYTES) throw new Error(`it is larger than ${FILE_MAX_BYTES} bytes`)
    copyFileSync(file + ending, target + ending)
  }
  return target
}

function open(name) {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(name, sqlite3.OPEN_READWRITE, (error) => {
      if (error) reject(error)
      else database.run('PRAGMA trusted_schema = OFF', () => resolve(database))
    })
  })
}

/** The columns of each index that keeps two rows from being alike there, that of the primary key included. */
async function uniqueIndexes(database, table) {
  const indexes = await all(
    database,
    'SELECT name FROM pragma_index_list(?) WHERE "unique" AND NOT partial',
    table,
  )
  const columns = 'SELECT name FROM pragma_index_info(?)'
  return Promise.all(
    indexes.map(async ({ name }) => (await all(database, columns, name)).map((column) => column.name)),
  )
}

function all(database, sql, ...values) {
  return new Promise((resolve, reject) => {
    database.all(sql, values, (error, rows) => (error ? reject(error) : resolve(rows)))
  })
}
