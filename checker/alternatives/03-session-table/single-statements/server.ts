// An Express app without the kit, whose statements do it all: RETURNING, INSERT … SELECT, and the time from SQLite.
import { randomUUID } from 'node:crypto'
import express from 'express'
import sqlite3 from 'sqlite3'

const db = new sqlite3.Database(`${process.env.DATA_DIR ?? '.'}/likes.sqlite`)
const $limit = Number(process.env.SESSION_SECONDS || 14 * 86_400)

type Values = Record<string, string | number>

const rows = <Row>(sql: string, values: Values = {}): Promise<Row[]> =>
  new Promise((resolve, reject) => {
    db.all<Row>(sql, values, (error, all) => (error ? reject(error) : resolve(all)))
  })

const sweep = async () => {
  await rows('DELETE FROM likes WHERE key NOT IN (SELECT key FROM sessions WHERE expires >= unixepoch())')
  await rows('DELETE FROM sessions WHERE expires < unixepoch()')
}

await rows(`CREATE TABLE IF NOT EXISTS likes (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, thing TEXT NOT NULL CHECK (thing <> ''), at TEXT DEFAULT CURRENT_TIMESTAMP)`)
await rows('CREATE INDEX IF NOT EXISTS likes_by_key ON likes (key, id)')
await rows(
  'CREATE TABLE IF NOT EXISTS sessions (key TEXT NOT NULL PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID',
)
await sweep()

const app = express()
app.use(express.urlencoded({ extended: true }))

const keyIn = (header = ''): string =>
  header
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith('session='))
    ?.slice(8) ?? ''

const escaped = (thing: string) =>
  thing.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

app.get('/', async (req, res) => {
  const likes = await rows<{ thing: string }>(
    'SELECT thing FROM likes JOIN sessions USING (key) WHERE key = $key AND expires >= unixepoch() ORDER BY id',
    { $key: keyIn(req.headers.cookie) },
  )
  const list = likes.map(({ thing }) => `<dd>${escaped(thing)}</dd>`).join('\n')
  res.send(`<title>Likes</title><form action="/likes" method="POST"><textarea name="likes"></textarea><button>OK</button></form>
${list ? `<dl>${list}</dl>` : 'You like nothing yet'}`)
})

app.post('/likes', async (req, res) => {
  if (typeof req.body?.likes !== 'string') return void res.status(422).send('What do you like?')
  const $thing = req.body.likes.trim()
  if ([...$thing].length > 200) return void res.status(413).send('At most 200 characters, please.')
  if ($thing) {
    const [found] = await rows<{ key: string }>(
      'UPDATE sessions SET expires = unixepoch() + $limit WHERE key = $key AND expires >= unixepoch() RETURNING key',
      { $key: keyIn(req.headers.cookie), $limit },
    )
    if (!found) await sweep()
    const [session = found] = found
      ? []
      : await rows<{ key: string }>(
          'INSERT INTO sessions (key, expires) VALUES ($key, unixepoch() + $limit) RETURNING key',
          { $key: randomUUID(), $limit },
        )
    await rows('INSERT INTO likes (thing, key) SELECT $thing, key FROM sessions WHERE key = $key', {
      $thing,
      $key: session?.key ?? '',
    })
    res.cookie('session', session?.key, { maxAge: $limit * 1000, httpOnly: true, sameSite: true })
  }
  res.redirect(303, '/')
})

app.post('/forget', async (req, res) => {
  const [gone] = await rows<{ key: string }>('DELETE FROM sessions WHERE key = $key RETURNING key', {
    $key: keyIn(req.headers.cookie),
  })
  if (gone) await rows('DELETE FROM likes WHERE key = $key', { $key: gone.key })
  res.cookie('session', '', { maxAge: 0, httpOnly: true, sameSite: 'lax' }).redirect(303, '/')
})

app.listen(Number(process.env.PORT ?? 3003), '127.0.0.1')
