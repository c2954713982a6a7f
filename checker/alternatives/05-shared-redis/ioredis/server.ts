// ioredis in place of node-redis, with a small store for it: connect-redis 9 speaks to node-redis only.
import type { ErrorRequestHandler } from 'express'
import session, { type SessionData, Store } from 'express-session'
import { Redis } from 'ioredis'
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

const redis = new Redis(redisUrl, {
  keyPrefix: redisPrefix,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 900,
  retryStrategy: () => 200,
})
redis.on('error', (error) => console.error(error.message))

type Done<Value = void> = (error?: unknown, value?: Value | null) => void

function answer<Value>(result: Promise<Value>, done: Done<Value> = () => {}): void {
  result.then((value) => done(null, value)).catch(done)
}

/** Only that it is done counts. */
async function finished(work: Promise<unknown>): Promise<void> {
  await work
}

class IoStore extends Store {
  get(sid: string, done: Done<SessionData>): void {
    const found = redis.get(sid).then((text) => (text === null ? null : JSON.parse(text)))
    answer(found, done)
  }
  set(sid: string, data: SessionData, done?: Done): void {
    answer(finished(redis.setex(sid, sessionSeconds, JSON.stringify(data))), done)
  }
  override touch(sid: string, _data: SessionData, done?: Done): void {
    answer(finished(redis.expire(sid, sessionSeconds)), done)
  }
  destroy(sid: string, done?: Done): void {
    answer(finished(redis.unlink(sid)), done)
  }
}

const app = createApp()
app.set('trust proxy', trustedProxies)
app.get('/health', (_req, res) => {
  res.type('text').send('ok\n')
})
app.use((_req, res, next) => {
  res.set('Cache-Control', 'private, no-store')
  next()
})
app.use(refuseCrossSite)
app.use(
  session({
    name: 'sid',
    store: new IoStore(),
    secret: sessionSecrets(),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    unset: 'destroy',
    cookie: { httpOnly: true, sameSite: 'lax', maxAge: sessionSeconds * 1000, secure: 'auto' },
  }),
)
app.use((req, _res, next) => {
  req.session.cookie.secure = req.secure
  next()
})

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
    res.clearCookie('sid', { httpOnly: true, sameSite: 'lax', path: '/', secure: req.secure })
    res.redirect(303, '/')
  })
})

const onError: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) return
  if (error.status >= 400 && error.status < 500) return next(error)
  console.error(error.message)
  // A property that is gone: express-session then leaves cookie and store alone.
  Reflect.deleteProperty(req, 'session')
  Reflect.deleteProperty(req, 'sessionID')
  res.set('Retry-After', '1')
  next(new Refusal(503, 'The session store cannot be reached. Try again in a moment.'))
}
app.use(onError)
serve(app, listenPort)
