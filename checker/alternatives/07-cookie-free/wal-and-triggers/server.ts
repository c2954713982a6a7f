// SQLite does more of the work: a write-ahead log, foreign keys that delete tokens with their session, and a trigger that
// retires them.
import { createHash, randomBytes } from 'node:crypto'
import path from 'node:path'
import sqlite3 from 'sqlite3'
import { createApp, serve } from '../../../../labs/kit/app.ts'
import { dataDir, port } from '../../../../labs/kit/config.ts'
import { Database } from '../../../../labs/kit/database.ts'
import { addAdminRoutes } from '../../../../solutions/07-cookie-free/admin.ts'
import { closeApi, createApi } from '../../../../solutions/07-cookie-free/api.ts'
import { addExamples, addReflectionRoutes } from '../../../../solutions/07-cookie-free/reflections.ts'
import { addReplyRoute } from '../../../../solutions/07-cookie-free/replies.ts'
import type { SessionInterface } from '../../../../solutions/07-cookie-free/session.ts'
import { settingsFromEnvironment } from '../../../../solutions/07-cookie-free/settings.ts'
import { addVoteRoute } from '../../../../solutions/07-cookie-free/votes.ts'

const settings = settingsFromEnvironment()
const connection = new sqlite3.Database(path.join(dataDir(), 'all.db'))
connection.configure('busyTimeout', 5000)
const db = new Database(connection)
for (const statement of [
  'PRAGMA journal_mode = WAL',
  'PRAGMA foreign_keys = ON',
  'CREATE TABLE IF NOT EXISTS teasers (id INTEGER PRIMARY KEY, title TEXT, text TEXT, publishAt INTEGER, closesAt INTEGER) STRICT',
  'CREATE TABLE IF NOT EXISTS replies (id INTEGER PRIMARY KEY, teaser INTEGER REFERENCES teasers, text TEXT, votes INTEGER DEFAULT 0, quarantined INTEGER DEFAULT 0) STRICT',
  'CREATE TABLE IF NOT EXISTS sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, data TEXT, began INTEGER, seen INTEGER) STRICT',
  'CREATE TABLE IF NOT EXISTS tokens (hash BLOB PRIMARY KEY, session INTEGER REFERENCES sessions ON DELETE CASCADE, generation INTEGER, given INTEGER, retired INTEGER) STRICT, WITHOUT ROWID',
  'CREATE INDEX IF NOT EXISTS ofSession ON tokens (session)',
  `CREATE TRIGGER IF NOT EXISTS retire AFTER INSERT ON tokens BEGIN
     UPDATE tokens SET retired = NEW.given
     WHERE session = NEW.session AND generation < NEW.generation AND retired IS NULL;
   END`,
]) {
  await db.run(statement)
}

const HASH = 'unhex(?)'

const sessions: SessionInterface = {
  async begin(data = {}) {
    await db.run(
      'DELETE FROM sessions WHERE seen <= ? OR began <= ?',
      settings.now() - settings.idleSeconds * 1000,
      settings.now() - settings.absoluteSeconds * 1000,
    )
    const row = await db.get<{ id: number }>(
      'INSERT INTO sessions (data, began, seen) VALUES (?, ?, ?) RETURNING id',
      JSON.stringify(data),
      settings.now(),
      settings.now(),
    )
    return { id: String(row?.id), data, generation: 0 }
  },

  async open({ body }) {
    const row =
      typeof body?.token === 'string'
        ? await db.get<{ id: number; data: string; generation: number; isOld: number }>(
            `SELECT id, data, generation, COALESCE(retired + ? <= ?, 0) AS isOld
             FROM tokens JOIN sessions ON id = session
             WHERE hash = ${HASH} AND ? - seen < ? AND ? - began < ?`,
            settings.graceSeconds * 1000,
            settings.now(),
            hashOf(body.token),
            settings.now(),
            settings.idleSeconds * 1000,
            settings.now(),
            settings.absoluteSeconds * 1000,
          )
        : undefined
    if (row?.isOld) await sessions.end({ id: String(row.id), data: {} })
    if (!row || row.isOld) return { id: undefined, data: {} }
    return { id: String(row.id), data: JSON.parse(row.data), generation: row.generation }
  },

  async save({ id, data, generation = 0 }, answer) {
    if (id === undefined) throw new Error('There is no row for this session.')
    const token = randomBytes(32).toString('hex')
    await db.run(
      `INSERT INTO tokens (hash, session, generation, given) VALUES (${HASH}, ?, ?, ?)`,
      hashOf(token),
      Number(id),
      generation + 1,
      settings.now(),
    )
    await db.run(
      'UPDATE sessions SET data = ?, seen = ? WHERE id = ?',
      JSON.stringify(data),
      settings.now(),
      Number(id),
    )
    answer.token = token
  },

  async renew(session) {
    const renewed = await sessions.begin(session.data)
    await sessions.end(session)
    return renewed
  },

  async end({ id }) {
    await db.run('DELETE FROM sessions WHERE id = ?', Number(id))
  },
}

function hashOf(token: string): string {
  return createHash('blake2s256').update(token).digest('hex')
}

const site = { db, settings }
await addExamples(site)
const api = createApi(sessions)
api.post(
  '/start',
  async () => ({}),
  () => sessions.begin(),
)
api.post('/end', async (call) => {
  call.ended = true
  await sessions.end(call.session)
  return {}
})
addReflectionRoutes(api, site)
addReplyRoute(api, site)
addVoteRoute(api, site)
addAdminRoutes(api, site, sessions)
closeApi(api)

const app = createApp()
app.use('/api', api.router)
app.get('/', (_req, res) => {
  res.type('html').send('<!doctype html><title>Reflections</title>')
})
serve(app, port(3007))
