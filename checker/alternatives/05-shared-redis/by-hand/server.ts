// No express-session: a cookie of our own, and a hash in Redis under the SHA-256 of the id. SameSite is Strict.
import { createHash, randomUUID } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { createClient } from 'redis'
import { createApp, Refusal, serve } from '../../../../labs/kit/app.ts'
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

const redis = createClient({
  url: redisUrl,
  disableOfflineQueue: true,
  pingInterval: 300,
  // A silent connection is dropped, and what waits on it fails.
  socket: { socketTimeout: 900, reconnectStrategy: () => 100 },
})
redis.on('error', ({ code, message }) => console.error(code ?? message))
redis.connect().catch(() => {})

async function asked<Value>(answer: Promise<Value>): Promise<Value> {
  return answer.catch(() => {
    throw new Refusal(503, 'The session store cannot be reached. Try again in a moment.')
  })
}

const keyOf = (id: string) => redisPrefix + createHash('sha256').update(id).digest('base64url')

function giveCookie(req: Request, res: Response, id: string, age: number): void {
  const secure = req.secure ? '; Secure' : ''
  res.set('Set-Cookie', `sid=${id}; Max-Age=${age}; Path=/; HttpOnly; SameSite=Strict${secure}`)
}

interface Found {
  id: string
  value: string | undefined
}

/** The session of the request, used now; undefined when it has none. */
async function find(req: Request, res: Response): Promise<Found | undefined> {
  for (const [, id = ''] of (req.headers.cookie ?? '').matchAll(/(?:^|;\s*)sid=([\da-f-]{36})(?=;|$)/g)) {
    const work = redis.multi().expire(keyOf(id), sessionSeconds).hGetAll(keyOf(id)).exec()
    const [, fields] = (await asked(work)) as unknown as [number, Record<string, string>]
    if (fields.began === undefined) continue
    giveCookie(req, res, id, sessionSeconds)
    return { id, value: fields.value }
  }
  return undefined
}

const app = createApp()
app.set('trust proxy', trustedProxies)
const fresh: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
}
app.use(fresh, refuseCrossSite)

app.get('/health', (_req, res) => {
  res.type('text/plain').send('ok')
})

app.get('/', async (req, res) => {
  res.send(valuePage((await find(req, res))?.value))
})

app.get('/session/set/:value', async (req, res) => {
  const value = parseValue(req.params.value)
  const id = (await find(req, res))?.id ?? randomUUID()
  const work = redis.multi().hSetNX(keyOf(id), 'began', String(Date.now())).hSet(keyOf(id), 'value', value)
  await asked(work.expire(keyOf(id), sessionSeconds).exec())
  giveCookie(req, res, id, sessionSeconds)
  res.redirect(303, '/')
})

app.get('/session/unset', async (req, res) => {
  const found = await find(req, res)
  if (found) await asked(redis.hDel(keyOf(found.id), 'value'))
  res.redirect(303, '/')
})

app.post('/session/end', async (req, res) => {
  const found = await find(req, res)
  if (found) await asked(redis.del(keyOf(found.id)))
  giveCookie(req, res, '', 0)
  res.redirect(303, '/')
})

app.use(((error, _req, res, next) => {
  if (error.status === 503) res.set('Retry-After', '1').removeHeader('Set-Cookie')
  next(error)
}) as import('express').ErrorRequestHandler)
serve(app, listenPort)
