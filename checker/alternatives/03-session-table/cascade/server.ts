// WAL mode, and foreign keys: deleting a session deletes its likes. Both tables have columns of their own besides.
import { randomUUID } from 'node:crypto'
import type { Request } from 'express'
import { createApp, field, Refusal, serve } from '../../../../labs/kit/app.ts'
import { port, seconds } from '../../../../labs/kit/config.ts'
import { openDatabase } from '../../../../labs/kit/database.ts'
import { html, page } from '../../../../labs/kit/html.ts'

const lifetime = seconds('SESSION_SECONDS', 1_209_600)
const clock = () => Math.round(Date.now() / 1000)

const db = await openDatabase('likes.sqlite')
await db.get('PRAGMA journal_mode = WAL')
await db.run('PRAGMA foreign_keys = ON')
await db.run(`CREATE TABLE IF NOT EXISTS sessions (
  key TEXT PRIMARY KEY, created INTEGER NOT NULL, expires INTEGER NOT NULL, agent TEXT)`)
await db.run(`CREATE TABLE IF NOT EXISTS likes (
  number INTEGER PRIMARY KEY, thing TEXT NOT NULL, key TEXT NOT NULL REFERENCES sessions (key) ON DELETE CASCADE)`)
await db.run('CREATE TABLE IF NOT EXISTS starts (at INTEGER)')
await db.run('INSERT INTO starts VALUES (?)', clock())
await deleteEnded()

async function deleteEnded(): Promise<void> {
  await db.run('DELETE FROM sessions WHERE expires < ?', clock())
}

async function sessionKey(req: Request): Promise<string | undefined> {
  const [, sent] = /\bsession=([\w-]+)/.exec(req.headers.cookie ?? '') ?? []
  const row = await db.get<{ key: string }>(
    'SELECT key FROM sessions WHERE key = ? AND expires >= ?',
    sent ?? null,
    clock(),
  )
  return row?.key
}

const cookie = (value: string, age: number) =>
  `session=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}`

const app = createApp()

app.get('/', async (req, res) => {
  const key = await sessionKey(req)
  const rows = await db.all<{ thing: string }>(
    'SELECT thing FROM likes WHERE key = ? ORDER BY number',
    key ?? null,
  )
  const list =
    rows.length > 0
      ? html`<ol>${rows.map(({ thing }) => html`<li>${thing}</li>`)}</ol>`
      : 'You like nothing yet'
  res.send(page('Likes', html`<form method="post" action="/likes"><input name="likes"></form>${list}`))
})

app.post('/likes', async (req, res) => {
  const thing = field(req, 'likes').trim()
  if (thing.length > 200) throw new Refusal(422, 'That is more than 200 characters.')
  if (thing.length === 0) return res.redirect(303, '/')
  let key = await sessionKey(req)
  const end = clock() + lifetime
  const renewed = await db.run('UPDATE sessions SET expires = ? WHERE key = ?', end, key ?? null)
  if (!key || renewed.changes === 0) {
    await deleteEnded()
    key = randomUUID()
    await db.run(
      'INSERT INTO sessions (key, created, expires, agent) VALUES (?, ?, ?, ?)',
      key,
      clock(),
      end,
      req.headers['user-agent'] ?? null,
    )
  }
  await db.run('INSERT INTO likes (thing, key) VALUES (?, ?)', thing, key)
  res.setHeader('Set-Cookie', cookie(key, lifetime))
  res.redirect(303, '/')
})

app.post('/forget', async (req, res) => {
  const key = await sessionKey(req)
  if (key) await db.run('DELETE FROM sessions WHERE key = ?', key)
  res.setHeader('Set-Cookie', cookie('', 0))
  res.redirect(303, '/')
})

serve(app, port(3003))
