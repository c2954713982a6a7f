// A client that fails is thrown away, also one with an unanswered command, and a new one takes its place.
import { setTimeout as sleep } from 'node:timers/promises'
import { RedisStore } from 'connect-redis'
import type { ErrorRequestHandler, Request } from 'express'
import session from 'express-session'
import { createClient, type SetOptions } from 'redis'
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

let client = newClient()

function newClient() {
  const made = createClient({
    url: redisUrl,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: false, connectTimeout: 900 },
  })
  made.on('error', () => replace(made))
  made.connect().catch(() => replace(made))
  return made
}

const thrownAway = new WeakSet<object>()

/** Each client is replaced once, however many of its commands fail. */
async function replace(old: typeof client): Promise<void> {
  if (thrownAway.has(old)) return
  thrownAway.add(old)
  if (old.isOpen) old.destroy()
  await sleep(200)
  client = newClient()
}

class Outage extends Refusal {}

async function ask<Answer>(command: (one: typeof client) => Promise<Answer>): Promise<Answer> {
  const asked = client
  const late = setTimeout(() => replace(asked), 900)
  try {
    // Destroying the client ends its commands, too.
    return await command(asked)
  } catch {
    throw new Outage(503, 'The session store cannot be reached. Try again in a moment.')
  } finally {
    clearTimeout(late)
  }
}

const commands = {
  get: (key: string) => ask((one) => one.get(key)),
  set: (key: string, value: string, options: SetOptions) => ask((one) => one.set(key, value, options)),
  expire: (key: string, seconds: number) => ask((one) => one.expire(key, seconds)),
  del: (keys: string[]) => ask((one) => one.del(keys)),
}

const cookie = (req: Request) => ({
  path: '/',
  httpOnly: true,
  sameSite: 'strict' as const,
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
    store: new RedisStore({ client: commands, prefix: `${redisPrefix}s:` }),
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
