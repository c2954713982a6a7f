// Node's own http module and sqlite3 with callbacks, one after the other by serialize; Expires alone, SameSite=Strict.
import { randomUUID } from 'node:crypto'
import http from 'node:http'
import path from 'node:path'
import sqlite3 from 'sqlite3'

const limit = Number(process.env.SESSION_SECONDS || 1_209_600)
const db = new sqlite3.Database(path.join(process.env.DATA_DIR ?? '.', 'likes.sqlite'))
const now = () => Math.trunc(Date.now() / 1000)
const text = (s: string) => s.replace(/[<>&]/g, (c) => `&#${c.charCodeAt(0)};`)

type Done = () => void

function sweep(done: Done): void {
  db.serialize(() => {
    db.run('DELETE FROM likes WHERE key IN (SELECT key FROM sessions WHERE expires < ?)', now())
    db.run('DELETE FROM sessions WHERE expires < ?', now(), () => done())
  })
}

function cookieOf(key: string, seconds: number): string {
  const expires = new Date(Date.now() + seconds * 1000).toUTCString()
  return `session=${key}; Expires=${expires}; SameSite=Strict; HttpOnly; Path=/`
}

function page(things: string[]): string {
  const list = things.map((thing) => `<li>${text(thing)}</li>`).join('') || '<p>You like nothing yet.</p>'
  return `<!doctype html><h1>Likes</h1><form method=post action=/likes><input name=likes></form>${list}
<form method=post action=/forget><button>Forget</button></form>`
}

const server = http.createServer((req, res) => {
  const chunks: Buffer[] = []
  const sent = /(?:^|; *)session=([0-9a-f-]{36})(?:;|$)/.exec(req.headers.cookie ?? '')?.[1] ?? ''
  const back = (cookie?: string) => {
    if (cookie) res.setHeader('Set-Cookie', cookie)
    res.writeHead(303, { Location: '/' }).end()
  }
  const find = (then: (key: string | undefined) => void) =>
    db.all<{ key: string }>(
      'SELECT key FROM sessions WHERE key = ? AND expires > ?',
      [sent, now() - 1],
      (error, rows) => {
        if (error) res.writeHead(500).end()
        else then(rows[0]?.key)
      },
    )
  const add = (key: string, thing: string) =>
    db.run('INSERT INTO likes (key, thing) VALUES ($key, $thing)', { $key: key, $thing: thing }, (error) => {
      if (error) res.writeHead(500).end()
      else back(cookieOf(key, limit))
    })
  const routes: Record<string, () => void> = {
    'GET /': () =>
      find((key) =>
        db.all<{ thing: string }>(
          'SELECT thing FROM likes WHERE key = ? ORDER BY rowid',
          key ?? '',
          (_error, rows) => {
            res.setHeader('Content-Type', 'text/html; charset=utf-8')
            res.end(page(rows.map(({ thing }) => thing)))
          },
        ),
      ),
    'POST /likes': () => {
      const thing = new URLSearchParams(Buffer.concat(chunks).toString()).get('likes')?.trim()
      if (thing === undefined) return void res.writeHead(400).end('There is no field called likes.')
      if (thing === '') return back()
      if (thing.length > 200) return void res.writeHead(422).end('Too long.')
      find((key) => {
        if (key)
          return db.run('UPDATE sessions SET expires = ? WHERE key = ?', now() + limit, key, () =>
            add(key, thing),
          )
        const fresh = randomUUID()
        sweep(() =>
          db.run('INSERT INTO sessions VALUES (?, ?)', fresh, now() + limit, () => add(fresh, thing)),
        )
      })
    },
    'POST /forget': () =>
      find((key) =>
        db.serialize(() => {
          db.run('DELETE FROM sessions WHERE key = ?', key ?? '')
          db.run('DELETE FROM likes WHERE key = ?', key ?? '', () => back(cookieOf('', -1000)))
        }),
      ),
  }
  req.on('data', (chunk: Buffer) => chunks.push(chunk))
  req.on('end', () => {
    const route = routes[`${req.method} ${req.url}`]
    if (route) route()
    else res.writeHead(404).end('There is no such page.')
  })
})

db.serialize(() => {
  db.run('CREATE TABLE IF NOT EXISTS sessions (key TEXT PRIMARY KEY, expires INTEGER NOT NULL)')
  db.run('CREATE TABLE IF NOT EXISTS likes (thing TEXT NOT NULL, key TEXT NOT NULL)')
  sweep(() => server.listen(Number(process.env.PORT ?? 3003), '127.0.0.1'))
})
