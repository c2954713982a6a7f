// The libraries as they are: only options of node-redis make it fail soon. The values in Redis are base64, no JSON.
import { RedisStore } from 'connect-redis'
import type { ErrorRequestHandler, Request } from 'express'
import session from 'express-session'
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

const client = createClient({
  url: redisUrl,
  disableOfflineQueue: true,
  pingInterval: 300,
  socket: { socketTimeout: 900, connectTimeout: 900, reconnectStrategy: () => 200 },
})
client.on('error', () => {})
client.connect().catch(() => {})

const serializer = {
  stringify: (data: unknown) => Buffer.from(JSON.stringify(data)).toString('base64'),
  parse: (text: string) => JSON.parse(Buffer.from(text, 'base64').toString()),
}

const app = createApp()
app.set('trust proxy', trustedProxies)
app.get('/health', (_req, res) => {
  res.send('ok')
})
app.use(refuseCrossSite)
app.use((_req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
})

// Once for http and once for https: `secure: 'auto'` would keep what the session began with.
const sessions = (secure: boolean) =>
  session({
    name: 'sid',
    store: new RedisStore({ client, prefix: redisPrefix, ttl: () => sessionSeconds, serializer }),
    secret: sessionSecrets(),
    resave: false,
    saveUninitialized: false,
    rolling: true,
    proxy: trustedProxies > 0,
    cookie: { path: '/', httpOnly: true, sameSite: 'lax', maxAge: sessionSeconds * 1000, secure },
  })
const [plain, secure] = [sessions(false), sessions(true)]
app.use((req, res, next) => (req.secure ? secure : plain)(req, res, next))
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
    res.clearCookie('sid', { path: '/', httpOnly: true, sameSite: 'lax', secure: req.secure })
    res.redirect(303, '/')
  })
})

const onError: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) return
  if (error.status >= 400 && error.status < 500) return next(error)
  delete (req as Partial<Request>).session
  res.set('Retry-After', '1')
  next(new Refusal(503, 'The session store cannot be reached. Try again in a moment.'))
}
app.use(onError)
serve(app, listenPort)
