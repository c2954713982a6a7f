// Every request does all its work in one transaction; the requests of one process wait for each other.
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { Request, Response } from 'express'
import sqlite3 from 'sqlite3'
import { createApp, field, Refusal, serve } from '../../../../labs/kit/app.ts'
import { dataDir, port, seconds } from '../../../../labs/kit/config.ts'
import { html, page } from '../../../../labs/kit/html.ts'

const file = path.join(dataDir(), 'likes.sqlite')
const limit = seconds('SESSION_SECONDS', 14 * 24 * 3600)

class Transaction {
  readonly #db: sqlite3.Database
  readonly now = Math.floor(Date.now() / 1000)
  constructor(db: sqlite3.Database) {
    this.#db = db
  }
  query<Row>(sql: string, ...values: (string | number)[]): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.#db.all<Row>(sql, values, (error, rows) => (error ? reject(error) : resolve(rows)))
    })
  }
  async find(req: Request): Promise<string | undefined> {
    const pairs = new URLSearchParams((req.headers.cookie ?? '').replaceAll('; ', '&'))
    const [row] = await this.query<{ key: string }>(
      'SELECT key FROM sessions WHERE key = ? AND expires >= ?',
      pairs.get('session') ?? '',
      this.now,
    )
    return row?.key
  }
  async sweep(): Promise<void> {
    await this.query('DELETE FROM likes WHERE key IN (SELECT key FROM sessions WHERE expires < ?)', this.now)
    await this.query('DELETE FROM sessions WHERE expires < ?', this.now)
  }
}

const db = await new Promise<sqlite3.Database>((resolve, reject) => {
  const opened = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opened)))
})
db.configure('busyTimeout', 10_000)

/** Ends with the last transaction: the next one begins then. */
let last: Promise<unknown> = Promise.resolve()

function transaction<Result>(work: (to: Transaction) => Promise<Result>): Promise<Result> {
  const result = last.then(async () => {
    const to = new Transaction(db)
    await to.query('BEGIN IMMEDIATE')
    try {
      const done = await work(to)
      await to.query('COMMIT')
      return done
    } catch (error) {
      await to.query('ROLLBACK')
      throw error
    }
  })
  last = result.catch(() => {})
  return result
}

await transaction(async (to) => {
  await to.query('CREATE TABLE IF NOT EXISTS sessions (expires INTEGER NOT NULL, key TEXT PRIMARY KEY)')
  await to.query('CREATE TABLE IF NOT EXISTS likes (key TEXT NOT NULL, thing TEXT NOT NULL)')
  await to.sweep()
})

const attributes = { httpOnly: true, sameSite: 'strict', path: '/' } as const
const goHome = (res: Response) => res.redirect(303, '/')

const app = createApp()

app.get('/', async (req, res) => {
  const rows = await transaction(async (to) =>
    to.query<{ thing: string }>(
      'SELECT thing FROM likes WHERE key = ? ORDER BY rowid',
      (await to.find(req)) ?? 'nobody',
    ),
  )
  const things = rows.map(({ thing }) => html`<p>♥ ${thing}</p>`)
  res.send(
    page(
      'Likes',
      html`${things.length ? things : 'You like nothing yet!'}<form method="post" action="likes"><input name="likes"></form>`,
    ),
  )
})

app.post('/likes', async (req, res) => {
  const thing = field(req, 'likes').trim()
  if (thing.length > 200) throw new Refusal(400, 'Please be brief.')
  if (thing) {
    const key = await transaction(async (to) => {
      let key = await to.find(req)
      if (key) await to.query('UPDATE sessions SET expires = ? WHERE key = ?', to.now + limit, key)
      else {
        await to.sweep()
        key = randomUUID()
        await to.query('INSERT INTO sessions (key, expires) VALUES (?, ?)', key, to.now + limit)
      }
      await to.query('INSERT INTO likes (key, thing) VALUES (?, ?)', key, thing)
      return key
    })
    res.cookie('session', key, { ...attributes, maxAge: limit * 1000 })
  }
  goHome(res)
})

app.post('/forget', async (req, res) => {
  await transaction(async (to) => {
    const key = await to.find(req)
    for (const table of key ? ['likes', 'sessions'] : [])
      await to.query(`DELETE FROM ${table} WHERE key = ?`, key ?? '')
  })
  res.clearCookie('session', attributes)
  goHome(res)
})

serve(app, port(3003))
