// express-session with the given store; who is logged in stands in a table of its own, `logins`, not in the session.
import type { Request, Response } from 'express'
import session from 'express-session'
import { createApp, field, Refusal, serve } from '../../../../labs/kit/app.ts'
import { port, sessionSecrets } from '../../../../labs/kit/config.ts'
import { html, page } from '../../../../labs/kit/html.ts'
import { createTables, db } from '../../../../solutions/04-login-logout/database.ts'
import { listLikes, parseThing, storeLikes } from '../../../../solutions/04-login-logout/likes.ts'
import { refuseCrossSite } from '../../../../solutions/04-login-logout/origin.ts'
import { likesPage, loginPage, registerPage } from '../../../../solutions/04-login-logout/pages.ts'
import { hashPassword, verifyPassword } from '../../../../solutions/04-login-logout/passwords.ts'
import { absoluteMs, idleMs, trustedProxies } from '../../../../solutions/04-login-logout/settings.ts'
import { openStore } from '../../../../solutions/04-login-logout/store.ts'
import {
  addUser,
  findUser,
  parsePassword,
  parseUsername,
} from '../../../../solutions/04-login-logout/users.ts'

await createTables()
await db.run(
  'CREATE TABLE IF NOT EXISTS logins (sid TEXT PRIMARY KEY, username TEXT NOT NULL, began INT, seen INT, browser TEXT)',
)
const store = await openStore(() => false)

const attributes = (req: Request) =>
  ({ httpOnly: true, sameSite: 'lax', path: '/', secure: req.secure, maxAge: idleMs }) as const

const app = createApp()
app.set('trust proxy', trustedProxies)
app.use(refuseCrossSite)
app.use(
  session({
    name: 'sid',
    store,
    secret: sessionSecrets(),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie: attributes,
  }),
)
app.use((req, _res, next) => {
  Object.assign(req.session.cookie, attributes(req))
  next()
})

async function userOf(req: Request): Promise<string | undefined> {
  await db.run('UPDATE logins SET seen = ? WHERE sid = ?', Date.now(), req.sessionID)
  const login = await db.get<{ username: string; began: number }>(
    'SELECT username, began FROM logins WHERE sid = ?',
    req.sessionID,
  )
  if (!login || !req.session.beganMs) return undefined
  if (Date.now() - login.began < absoluteMs) return login.username
  await db.run('DELETE FROM logins WHERE sid = ?', req.sessionID)
  return undefined
}

function regenerated(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()))
  })
}

function saved(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.save((error) => (error ? reject(error) : resolve()))
  })
}

async function enter(req: Request, res: Response, username: string): Promise<void> {
  const before = req.session.likes ?? []
  await db.run('DELETE FROM logins WHERE sid = ?', req.sessionID)
  await regenerated(req)
  req.session.beganMs = Date.now()
  const browser = req.get('User-Agent') ?? 'some browser'
  const now = Date.now()
  await db.run('INSERT INTO logins VALUES (?, ?, ?, ?, ?)', req.sessionID, username, now, now, browser)
  await storeLikes(username, before)
  await saved(req)
  res.redirect(303, '/account')
}

/** Ends these sessions: their logins first, and then what the store has. */
async function end(sids: string[]): Promise<void> {
  for (const sid of sids) {
    await db.run('DELETE FROM logins WHERE sid = ?', sid)
    await new Promise((resolve) => store.destroy(sid, resolve))
  }
}

app.get('/', async (req, res) => {
  const username = await userOf(req)
  res.send(likesPage(username ? await listLikes(username) : (req.session.likes ?? []), username))
})
app.post('/likes', async (req, res) => {
  const thing = parseThing(field(req, 'likes'))
  const username = await userOf(req)
  if (thing && username) await storeLikes(username, [thing])
  else if (thing) {
    req.session.likes ??= []
    if (req.session.likes.length >= 50) throw new Refusal(413, 'Log in to like more.')
    req.session.likes.push(thing)
    await saved(req)
  }
  res.redirect(303, '/')
})
app.get('/login', (_req, res) => {
  res.send(loginPage())
})
app.get('/register', (_req, res) => {
  res.send(registerPage())
})
app.post('/login', async (req, res) => {
  const password = field(req, 'password')
  const user = await findUser(field(req, 'username'))
  if (!(await verifyPassword(password, user?.password)) || !user)
    res.status(401).send(loginPage('Who is that?'))
  else await enter(req, res, user.username)
})
app.post('/register', async (req, res) => {
  const user = {
    username: parseUsername(field(req, 'username')),
    password: await hashPassword(parsePassword(field(req, 'password'))),
  }
  if (!(await addUser(user))) throw new Refusal(409, 'There is one already.')
  await enter(req, res, user.username)
})
app.post('/logout', async (req, res) => {
  const { maxAge: _, ...options } = attributes(req)
  await end([req.sessionID])
  req.session.destroy(() => res.clearCookie('sid', options).redirect(303, '/'))
})
app.get('/account', async (req, res) => {
  const username = await userOf(req)
  if (username === undefined) return res.redirect(303, '/login')
  const rows = await db.all<{ sid: string; browser: string; began: string; seen: string }>(
    `SELECT sid, browser, datetime(began / 1000, 'unixepoch') AS began, datetime(seen / 1000, 'unixepoch') AS seen
     FROM logins AS l WHERE username = ? AND l.began > ? AND l.seen > ? ORDER BY l.began DESC`,
    username,
    Date.now() - absoluteMs,
    Date.now() - idleMs,
  )
  res.send(
    page(
      'Account',
      html`<p>Logged in as ${username}</p>
<table>${rows.map(({ sid, browser, began, seen }) => html`<tr><td>${browser}</td><td>${began}</td><td>${seen}</td><td>${sid === req.sessionID ? 'this browser' : ''}</td></tr>`)}</table>
<form method="post" action="/logout-everywhere"><button>Everywhere</button></form>`,
    ),
  )
})
app.post('/logout-everywhere', async (req, res) => {
  const username = await userOf(req)
  if (username === undefined) return res.redirect(303, '/login')
  const rows = await db.all<{ sid: string }>('SELECT sid FROM logins WHERE username = ?', username)
  await end(rows.map(({ sid }) => sid))
  const { maxAge: _, ...options } = attributes(req)
  req.session.destroy(() => res.clearCookie('sid', options).redirect(303, '/'))
})

serve(app, port(3004))
