// express-session with a Store of our own: each session is a JSON file. The absolute limit is in a middleware.
import { createHash, randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import express, { type ErrorRequestHandler, type Request, type Response } from 'express'
import session, { type SessionData, Store } from 'express-session'
import { html, page } from '../../../../labs/kit/html.ts'
import { createTables, db } from '../../../../solutions/04-login-logout/database.ts'

interface Kept {
  who?: { name: string; since: number }
  guestLikes?: string[]
}

const folder = path.join(process.env.DATA_DIR || '.data', 'sessions')
mkdirSync(folder, { recursive: true })
const idleMs = Number(process.env.IDLE_SECONDS || 1800) * 1000
const absoluteMs = Number(process.env.ABSOLUTE_SECONDS || 43200) * 1000
const N = 2 ** Number(process.env.PASSWORD_COST || 15)

type Done<Value = void> = (error?: unknown, value?: Value | null) => void
type Stored = SessionData & Kept & { ends: number }

class Files extends Store {
  static file(sid: string): string {
    return path.join(folder, `${createHash('sha256').update(sid).digest('hex')}.json`)
  }

  static read(file: string): Stored | null {
    try {
      const stored: Stored = JSON.parse(readFileSync(file, 'utf8'))
      return stored.ends > Date.now() ? stored : null
    } catch {
      return null
    }
  }

  static write(file: string, data: SessionData): void {
    const unfinished = `${file}.${process.pid}`
    writeFileSync(unfinished, JSON.stringify({ ...data, ends: Date.now() + idleMs }))
    renameSync(unfinished, file)
  }

  get(sid: string, done: Done<SessionData>): void {
    const stored = Files.read(Files.file(sid))
    setImmediate(() => done(null, stored))
  }

  set(sid: string, data: SessionData, done?: Done): void {
    Files.write(Files.file(sid), data)
    if (done) setImmediate(done)
  }

  override touch(sid: string, _data: SessionData, done?: Done): void {
    const file = Files.file(sid)
    const stored = Files.read(file)
    if (stored) Files.write(file, stored)
    if (done) setImmediate(done)
  }

  destroy(sid: string, done?: Done): void {
    rmSync(Files.file(sid), { force: true })
    if (done) setImmediate(done)
  }
}

const kept = (req: Request) => req.session as session.Session & Kept

function sealed(password: string): string {
  const salt = randomBytes(24)
  const key = scryptSync(password, salt, 64, { N, maxmem: 256 * 1024 * 1024 })
  return JSON.stringify({ N, salt: salt.toString('base64'), key: key.toString('base64') })
}

function opens(password: string, text: string): boolean {
  const { N: cost, salt, key } = JSON.parse(text)
  const options = { N: cost, maxmem: 256 * 1024 * 1024 }
  const again = scryptSync(password, Buffer.from(salt, 'base64'), 64, options)
  return timingSafeEqual(again, Buffer.from(key, 'base64'))
}

const nobody = sealed(randomBytes(9).toString('hex'))

await createTables()
const app = express()
app.set('trust proxy', process.env.TRUST_PROXY === '1' ? 'loopback' : false)

app.use((req, res, next) => {
  const origin = req.get('Origin')
  const other = origin !== undefined && origin.split('://')[1] !== req.get('Host')
  if (req.method === 'POST' && (other || req.get('Sec-Fetch-Site') === 'cross-site')) res.sendStatus(403)
  else next()
})
app.use(express.urlencoded({ extended: true }))
app.use(
  session({
    name: 'sid',
    store: new Files(),
    secret: (process.env.SESSION_SECRET || 'only for development').split(','),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    unset: 'destroy',
    cookie: (req: Request) => ({ httpOnly: true, sameSite: 'strict', maxAge: idleMs, secure: req.secure }),
  }),
)
app.use((req, _res, next) => {
  req.session.cookie.secure = req.secure
  const { who } = kept(req)
  if (who && who.since + absoluteMs <= Date.now()) req.session.regenerate(next)
  else next()
})

function show(req: Request, res: Response, body: ReturnType<typeof html>, status = 200): void {
  const name = kept(req).who?.name
  const head = name === undefined ? html`<p>You are not logged in.</p>` : html`<p>Logged in as ${name}</p>`
  res.status(status).send(page('Likes', html`${head}${body}`))
}

function text(req: Request, name: string): string {
  const value: unknown = req.body?.[name]
  if (typeof value === 'string') return value
  throw Object.assign(new Error(`"${name}" is missing.`), { status: 422 })
}

function begin(req: Request, res: Response, name: string): void {
  const likes = kept(req).guestLikes ?? []
  req.session.regenerate(async () => {
    kept(req).who = { name, since: Date.now() }
    for (const thing of likes) await db.run('INSERT INTO likes VALUES (?, ?)', thing, name)
    req.session.save(() => res.redirect(303, '/account'))
  })
}

const entry = (action: string, problem = '') =>
  html`<p>${problem}</p><form method="post" action="${action}"><input name="username"><input name="password" type="password"><button>OK</button></form>`

app.get('/', async (req, res) => {
  const { who, guestLikes = [] } = kept(req)
  const rows =
    who && (await db.all<{ thing: string }>('SELECT thing FROM likes WHERE username = ?', who.name))
  const likes = rows?.map((row) => row.thing) ?? guestLikes
  show(req, res, html`<ul>${likes.map((thing) => html`<li>${thing}</li>`)}</ul>`)
})
app.post('/likes', async (req, res) => {
  const thing = text(req, 'likes').trim()
  if (thing.length > 200) return show(req, res, html`<p>Too long.</p>`, 400)
  const { who, guestLikes = [] } = kept(req)
  if (thing && who) await db.run('INSERT INTO likes VALUES (?, ?)', thing, who.name)
  else if (thing && guestLikes.length === 50) return show(req, res, html`<p>No more.</p>`, 409)
  else if (thing) kept(req).guestLikes = [...guestLikes, thing]
  req.session.save(() => res.redirect(303, '/'))
})
app.get('/login', (req, res) => show(req, res, entry('/login')))
app.get('/register', (req, res) => show(req, res, entry('/register')))
app.post('/login', async (req, res) => {
  const password = text(req, 'password')
  const find = 'SELECT username, password FROM users WHERE username = ?'
  const user = await db.get<{ username: string; password: string }>(find, text(req, 'username'))
  const right = opens(password, user?.password ?? nobody)
  if (user && right) begin(req, res, user.username)
  else show(req, res, entry('/login', 'That is not right.'), 401)
})
app.post('/register', async (req, res) => {
  const [name, password] = [text(req, 'username').trim(), text(req, 'password')]
  if (name === '' || name.length > 30 || password.length < 8 || password.length > 128)
    return show(req, res, entry('/register', 'Too short or too long.'), 400)
  try {
    await db.run('INSERT INTO users VALUES (?, ?)', name, sealed(password))
  } catch {
    return show(req, res, entry('/register', 'Taken.'), 422)
  }
  begin(req, res, name)
})

function leave(req: Request, res: Response): void {
  res.clearCookie('sid', { httpOnly: true, sameSite: 'strict', path: '/', secure: req.secure })
  req.session.destroy(() => res.redirect(303, '/'))
}

const filesOf = (name: string) =>
  readdirSync(folder)
    .map((one) => path.join(folder, one))
    .filter((file) => Files.read(file)?.who?.name === name)

app.post('/logout', leave)
app.get('/account', (req, res) => {
  const name = kept(req).who?.name
  if (name === undefined) return res.redirect(303, '/login')
  const utc = (ms: number) => new Date(ms).toISOString()
  const sessions = filesOf(name).map((file) => ({
    file,
    since: 0,
    ...Files.read(file)?.who,
    ends: Files.read(file)?.ends,
  }))
  sessions.sort((one, other) => other.since - one.since)
  const open = sessions.filter(({ since }) => since + absoluteMs > Date.now())
  const entries = open.map(({ file, since, ends = 0 }) => {
    const mine = file === Files.file(req.sessionID)
    return html`<li>Since <time datetime="${utc(since)}">${utc(since)}</time>, used ${utc(ends - idleMs)} ${mine && 'This browser'}</li>`
  })
  show(req, res, html`<ol>${entries}</ol>`)
})
app.post('/logout-everywhere', (req, res) => {
  const name = kept(req).who?.name
  if (name === undefined) return res.redirect(303, '/login')
  for (const file of filesOf(name)) rmSync(file, { force: true })
  leave(req, res)
})

const onError: ErrorRequestHandler = (error, _req, res, _next) => {
  if (!error.status) console.error(error)
  res.status(error.status ?? 500).send('<p>That did not work.</p>')
}
app.use(onError)
app.listen(Number(process.env.PORT || 3004), '127.0.0.1')
