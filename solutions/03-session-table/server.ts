// The routes of the likes list. Given: read it, there is nothing to do here.
import { createApp, field, serve } from '#kit/app.ts'
import { port } from '#kit/config.ts'
import { createTables } from './database.ts'
import { listLikes, parseThing, storeLike } from './likes.ts'
import { likesPage, rowsPage } from './pages.ts'
import { countRows } from './rows.ts'
import { clearKey, endSession, findSession, newSession, renewSession, sendKey, sweep } from './sessions.ts'

await createTables()
await sweep()

const app = createApp()

app.get('/', async (req, res) => {
  const session = await findSession(req)
  res.send(likesPage(session ? await listLikes(session.key) : [], session))
})

app.post('/likes', async (req, res) => {
  const thing = parseThing(field(req, 'likes'))
  if (thing !== undefined) {
    const found = await findSession(req)
    // Found is not enough: it can have ended since.
    const key = found && (await renewSession(found.key)) ? found.key : await newSession()
    await storeLike(key, thing)
    sendKey(res, key)
  }
  res.redirect(303, '/')
})

app.post('/forget', async (req, res) => {
  const session = await findSession(req)
  if (session) await endSession(session.key)
  clearKey(res)
  res.redirect(303, '/')
})

app.get('/rows', async (_req, res) => {
  res.send(rowsPage(await countRows()))
})

serve(app, port(3003))
