// A signed id in the cookie, and JSON in a Redis string. GETEX reads and renews in one command: one key, one round trip.
import { createHmac, randomUUID } from 'node:crypto'
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
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
import { parseValue } from '../../../../solutions/05-shared-redis/value.ts'

// The library itself tries again, sooner at first and at least every 2 seconds; a socket timeout is no reason to stop.
const redis = createClient({
  url: redisUrl,
  disableOfflineQueue: true,
  pingInterval: 400,
  socket: { socketTimeout: 1200, reconnectStrategy: (tries) => Math.min(2 ** tries * 25, 800) },
})
redis.on('error', () => {})
redis.connect().catch(() => {})

const expiration = { type: 'EX', value: sessionSeconds } as const

async function load(id: string): Promise<Data | null> {
  const text = await redis.getEx(redisPrefix + id, expiration)
  return text === null ? null : JSON.parse(text)
}

async function save(id: string, data: Data): Promise<void> {
  await redis.set(redisPrefix + id, JSON.stringify(data), { expiration })
}

interface Data {
  notes: { value?: string }
}

const mac = (id: string, secret: string) =>
  createHmac('sha512', secret).update(`sid ${id}`).digest('base64url')

/** An id that this app has signed. */
function signedId(req: Request): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const values = pairs.filter((pair) => pair.startsWith('sid=')).map((pair) => pair.slice(4).split('~'))
  return values.find(([id = '', sign]) => sessionSecrets().some((secret) => sign === mac(id, secret)))?.[0]
}

function send(req: Request, res: Response, id: string): void {
  res.cookie('sid', `${id}~${mac(id, sessionSecrets()[0])}`, options(req))
}

function options(req: Request) {
  return {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: req.secure,
    maxAge: sessionSeconds * 1000,
  } as const
}

/** What the request's session holds, in `res.locals`. */
const loaded: RequestHandler = async (req, res, next) => {
  const id = signedId(req)
  const data = id === undefined ? null : await load(id)
  Object.assign(res.locals, { id: data ? id : undefined, data: data ?? { notes: {} } })
  if (id !== undefined && data) send(req, res, id)
  next()
}

const app = createApp()
app.set('trust proxy', trustedProxies)
app.get('/health', (_req, res) => {
  res.json('ok')
})
app.use(refuseCrossSite, loaded, (_req, res, next) => {
  res.setHeader('cache-control', 'no-store')
  next()
})
app.get('/', (_req, res) => {
  res.send(valuePage(res.locals.data.notes.value))
})
app.get('/session/set/:value', async (req, res) => {
  const value = parseValue(req.params.value)
  const id: string = res.locals.id ?? randomUUID()
  await save(id, { notes: { value } })
  send(req, res, id)
  res.redirect(303, '/')
})
app.get('/session/unset', async (_req, res) => {
  if (res.locals.id !== undefined) await save(res.locals.id, { notes: {} })
  res.redirect(303, '/')
})
app.post('/session/end', async (req, res) => {
  if (res.locals.id !== undefined) await redis.del(redisPrefix + res.locals.id)
  res.removeHeader('Set-Cookie')
  res.clearCookie('sid', options(req))
  res.redirect(303, '/')
})

const onError: ErrorRequestHandler = (error, _req, res, next) => {
  if (error.status >= 400 && error.status < 500) return next(error)
  res.removeHeader('Set-Cookie')
  res.set('Retry-After', '1')
  next(new Refusal(503, 'The session store cannot be reached. Try again in a moment.'))
}
app.use(onError)
serve(app, listenPort)
