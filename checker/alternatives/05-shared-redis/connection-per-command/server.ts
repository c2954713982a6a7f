// As in PHP: a connection for each command, opened and closed again. There is nothing to find again after an outage.
import type { ErrorRequestHandler, Request } from 'express'
import session, { type SessionData, Store } from 'express-session'
import { createClient } from 'redis'
import { createApp, Refusal, serve } from '../../../../labs/kit/app.ts'
import { sessionSecrets } from '../../../../labs/kit/config.ts'
import { refuseCrossSite } from '../../../../solutions/05-shared-redis/origin.ts'
import { valuePage } from '../../../../solutions/05-shared-redis/pages.ts'
import {
  listenPort,
  redisPrefix,
  redisUrl,
  sessionSeconds,
  trustedProxies,
} from '../../../../solutions/05-shared-redis/settings.ts'
import { parseValue, setValue, unsetValue } from '../../../../solutions/05-shared-redis/value.ts'

class Outage extends Refusal {}

type Client = ReturnType<typeof createClient>

async function ask<Answer>(command: (client: Client) => Promise<Answer>): Promise<Answer> {
  const client = createClient({ url: redisUrl, socket: { connectTimeout: 700, reconnectStrategy: false } })
  client.on('error', () => {})
  // The end of the client ends its command, too.
  const late = setTimeout(() => client.destroy(), 800)
  try {
    await client.connect()
    return await command(client as Client)
  } catch {
    throw new Outage(503, 'The session store cannot be reached. Try again in a moment.')
  } finally {
    clearTimeout(late)
    if (client.isOpen) client.destroy()
  }
}

type Done<Value = void> = (error?: unknown, value?: Value | null) => void

class ConnectingStore extends Store {
  get(sid: string, done: Done<SessionData>): void {
    ask((client) => client.get(redisPrefix + sid)).then((text) => done(null, text && JSON.parse(text)), done)
  }
  set(sid: string, data: SessionData, done: Done = () => {}): void {
    const text = JSON.stringify(data)
    ask((client) => client.setEx(redisPrefix + sid, sessionSeconds, text)).then(() => done(), done)
  }
  override touch(sid: string, _data: SessionData, done: Done = () => {}): void {
    ask((client) => client.expire(redisPrefix + sid, sessionSeconds)).then(() => done(), done)
  }
  destroy(sid: string, done: Done = () => {}): void {
    ask((client) => client.unlink(redisPrefix + sid)).then(() => done(), done)
  }
}

const cookie = (req: Request) => ({
  path: '/',
  httpOnly: true,
  sameSite: 'lax' as const,
  maxAge: sessionSeconds * 1000,
  secure: req.secure,
})

const app = createApp()
app.set('trust proxy', trustedProxies)
app.use((_req, res, next) => {
  res.set('Cache-Control', 'private, no-store')
  next()
})
app.get('/health', (_req, res) => {
  res.send('ok')
})
app.use(
  refuseCrossSite,
  session({
    name: 'sid',
    store: new ConnectingStore(),
    secret: sessionSecrets(),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    cookie,
  }),
  (req, _res, next) => {
    Object.assign(req.session.cookie, cookie(req))
    next()
  },
)
app.get('/', (req, res) => {
  res.send(valuePage(req.session.value))
})
app.get('/session/set/:value', async (req, res) => {
  await setValue(req, parseValue(req.params.value))
  res.redirect(303, '/')
})
app.get('/session/unset', async (req, res) => {
  await unsetValue(req)
  res.redirect(303, '/')
})
app.post('/session/end', (req, res, next) => {
  req.session.destroy((error) => {
    if (error) return next(error)
    res.clearCookie('sid', cookie(req))
    res.redirect(303, '/')
  })
})
app.use(((error, req, res, next) => {
  if (!(error instanceof Outage)) return next(error)
  if (res.headersSent) return
  Object.assign(req, { session: undefined })
  res.status(503).set('Retry-After', '1').send(`<!doctype html><title>Sorry</title><p>${error.message}</p>`)
}) as ErrorRequestHandler)
serve(app, listenPort)
