// The routes of the likes list and of the account. Given: read it, there is nothing to do here.
import { createApp, field, Refusal, serve } from '#kit/app.ts'
import { port } from '#kit/config.ts'
import { createTables } from './database.ts'
import { listLikes, parseThing, storeLikes } from './likes.ts'
import { refuseCrossSite } from './origin.ts'
import { accountPage, likesPage, loginPage, registerPage } from './pages.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { currentUser, visitorLikes } from './session-data.ts'
import {
  keepLike,
  listSessions,
  logIn,
  logOut,
  logOutEverywhere,
  requireLogin,
  useSessions,
} from './sessions.ts'
import { addUser, findUser, parsePassword, parseUsername } from './users.ts'

await createTables()

const app = createApp()
app.use(refuseCrossSite)
await useSessions(app)

app.use((_req, res, next) => {
  // Otherwise the Back button still shows the account after the logout.
  res.set('Cache-Control', 'no-store')
  next()
})

app.get('/', async (req, res) => {
  const username = currentUser(req)
  const likes = username === undefined ? visitorLikes(req) : await listLikes(username)
  res.send(likesPage(likes, username))
})

app.post('/likes', async (req, res) => {
  const thing = parseThing(field(req, 'likes'))
  const username = currentUser(req)
  if (thing !== undefined) {
    if (username === undefined) await keepLike(req, thing)
    else await storeLikes(username, [thing])
  }
  res.redirect(303, '/')
})

app.get('/register', (_req, res) => {
  res.send(registerPage())
})

app.post('/register', async (req, res) => {
  const username = parseUsername(field(req, 'username'))
  const password = await hashPassword(parsePassword(field(req, 'password')))
  if (!(await addUser({ username, password }))) {
    throw new Refusal(409, `Somebody else is called ${username}. Choose another name.`)
  }
  await logIn(req, username)
  res.redirect(303, '/account')
})

app.get('/login', (_req, res) => {
  res.send(loginPage())
})

app.post('/login', async (req, res) => {
  const password = field(req, 'password')
  const user = await findUser(field(req, 'username').trim())
  const verified = await verifyPassword(password, user?.password)
  if (!user || !verified) {
    res.status(401).send(loginPage('Wrong username or password.'))
    return
  }
  await logIn(req, user.username)
  res.redirect(303, '/account')
})

app.post('/logout', async (req, res) => {
  await logOut(req, res)
  res.redirect(303, '/')
})

app.get('/account', requireLogin, async (req, res) => {
  // Nobody comes here once step 6 is done.
  res.send(accountPage(currentUser(req) ?? 'nobody', await listSessions(req)))
})

app.post('/logout-everywhere', requireLogin, async (req, res) => {
  await logOutEverywhere(req, res)
  res.redirect(303, '/')
})

serve(app, port(3004))
