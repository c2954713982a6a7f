// The id is signed by hand and the sessions are one JSON text in a table, under Express's cookie functions; Expires
// instead of Max-Age, the hash is PBKDF2 in the notation of Django, and a refused form shows itself again.
import { createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { openDatabase } from '../../../../labs/kit/database.ts'
import { html, page } from '../../../../labs/kit/html.ts'

const env = (name: string, fallback: number) => Number(process.env[name] || fallback)
const [idle, absolute] = [env('IDLE_SECONDS', 1800) * 1e3, env('ABSOLUTE_SECONDS', 43200) * 1e3]
const secrets = (process.env.SESSION_SECRET || 'nobody should use this').split(',')
const rounds = 40 * 2 ** env('PASSWORD_COST', 15)

const db = await openDatabase('app.sqlite')
await db.run('CREATE TABLE IF NOT EXISTS users (username TEXT COLLATE NOCASE UNIQUE, password TEXT)')
await db.run('CREATE TABLE IF NOT EXISTS likes (thing TEXT, username TEXT)')
await db.run('CREATE TABLE IF NOT EXISTS state (token TEXT PRIMARY KEY, json TEXT)')

interface State {
  user?: string
  things: string[]
  born: number
  used: number
}

const utc = (ms: number) => new Date(ms).toISOString()

const seal = (token: string, secret = secrets[0] ?? '') =>
  createHmac('sha256', secret).update(`sid:${token}`).digest('hex')

function tokenOf(req: Request): string | undefined {
  const [, token = '', mac = ''] =
    /(?:^|; ?)sid=([\w-]+)\.([\da-f]{64})(?=;|$)/.exec(req.get('cookie') ?? '') ?? []
  const good = secrets.some((secret) =>
    timingSafeEqual(Buffer.from(mac || seal('')), Buffer.from(seal(token, secret))),
  )
  return token && good ? token : undefined
}

const alive = ({ user, born, used }: State) =>
  Date.now() < used + idle && (user === undefined || Date.now() < born + absolute)

async function load(req: Request): Promise<State | undefined> {
  const row = await db.get<{ json: string }>('SELECT json FROM state WHERE token = ?', tokenOf(req) ?? '')
  const state: State | undefined = row && JSON.parse(row.json)
  return state && alive(state) ? state : undefined
}

function give(req: Request, res: Response, token: string): void {
  const https = process.env.TRUST_PROXY === '1' && req.get('x-forwarded-proto') === 'https'
  const expires = new Date(token ? Date.now() + idle : 1)
  const value = token && `${token}.${seal(token)}`
  res.cookie('sid', value, { expires, httpOnly: true, sameSite: 'strict', secure: https, encode: String })
}

async function create(req: Request, res: Response, state: Partial<State>): Promise<void> {
  const token = randomBytes(20).toString('base64url')
  const whole: State = { things: [], born: Date.now(), used: Date.now(), ...state }
  await db.run('INSERT INTO state VALUES (?, ?)', token, JSON.stringify(whole))
  give(req, res, token)
}

async function renew(req: Request, res: Response, next: NextFunction): Promise<void> {
  const token = tokenOf(req)
  if (token !== undefined && (await load(req))) {
    await db.run("UPDATE state SET json = json_set(json, '$.used', ?) WHERE token = ?", Date.now(), token)
    give(req, res, token)
  }
  next()
}

function django(password: string, salt = randomBytes(16).toString('base64url'), count = rounds): string {
  return `pbkdf2_sha256$${count}$${salt}$${pbkdf2Sync(password, salt, count, 32, 'sha256').toString('base64')}`
}

const dummy = django('')

function right(password: string, stored = dummy): boolean {
  const [, count, salt] = stored.split('$')
  return timingSafeEqual(Buffer.from(django(password, salt, Number(count))), Buffer.from(stored))
}

function show(res: Response, user: string | undefined, body: ReturnType<typeof html>): void {
  const status = user === undefined ? 'You are not logged in' : `Logged in as ${user}`
  res.send(page('Things', html`<header>${status}</header><main>${body}</main>`))
}

const fields = html`<input name="username"><input name="password" type="password"><button>Send</button>`
const asked = (action: string, why = '') =>
  html`<form method="post" action="${action}"><p>${why}</p>${fields}</form>`

async function enter(req: Request, res: Response, user: string): Promise<void> {
  const old = await load(req)
  await db.run('DELETE FROM state WHERE token = ?', tokenOf(req) ?? '')
  for (const thing of old?.things ?? []) await db.run('INSERT INTO likes VALUES (?, ?)', thing, user)
  await create(req, res, { user })
  res.redirect(303, '/account')
}

const router = Router()
router.get('/', async (req, res) => {
  const state = await load(req)
  const rows = await db.all<{ thing: string }>(
    'SELECT thing FROM likes WHERE username = ? ORDER BY rowid',
    state?.user ?? '',
  )
  const things = state?.user === undefined ? (state?.things ?? []) : rows.map(({ thing }) => thing)
  show(res, state?.user, html`<p>${things.map((thing) => html`<em>${thing}</em>, `)}</p>`)
})
router.post('/likes', async (req, res) => {
  const thing = String(req.body?.likes ?? '').trim()
  const state = await load(req)
  if (!state?.user && state?.things.length === 50) return void res.status(409).send('Too many')
  if (thing.length > 200) return void res.status(422).send('Too long')
  if (thing && state?.user) await db.run('INSERT INTO likes VALUES (?, ?)', thing, state.user)
  else if (thing && state)
    await db.run(
      "UPDATE state SET json = json_insert(json, '$.things[#]', ?) WHERE token = ?",
      thing,
      tokenOf(req) ?? '',
    )
  else if (thing) await create(req, res, { things: [thing] })
  res.redirect(303, '/')
})
router.get('/login', (_req, res) => show(res, undefined, asked('/login')))
router.get('/register', (_req, res) => show(res, undefined, asked('/register')))
router.post('/login', async (req, res) => {
  const { username, password } = req.body ?? {}
  if (typeof username !== 'string' || typeof password !== 'string') return void res.status(400).send('?')
  const user = await db.get<{ username: string; password: string }>(
    'SELECT * FROM users WHERE username = ?',
    username,
  )
  if (right(password, user?.password) && user) return enter(req, res, user.username)
  show(res.status(401), undefined, asked('/login', 'Once more, please.'))
})
router.post('/register', async (req, res) => {
  const { username, password } = req.body ?? {}
  const name = typeof username === 'string' ? username.trim() : ''
  const bad = !/^.{1,30}$/u.test(name) || typeof password !== 'string' || !/^.{8,128}$/su.test(password)
  if (bad) return show(res.status(400), undefined, asked('/register', 'Not like this.'))
  const taken = await db.get('SELECT 1 FROM users WHERE username = ?', name)
  if (taken) return show(res.status(409), undefined, asked('/register', 'Taken.'))
  await db.run('INSERT INTO users VALUES (?, ?)', name, django(password))
  await enter(req, res, name)
})
router.post('/logout', async (req, res) => {
  await db.run('DELETE FROM state WHERE token = ?', tokenOf(req) ?? '')
  give(req, res, '')
  res.redirect(303, '/')
})
router.get('/account', async (req, res) => {
  const user = (await load(req))?.user
  if (user === undefined) return res.redirect(303, '/login')
  const rows = await db.all<{ token: string; json: string }>('SELECT * FROM state')
  const mine = rows
    .map(({ token, json }) => ({ token, state: JSON.parse(json) as State }))
    .filter(({ state }) => state.user === user && alive(state))
    .toSorted((one, other) => other.state.born - one.state.born)
  const devices = mine.map(
    ({ token, state }, index) =>
      html`<li>Device ${index + 1}, ${utc(state.born)} to ${utc(state.used)} ${token === tokenOf(req) && '(this browser)'}</li>`,
  )
  show(res, user, html`<ul>${devices}</ul>`)
})
router.post('/logout-everywhere', async (req, res) => {
  const user = (await load(req))?.user
  if (user === undefined) return res.redirect(303, '/login')
  await db.run("DELETE FROM state WHERE json ->> '$.user' = ?", user)
  give(req, res, '')
  res.redirect(303, '/')
})

express()
  .use((req, res, next) => {
    const { origin, host } = req.headers
    const strange = origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`
    const foreign = strange || req.get('sec-fetch-site') === 'cross-site'
    if (foreign && req.method !== 'GET') res.status(403).end('Forbidden')
    else next()
  })
  .use(express.urlencoded({ extended: false }), renew, router)
  .listen(env('PORT', 3004), '127.0.0.1')
