// Fit for a Redis Cluster: the two keys of a session share a hash tag, {id}, so they and their MULTI are in one slot.
import { randomBytes } from 'node:crypto'
import express, { type ErrorRequestHandler, type Request, type Response } from 'express'
import { createClient } from 'redis'
import { html, page } from '../../../../labs/kit/html.ts'
import { refuseCrossSite } from '../../../../solutions/05-shared-redis/origin.ts'
import {
  instanceName,
  listenPort,
  redisPrefix,
  redisUrl,
  sessionSeconds,
  trustedProxies,
} from '../../../../solutions/05-shared-redis/settings.ts'

const redis = createClient({
  url: redisUrl,
  disableOfflineQueue: true,
  socket: { reconnectStrategy: () => 250 },
})
redis.on('error', () => {})
redis.connect().catch(() => {})

class Unreachable extends Error {}

/** Waits for Redis, for a second and a quarter at most. */
async function ask<Value>(work: Promise<Value>): Promise<Value> {
  const abort = new AbortController()
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new Unreachable()), 1_250)
    abort.signal.addEventListener('abort', () => clearTimeout(timer))
  })
  try {
    return await Promise.race([work, late])
  } catch {
    throw new Unreachable()
  } finally {
    abort.abort()
  }
}

const began = (id: string) => `${redisPrefix}{${id}}:began`
const held = (id: string) => `${redisPrefix}{${id}}:value`

interface Session {
  id: string
  value: string | null
}

async function read(req: Request): Promise<Session | null> {
  const [, id] = /(?:^|;\s*)sid=([\da-f]{40})(?:;|$)/.exec(req.get('Cookie') ?? '') ?? []
  if (!id) return null
  const work = redis
    .multi()
    .expire(began(id), sessionSeconds)
    .expire(held(id), sessionSeconds)
    .mGet([began(id), held(id)])
    .exec()
  const answers = await ask(work)
  const [since, value] = answers[2] as unknown as (string | null)[]
  return since ? { id, value: value ?? null } : null
}

/** Sends the cookie with the time starting anew. */
function renew(req: Request, res: Response, id: string, maxAge = sessionSeconds * 1000): void {
  res.cookie('sid', id, { maxAge, httpOnly: true, sameSite: 'lax', secure: req.secure })
}

const app = express()
app.set('trust proxy', trustedProxies)
app.get('/health', (_req, res) => {
  res.send('<p>ok</p>')
})
app.use(refuseCrossSite)
app.use(async (req, res, next) => {
  res.set('Cache-Control', 'no-store, private')
  res.locals.session = await read(req)
  if (res.locals.session) renew(req, res, res.locals.session.id)
  next()
})

app.get('/', (_req, res) => {
  const value: string | null = res.locals.session?.value ?? null
  const says = value === null ? 'The session holds nothing.' : `The session holds: ${value}`
  const end = html`<form method="POST" action="/session/end"><input type="submit" value="End"></form>`
  res.send(page('Shared', html`<p>Served by instance ${instanceName}.</p><h1>${says}</h1>${end}`))
})
app.get('/session/set/:value', async (req, res) => {
  const value = req.params.value.trim()
  if (value.length === 0 || value.length > 200) return res.sendStatus(400)
  const id = res.locals.session?.id ?? randomBytes(20).toString('hex')
  const time = { expiration: { type: 'EX', value: sessionSeconds } } as const
  const work = redis.multi().set(began(id), new Date().toISOString(), time).set(held(id), value, time).exec()
  await ask(work)
  renew(req, res, id)
  res.redirect(303, '/')
})
app.get('/session/unset', async (_req, res) => {
  if (res.locals.session) await ask(redis.del(held(res.locals.session.id)))
  res.redirect(303, '/')
})
app.post('/session/end', async (req, res) => {
  const { session } = res.locals
  if (session) await ask(redis.del([began(session.id), held(session.id)]))
  renew(req, res, '', -1)
  res.redirect(303, '/')
})

const onError: ErrorRequestHandler = (error, _req, res, _next) => {
  res.removeHeader('Set-Cookie')
  if (error instanceof Unreachable) {
    res.status(503).set('Retry-After', '1')
    res.send('<h1>The session store cannot be reached. Try again in a moment.</h1>')
  } else res.sendStatus(error.status ?? 500)
}
app.use(onError)
app.listen(listenPort, '127.0.0.1')
