// Sessions by hand on the kit's SQLite: a row has the hash of its id, SameSite is Strict, the age is Max-Age.
import { createHash, randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import { createApp, field, Refusal, serve } from '../../../../labs/kit/app.ts'
import { port } from '../../../../labs/kit/config.ts'
import { openDatabase } from '../../../../labs/kit/database.ts'
import { createTables } from '../../../../solutions/04-login-logout/database.ts'
import { listLikes, parseThing, storeLikes } from '../../../../solutions/04-login-logout/likes.ts'
import {
  accountPage,
  likesPage,
  loginPage,
  registerPage,
} from '../../../../solutions/04-login-logout/pages.ts'
import { hashPassword, verifyPassword } from '../../../../solutions/04-login-logout/passwords.ts'
import {
  addUser,
  findUser,
  parsePassword,
  parseUsername,
} from '../../../../solutions/04-login-logout/users.ts'

const idle = Number(process.env.IDLE_SECONDS || 1800)
const absolute = Number(process.env.ABSOLUTE_SECONDS || 43200)

interface Session {
  hash: string
  username: string | null
  likes: string
  began: number
  seen: number
}

await createTables()
const store = await openDatabase('browsers.sqlite')
await store.run(
  'CREATE TABLE IF NOT EXISTS browsers (hash TEXT PRIMARY KEY, username TEXT, likes TEXT, began REAL, seen REAL)',
)

const nowSeconds = () => Date.now() / 1000
const hashOf = (id: string) => createHash('sha256').update(id).digest('hex')
const idOf = (req: Request) => /(?:^|;\s*)sid=([\da-f]{64})(?:;|$)/.exec(req.headers.cookie ?? '')?.[1] ?? ''

function isOver({ username, began, seen }: Session): boolean {
  const now = nowSeconds()
  return now - seen >= idle || (username !== null && now - began >= absolute)
}

function send(req: Request, res: Response, id: string, age: number): void {
  const secure = req.secure ? '; Secure' : ''
  res.set('Set-Cookie', `sid=${id}; Max-Age=${age}; Path=/; HttpOnly; SameSite=Strict${secure}`)
}

/** The session of the request, seen now. */
async function find(req: Request, res: Response): Promise<Session | undefined> {
  const id = idOf(req)
  const found = await store.get<Session>('SELECT * FROM browsers WHERE hash = ?', hashOf(id))
  if (!found) return undefined
  if (isOver(found)) {
    await store.run('DELETE FROM browsers WHERE hash = ?', found.hash)
    return undefined
  }
  await store.run('UPDATE browsers SET seen = ? WHERE hash = ?', nowSeconds(), found.hash)
  send(req, res, id, idle)
  return found
}

async function begin(req: Request, res: Response, username: string | null, likes: string[]): Promise<void> {
  const id = randomBytes(32).toString('hex')
  const now = nowSeconds()
  await store.run(
    'INSERT INTO browsers VALUES (?, ?, ?, ?, ?)',
    hashOf(id),
    username,
    JSON.stringify(likes),
    now,
    now,
  )
  send(req, res, id, idle)
}

async function logIn(req: Request, res: Response, username: string): Promise<void> {
  const old = await find(req, res)
  if (old) {
    await store.run('DELETE FROM browsers WHERE hash = ?', old.hash)
    await storeLikes(username, JSON.parse(old.likes))
  }
  await begin(req, res, username, [])
  res.redirect(303, '/account')
}

const app = createApp()
app.set('trust proxy', process.env.TRUST_PROXY === '1' ? 1 : false)

app.use((req, _res, next) => {
  const { origin } = req.headers
  const foreign =
    req.headers['sec-fetch-site'] === 'cross-site' ||
    (origin !== undefined && !origin.endsWith(`://${req.headers.host}`))
  next(foreign && req.method !== 'GET' ? new Refusal(403, 'No.') : undefined)
})

app.get('/', async (req, res) => {
  const session = await find(req, res)
  const likes = session?.username ? await listLikes(session.username) : JSON.parse(session?.likes ?? '[]')
  res.send(likesPage(likes, session?.username ?? undefined))
})

app.post('/likes', async (req, res) => {
  const thing = parseThing(field(req, 'likes'))
  const session = await find(req, res)
  if (thing !== undefined && session?.username) await storeLikes(session.username, [thing])
  else if (thing !== undefined && session) {
    if (JSON.parse(session.likes).length >= 50) throw new Refusal(409, 'That is enough.')
    const sql = "UPDATE browsers SET likes = json_insert(likes, '$[#]', ?) WHERE hash = ?"
    await store.run(sql, thing, session.hash)
  } else if (thing !== undefined) await begin(req, res, null, [thing])
  res.redirect(303, '/')
})

app.get('/register', (_req, res) => {
  res.send(registerPage())
})

app.post('/register', async (req, res) => {
  const username = parseUsername(field(req, 'username'))
  const password = await hashPassword(parsePassword(field(req, 'password')))
  if (!(await addUser({ username, password }))) throw new Refusal(409, 'Taken.')
  await logIn(req, res, username)
})

app.get('/login', (_req, res) => {
  res.send(loginPage())
})

app.post('/login', async (req, res) => {
  const password = field(req, 'password')
  const user = await findUser(field(req, 'username'))
  if ((await verifyPassword(password, user?.password)) && user) await logIn(req, res, user.username)
  else res.status(401).send(loginPage('Try again.'))
})

app.post('/logout', async (req, res) => {
  await store.run('DELETE FROM browsers WHERE hash = ?', hashOf(idOf(req)))
  send(req, res, '', 0)
  res.redirect(303, '/')
})

app.get('/account', async (req, res) => {
  const session = await find(req, res)
  if (!session?.username) return res.redirect(303, '/login')
  const rows = await store.all<Session>(
    'SELECT * FROM browsers WHERE username = ? ORDER BY began DESC',
    session.username,
  )
  const open = rows
    .filter((row) => !isOver(row))
    .map((row) => ({
      beganMs: row.began * 1000,
      lastSeenMs: row.seen * 1000,
      isThisBrowser: row.hash === session.hash,
    }))
  res.send(accountPage(session.username, open))
})

app.post('/logout-everywhere', async (req, res) => {
  const session = await find(req, res)
  if (!session?.username) return res.redirect(303, '/login')
  await store.run('DELETE FROM browsers WHERE username = ?', session.username)
  send(req, res, '', 0)
  res.redirect(303, '/')
})

serve(app, port(3004))
