// Node's own SQLite where there is one (from 22.13 without a flag), and sqlite3 elsewhere; synchronous where it can be.
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { CookieOptions, RequestHandler } from 'express'
import { createApp, field, Refusal, serve } from '../../../../labs/kit/app.ts'
import { dataDir, port, seconds } from '../../../../labs/kit/config.ts'
import { html, page } from '../../../../labs/kit/html.ts'

type Value = string | number
type Query = (sql: string, ...values: Value[]) => Promise<Record<string, unknown>[]>

/** The part of node:sqlite that is used here; the types of Node 20 do not have it. */
interface NodeSqlite {
  DatabaseSync: new (
    file: string,
  ) => { prepare(sql: string): { all(...values: Value[]): Record<string, unknown>[] } }
}

async function open(file: string): Promise<Query> {
  const name = 'node:sqlite'
  const own = await import(name).then(
    (found: NodeSqlite) => found,
    () => undefined,
  )
  if (own) {
    const database = new own.DatabaseSync(file)
    return async (sql, ...values) => database.prepare(sql).all(...values)
  }
  const { default: sqlite3 } = await import('sqlite3')
  const database = new sqlite3.Database(file)
  return (sql, ...values) =>
    new Promise((resolve, reject) => {
      database.all<Record<string, unknown>>(sql, values, (error, rows) =>
        error ? reject(error) : resolve(rows),
      )
    })
}

const query = await open(path.join(dataDir(), 'likes.sqlite'))
const lasts = seconds('SESSION_SECONDS', 1_209_600)
const now = () => Math.floor(Date.now() / 1000)
const options: CookieOptions = { httpOnly: true, sameSite: 'lax' }

await query('PRAGMA busy_timeout = 5000')
await query(
  'CREATE TABLE IF NOT EXISTS sessions (key TEXT PRIMARY KEY, expires INTEGER NOT NULL, begun TEXT)',
)
await query('CREATE TABLE IF NOT EXISTS likes (thing TEXT NOT NULL, key TEXT NOT NULL)')
await takeAway(now())

/** Deletes the sessions that ended before this second. */
async function takeAway(second: number): Promise<void> {
  for (const { key } of await query('SELECT key FROM sessions WHERE expires < ?', second))
    await remove(String(key))
}

async function remove(key: string): Promise<void> {
  await query('DELETE FROM likes WHERE key = ?', key)
  await query('DELETE FROM sessions WHERE key = ?', key)
}

/** Puts the key of a session that has not ended into res.locals.key. */
const findKey: RequestHandler = async (req, res, next) => {
  const sent = (req.headers.cookie ?? '').split(/; */).filter((pair) => pair.startsWith('session='))
  const key = sent.length === 1 ? String(sent[0]).slice('session='.length) : ''
  const [row] = await query('SELECT * FROM sessions WHERE key = ?', key)
  if (row && Number(row.expires) >= now()) res.locals.key = key
  next()
}

const app = createApp()

app.get('/', findKey, async (_req, res) => {
  const rows = await query('SELECT * FROM likes WHERE key = ? ORDER BY rowid', res.locals.key ?? '')
  const list = rows.map((row) => html`<li>${String(row.thing)}</li>`)
  res.send(
    page(
      'Likes',
      html`<form method="post" action="/likes"><input type="text" name="likes"></form>
${list.length === 0 ? html`<p>You like nothing yet</p>` : html`<ul>${list}</ul>`}`,
    ),
  )
})

app.post('/likes', findKey, async (req, res) => {
  const thing = field(req, 'likes').trim()
  if (thing.length > 200) throw new Refusal(413, 'No more than 200 characters.')
  if (thing !== '') {
    let { key } = res.locals
    if (key === undefined) {
      await takeAway(now())
      key = randomUUID()
      await query('INSERT INTO sessions VALUES (?, ?, ?)', key, now() + lasts, new Date().toISOString())
    }
    await query('INSERT INTO likes VALUES (?, ?)', thing, key)
    await query('UPDATE sessions SET expires = ? WHERE key = ?', now() + lasts, key)
    res.cookie('session', key, { ...options, maxAge: 1000 * lasts, expires: undefined })
  }
  res.redirect(303, '/')
})

app.post('/forget', findKey, async (_req, res) => {
  if (res.locals.key) await remove(res.locals.key)
  res.clearCookie('session', options).redirect(303, '/')
})

serve(app, port(3003))
