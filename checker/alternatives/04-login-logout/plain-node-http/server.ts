// Node's own http module and the driver sqlite3, no Express: sessions are a table of app.sqlite, PBKDF2, own pages.
import { pbkdf2, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import path from 'node:path'
import { promisify } from 'node:util'
import sqlite3 from 'sqlite3'

const setting = (name: string, fallback: number) => Number(process.env[name] || fallback)
const idleMs = setting('IDLE_SECONDS', 1800) * 1000
const absoluteMs = setting('ABSOLUTE_SECONDS', 43200) * 1000
/** At the default cost of 15, 524,288. */
const iterations = 2 ** (setting('PASSWORD_COST', 15) + 4)

const connection = new sqlite3.Database(path.join(process.env.DATA_DIR ?? '.data', 'app.sqlite'))
connection.configure('busyTimeout', 5000)

function sql<Row>(text: string, ...values: unknown[]): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    connection.all<Row>(text, values, (error, rows) => (error ? reject(error) : resolve(rows)))
  })
}

await sql('CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, username TEXT, password TEXT)')
await sql('CREATE UNIQUE INDEX IF NOT EXISTS names ON users (lower(username))')
await sql('CREATE TABLE IF NOT EXISTS likes (id INTEGER PRIMARY KEY, thing TEXT, username TEXT)')
await sql('CREATE TABLE IF NOT EXISTS visits (id TEXT PRIMARY KEY, username TEXT, began INT, ends INT)')
await sql('CREATE TABLE IF NOT EXISTS visit_likes (n INTEGER PRIMARY KEY, visit TEXT, thing TEXT)')

const derive = promisify(pbkdf2)

async function hashed(password: string, salt = randomBytes(16).toString('hex'), count = iterations) {
  return `${count}:${salt}:${(await derive(password, salt, count, 32, 'sha512')).toString('hex')}`
}

const decoy = await hashed(randomUUID())

async function matches(password: string, stored = decoy): Promise<boolean> {
  const [count, salt] = stored.split(':')
  const again = await hashed(password, salt, Number(count))
  return timingSafeEqual(Buffer.from(again), Buffer.from(stored))
}

interface Visit {
  id: string
  username: string | null
  began: number
  ends: number
}

class Problem extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const safe = (text: string) => text.replace(/[&<>"']/g, (one) => entities[one] ?? '')

class Exchange {
  readonly #req: IncomingMessage
  readonly #res: ServerResponse
  readonly #proto: string
  visit: Visit | undefined
  form = new URLSearchParams()

  constructor(req: IncomingMessage, res: ServerResponse) {
    this.#req = req
    this.#res = res
    const trusted = process.env.TRUST_PROXY === '1'
    this.#proto = (trusted && String(req.headers['x-forwarded-proto'] ?? '')) || 'http'
  }

  cookie(id: string, age: number): void {
    const secure = this.#proto === 'https' ? '; Secure' : ''
    this.#res.setHeader('Set-Cookie', `sid=${id}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${secure}`)
  }

  async open(): Promise<void> {
    const { headers, method } = this.#req
    if (method === 'POST') {
      const host =
        headers.origin && URL.canParse(headers.origin) ? new URL(headers.origin).host : headers.origin
      if (headers['sec-fetch-site'] === 'cross-site' || (host !== undefined && host !== headers.host))
        throw new Problem(403, 'From another site')
      let body = ''
      for await (const chunk of this.#req) body += chunk
      this.form = new URLSearchParams(body)
    }
    const ids = (headers.cookie ?? '').split(/;\s*/).filter((one) => one.startsWith('sid='))
    const now = Date.now()
    for (const id of ids.map((one) => one.slice(4))) {
      const [found] = await sql<Visit>('SELECT * FROM visits WHERE id = ?', id)
      if (!found || found.ends <= now || (found.username && found.began + absoluteMs <= now)) continue
      this.visit = found
      await sql('UPDATE visits SET ends = ? WHERE id = ?', now + idleMs, id)
      this.cookie(id, idleMs / 1000)
      return
    }
  }

  field(name: string): string {
    const value = this.form.get(name)
    if (value === null) throw new Problem(400, `${name} is missing`)
    return value
  }

  async begin(username: string | null): Promise<string> {
    const id = randomUUID()
    const now = Date.now()
    await sql('INSERT INTO visits VALUES (?, ?, ?, ?)', id, username, now, now + idleMs)
    this.cookie(id, idleMs / 1000)
    return id
  }

  async end(): Promise<void> {
    if (!this.visit) return
    await sql('DELETE FROM visits WHERE id = ?', this.visit.id)
    await sql('DELETE FROM visit_likes WHERE visit = ?', this.visit.id)
  }

  async logIn(username: string): Promise<void> {
    if (this.visit && !this.visit.username) {
      const move =
        'INSERT INTO likes (thing, username) SELECT thing, ? FROM visit_likes WHERE visit = ? ORDER BY n'
      await sql(move, username, this.visit.id)
    }
    await this.end()
    await this.begin(username)
    this.goTo('/account')
  }

  goTo(where: string): void {
    this.#res.writeHead(303, { Location: where }).end()
  }

  page(body: string, status = 200): void {
    const name = this.visit?.username
    const head = name ? `Logged in as ${safe(name)}` : 'You are not logged in'
    this.#res
      .writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' })
      .end(`<!doctype html><title>Likes</title><p>${head}</p>${body}`)
  }
}

const form = (action: string) =>
  `<form method=post action=${action}><input name=username><input name=password type=password><button>Go</button></form>`

const routes: Record<string, (one: Exchange) => Promise<void> | void> = {
  'GET /': async (one) => {
    const { visit } = one
    const rows = visit?.username
      ? await sql<{ thing: string }>('SELECT thing FROM likes WHERE username = ? ORDER BY id', visit.username)
      : await sql<{ thing: string }>('SELECT thing FROM visit_likes WHERE visit = ? ORDER BY n', visit?.id)
    one.page(
      `<ol>${rows.map(({ thing }) => `<li>${safe(thing)}`).join('')}</ol><form method=post action=/likes><input name=likes></form>`,
    )
  },
  'POST /likes': async (one) => {
    const thing = one.field('likes').trim()
    if (thing.length > 200) throw new Problem(413, 'Too long')
    if (thing && one.visit?.username)
      await sql('INSERT INTO likes (thing, username) VALUES (?, ?)', thing, one.visit.username)
    else if (thing) {
      const id = one.visit?.id ?? (await one.begin(null))
      const counted = 'SELECT count(*) AS n FROM visit_likes WHERE visit = ?'
      if (((await sql<{ n: number }>(counted, id))[0]?.n ?? 0) >= 50) throw new Problem(429, 'Too many')
      await sql('INSERT INTO visit_likes (visit, thing) VALUES (?, ?)', id, thing)
    }
    one.goTo('/')
  },
  'GET /login': (one) => one.page(form('/login')),
  'GET /register': (one) => one.page(form('/register')),
  'POST /login': async (one) => {
    const password = one.field('password')
    const find = 'SELECT username, password FROM users WHERE lower(username) = lower(?)'
    const [user] = await sql<{ username: string; password: string }>(find, one.field('username'))
    if ((await matches(password, user?.password)) && user) await one.logIn(user.username)
    else one.page(`<p>No.</p>${form('/login')}`, 401)
  },
  'POST /register': async (one) => {
    const [username, password] = [one.field('username').trim(), one.field('password')]
    if (username.length < 1 || username.length > 30) throw new Problem(422, 'Username: 1 to 30 characters')
    if (password.length < 8 || password.length > 128) throw new Problem(422, 'Password: 8 to 128 characters')
    const add = 'INSERT OR IGNORE INTO users (username, password) VALUES (?, ?) RETURNING id'
    const added = await sql(add, username, await hashed(password))
    if (added.length === 0) throw new Problem(409, 'That name is taken')
    await one.logIn(username)
  },
  'POST /logout': async (one) => {
    await one.end()
    one.cookie('', 0)
    one.goTo('/')
  },
  'GET /account': async (one) => {
    const { visit } = one
    if (!visit?.username) return one.goTo('/login')
    const now = Date.now()
    const rows = await sql<Visit>(
      'SELECT * FROM visits WHERE username = ? AND ends > ? AND began > ? ORDER BY began DESC',
      visit.username,
      now,
      now - absoluteMs,
    )
    const lines = rows.map(
      ({ id, began, ends }) =>
        `<tr><td>${new Date(began).toISOString()}<td>${new Date(ends - idleMs).toISOString()}<td>${id === visit.id ? 'this browser' : 'elsewhere'}`,
    )
    one.page(
      `<table>${lines.join('')}</table><form method=post action=/logout-everywhere><button>All</button></form>`,
    )
  },
  'POST /logout-everywhere': async (one) => {
    if (!one.visit?.username) return one.goTo('/login')
    await sql('DELETE FROM visits WHERE username = ?', one.visit.username)
    one.cookie('', 0)
    one.goTo('/')
  },
}

http
  .createServer(async (req, res) => {
    const one = new Exchange(req, res)
    try {
      const route = routes[`${req.method} ${(req.url ?? '/').split('?')[0]}`]
      if (!route) throw new Problem(404, 'No such page')
      await one.open()
      await route(one)
    } catch (error) {
      if (!(error instanceof Problem)) console.error(error)
      one.page(safe((error as Error).message), error instanceof Problem ? error.status : 500)
    }
  })
  .listen(Number(process.env.PORT || 3004), '127.0.0.1')
