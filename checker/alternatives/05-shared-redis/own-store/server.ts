// express-session with a Store of our own: a session is a hash in Redis, one field for each property, and EXPIREAT.
import express, { type ErrorRequestHandler, type Request } from 'express'
import session, { type SessionData, Store } from 'express-session'
import { createClient } from 'redis'
import { html, page } from '../../../../labs/kit/html.ts'

const lifeSeconds = Number(process.env.SESSION_SECONDS || 1800)
const prefix = process.env.REDIS_PREFIX || 'session-labs:'

const redis = createClient({
  url: process.env.REDIS_URL || 'redis://localhost:6379',
  disableOfflineQueue: true,
  socket: { reconnectStrategy: (tries) => Math.min(50 * tries, 400), connectTimeout: 900 },
})
redis.on('error', () => {})
redis.connect().catch(() => {})

class Late extends Error {}

/** The answer, or an error after a second and a half. */
function soon<Value>(answer: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late()), 1_500)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

type Done<Value = void> = (error?: unknown, value?: Value | null) => void

class Hashes extends Store {
  static ends(): number {
    return Math.ceil(Date.now() / 1000) + lifeSeconds
  }

  get(sid: string, done: Done<SessionData>): void {
    soon(redis.hGetAll(prefix + sid))
      .then((fields) => {
        const entries = Object.entries(fields).map(([name, text]) => [name, JSON.parse(text)])
        done(null, entries.length > 0 ? Object.fromEntries(entries) : null)
      })
      .catch(done)
  }

  set(sid: string, data: SessionData, done: Done = () => {}): void {
    const key = prefix + sid
    const fields = Object.entries(data).map(([name, value]): [string, string] => [
      name,
      JSON.stringify(value),
    ])
    const work = redis
      .multi()
      .del(key)
      .hSet(key, Object.fromEntries(fields))
      .expireAt(key, Hashes.ends())
      .exec()
    soon(work)
      .then(() => done())
      .catch(done)
  }

  override touch(sid: string, _data: SessionData, done: Done = () => {}): void {
    soon(redis.expireAt(prefix + sid, Hashes.ends()))
      .then(() => done())
      .catch(done)
  }

  destroy(sid: string, done: Done = () => {}): void {
    soon(redis.unlink(prefix + sid))
      .then(() => done())
      .catch(done)
  }
}

type Held = Request['session'] & { held?: { text: string } }
const session_ = (req: Request) => req.session as Held

const app = express()
app.disable('etag')
app.set('trust proxy', Number(process.env.TRUSTED_PROXIES || 0))
app.get('/health', (_req, res) => {
  res.send('ok')
})
app.use((req, res, next) => {
  res.set('Cache-Control', 'no-store')
  const origin = req.get('Origin')
  const other = origin !== undefined && origin.split('://')[1] !== req.get('Host')
  if (req.method === 'POST' && (other || req.get('Sec-Fetch-Site') === 'cross-site')) res.sendStatus(403)
  else next()
})
app.use(
  session({
    name: 'sid',
    store: new Hashes(),
    secret: (process.env.SESSION_SECRET || 'only for development').split(','),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie: (req: Request) => ({
      httpOnly: true,
      sameSite: 'strict',
      maxAge: lifeSeconds * 1000,
      secure: req.secure,
    }),
  }),
)
app.use((req, _res, next) => {
  req.session.cookie.secure = req.secure
  next()
})

app.get('/', (req, res) => {
  const held = session_(req).held
  res.send(
    page(
      'Sessions',
      html`<p>${held ? `The session holds: ${held.text}` : 'The session holds nothing.'}</p>
<p>Served by instance ${process.env.INSTANCE_NAME}.</p>
<form action="/session/end" method="post"><button>End</button></form>`,
    ),
  )
})
app.get('/session/set/:value', (req, res, next) => {
  const text = req.params.value.trim()
  if (text === '' || text.length > 200) return res.status(422).send('<p>1 to 200 characters, please.</p>')
  session_(req).held = { text }
  req.session.save((error) => (error ? next(error) : res.redirect(303, '/')))
})
app.get('/session/unset', (req, res, next) => {
  if (!session_(req).held) return res.redirect(303, '/')
  delete session_(req).held
  req.session.save((error) => (error ? next(error) : res.redirect(303, '/')))
})
app.post('/session/end', (req, res, next) => {
  req.session.destroy((error) => {
    if (error) return next(error)
    const secure = req.secure ? '; Secure' : ''
    res.set('Set-Cookie', `sid=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict${secure}`).redirect(303, '/')
  })
})

const onError: ErrorRequestHandler = (error, req, res, _next) => {
  if (res.headersSent) return
  if (error.status >= 400 && error.status < 500) return res.status(error.status).send('<p>No.</p>')
  // null: nothing to save, and no cookie.
  req.session = null as never
  res.status(503).set('Retry-After', '1')
  res.send('<p>The session store cannot be reached. Try again in a moment.</p>')
}
app.use(onError)
app.listen(Number(process.env.PORT || 3005), process.env.HOST || '127.0.0.1')
