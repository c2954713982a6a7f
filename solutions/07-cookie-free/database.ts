// The SQLite file and its four tables: two for the sessions, two for the data. Given: nothing to do here.
import sqlite3 from 'sqlite3'
import { Database, openDatabase } from '#kit/database.ts'

/** All times are in milliseconds since 1970. AUTOINCREMENT: the id of a deleted row is never given again. */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY,
    data TEXT NOT NULL,
    beganMs INTEGER NOT NULL,
    seenMs INTEGER NOT NULL
  )`,
  // A session has many tokens in its life. `retiredMs` is when the next one took this one's place.
  `CREATE TABLE IF NOT EXISTS tokens (
    hash TEXT PRIMARY KEY,
    session TEXT NOT NULL,
    generation INTEGER NOT NULL,
    retiredMs INTEGER
  )`,
  'CREATE INDEX IF NOT EXISTS tokensBySession ON tokens (session)',
  `CREATE TABLE IF NOT EXISTS teasers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    publishAt INTEGER NOT NULL,
    closesAt INTEGER
  )`,
  `CREATE TABLE IF NOT EXISTS replies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    teaser INTEGER NOT NULL,
    text TEXT NOT NULL,
    votes INTEGER NOT NULL DEFAULT 0,
    quarantined INTEGER NOT NULL DEFAULT 0
  )`,
]

/** Opens the file in the data folder, or a database of its own for ':memory:', with the tables made if missing. */
export async function openTables(name: string): Promise<Database> {
  const db = name === ':memory:' ? new Database(new sqlite3.Database(name)) : await openDatabase(name)
  for (const table of TABLES) await db.run(table)
  return db
}
