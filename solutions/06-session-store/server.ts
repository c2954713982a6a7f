// The routes: create, read, delete, delete all. Given: read it, there is nothing to do here.
import { createApp, field, serve } from '#kit/app.ts'
import { port } from '#kit/config.ts'
import { answered } from './callbacks.ts'
import { readPage, startPage } from './pages.ts'
import { cookieOptions, SESSION_COOKIE } from './session-cookie.ts'
import { deleteValue, listValues, parseValue, putValue } from './session-data.ts'
import { useFileSessions } from './sessions.ts'

const app = createApp()
const sessions = useFileSessions(app)

app.use((_req, res, next) => {
  // Otherwise the Back button still shows a session that has ended.
  res.set('Cache-Control', 'no-store')
  next()
})

app.get('/', (_req, res) => {
  res.send(startPage())
})

app.post('/create', async (req, res) => {
  putValue(req.session, parseValue(field(req, 'name'), field(req, 'value')))
  // Otherwise it is saved when the redirect is on its way, and the next request can be faster than the store.
  await answered((callback) => req.session.save(callback))
  res.redirect(303, '/read')
})

app.get('/read', async (req, res) => {
  res.send(readPage(listValues(req.session), await sessions.times(req.sessionID)))
})

app.post('/delete', async (req, res) => {
  const name = field(req, 'name')
  if (listValues(req.session).some((one) => one.name === name)) {
    deleteValue(req.session, name)
    await answered((callback) => req.session.save(callback))
  }
  res.redirect(303, '/read')
})

app.post('/delete_all', async (req, res) => {
  await answered((callback) => req.session.destroy(callback))
  res.clearCookie(SESSION_COOKIE, cookieOptions)
  res.redirect(303, '/')
})

serve(app, port(3006))
