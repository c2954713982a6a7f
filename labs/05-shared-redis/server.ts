// The routes: a value in the session, and who answers. Given: read it, there is nothing to do here.
import { createApp, serve } from '#kit/app.ts'
import { refuseCrossSite } from './origin.ts'
import { showOutage } from './outage.ts'
import { valuePage } from './pages.ts'
import { endSession, useSessions } from './sessions.ts'
import { listenPort } from './settings.ts'
import { parseValue, setValue, unsetValue } from './value.ts'

const app = createApp()

app.use((_req, res, next) => {
  // A page from the browser's own memory would show an old value, and an instance that was not asked.
  res.set('Cache-Control', 'no-store')
  next()
})

app.get('/health', (_req, res) => {
  // The balancer asks for this. It comes before the sessions: without Redis, the app is not dead.
  res.type('text/plain').send('ok')
})

app.use(refuseCrossSite)
await useSessions(app)

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

app.post('/session/end', async (req, res) => {
  await endSession(req, res)
  res.redirect(303, '/')
})

app.use(showOutage)
serve(app, listenPort)
