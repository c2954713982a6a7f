// Prints the tables of one SQLite file as JSON: { table: { rows, columns, unique } }. Which file, and a folder for a copy
// of it, come on standard input: { file, copyFolder }. A process of its own, so that whatever a student's file makes
// SQLite do ends here: the caller sets limits on time and output.
import { copyFileSync, lstatSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import sqlite3 from 'sqlite3'

const task = await text(process.stdin)
// The one that started this process ended before there was anything to read.
if (task === '') process.exit(0)
const { file, copyFolder } = JSON.parse(task)

/** Larger than any lab's database. */
const FILE_MAX_BYTES = 20_000_000

/** More rows than a check looks at. */
const ROWS_MAX = 1_000

try {
  const database = await open(copy())
  const tables = await all(
    database,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%'",
  )
  const content = {}
  for (const { name } of tables) {
    const quoted = `"${name.replaceAll('"', '""')}"`
    content[name] = {
      rows: await all(database, `SELECT * FROM ${quoted} LIMIT ${ROWS_MAX}`),
      columns: await all(database, 'SELECT name, type FROM pragma_table_info(?)', name),
      unique: await uniqueIndexes(database, name),
    }
  }
  process.stdout.write(JSON.stringify(content))
} catch (error) {
  process.stderr.write(error.message)
  process.exitCode = 1
}

/** A copy, so that nothing of the student's is locked or changed; with the logs that belong to the file. */
function copy() {
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
