// Tokens are uuids of version 4. Each knows which one came before it; the session knows none of them.
import { createHash, randomUUID } from 'node:crypto'
import { createApp, serve } from '../../../../labs/kit/app.ts'
import { port } from '../../../../labs/kit/config.ts'
import { openDatabase } from '../../../../labs/kit/database.ts'
import { addAdminRoutes } from '../../../../solutions/07-cookie-free/admin.ts'
import { closeApi, createApi } from '../../../../solutions/07-cookie-free/api.ts'
import { openTables } from '../../../../solutions/07-cookie-free/database.ts'
import { addExamples, addReflectionRoutes } from '../../../../solutions/07-cookie-free/reflections.ts'
import { addReplyRoute } from '../../../../solutions/07-cookie-free/replies.ts'
import type { Session, SessionInterface } from '../../../../solutions/07-cookie-free/session.ts'
import { settingsFromEnvironment } from '../../../../solutions/07-cookie-free/settings.ts'
import { addVoteRoute } from '../../../../solutions/07-cookie-free/votes.ts'

interface Link {
  /** SHA-1 would do, too: nobody can guess 122 random bits. */
  hash: string
  chain: string
  /** How many tokens the chain had before this one was given out. */
  depth: number
  givenMs: number
}

interface Chain {
  id: string
  data: string
  beganMs: number
  usedMs: number
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const settings = settingsFromEnvironment()
const site = { db: await openTables(settings.database), settings }
const store = await openDatabase('chains.sqlite')
await store.run(
  'CREATE TABLE IF NOT EXISTS chains (id TEXT PRIMARY KEY, data TEXT, beganMs INTEGER, usedMs INTEGER)',
)
await store.run(
  'CREATE TABLE IF NOT EXISTS links (hash TEXT PRIMARY KEY, chain TEXT, depth INTEGER, givenMs INTEGER)',
)

const hashOf = (token: string) => createHash('sha384').update(token).digest('hex')
const hasEnded = ({ beganMs, usedMs }: Chain) =>
  usedMs <= settings.now() - settings.idleSeconds * 1000 ||
  beganMs <= settings.now() - settings.absoluteSeconds * 1000

async function cut(id: string | undefined): Promise<void> {
  await store.run('DELETE FROM chains WHERE id = ?', id ?? '')
  await store.run('DELETE FROM links WHERE chain = ?', id ?? '')
}

const sessions: SessionInterface = {
  async begin(data = {}) {
    for (const chain of await store.all<Chain>('SELECT * FROM chains'))
      if (hasEnded(chain)) await cut(chain.id)
    const id = randomUUID()
    await store.run(
      'INSERT INTO chains VALUES (?, ?, ?, ?)',
      id,
      JSON.stringify(data),
      settings.now(),
      settings.now(),
    )
    return { id, data, generation: 0 }
  },

  async open({ body }) {
    const nobody: Session = { id: undefined, data: {} }
    const token = body?.token
    if (typeof token !== 'string' || !UUID.test(token)) return nobody
    const link = await store.get<Link>('SELECT * FROM links WHERE hash = ?', hashOf(token))
    const chain = link && (await store.get<Chain>('SELECT * FROM chains WHERE id = ?', link.chain))
    if (!link || !chain || hasEnded(chain)) return nobody
    // It was replaced when the first token that is deeper was given out.
    const next = await store.get<{ givenMs: number | null }>(
      'SELECT MIN(givenMs) AS givenMs FROM links WHERE chain = ? AND depth > ?',
      link.chain,
      link.depth,
    )
    const replacedMs = next?.givenMs ?? Infinity
    if (settings.now() < replacedMs + settings.graceSeconds * 1000) {
      return { id: chain.id, data: JSON.parse(chain.data), generation: link.depth }
    }
    await cut(chain.id)
    return nobody
  },

  async save({ id, data, generation = 0 }, answer) {
    if (id === undefined) throw new Error('There is no chain to add a link to.')
    answer.token = randomUUID()
    await store.run(
      'INSERT INTO links VALUES (?, ?, ?, ?)',
      hashOf(answer.token),
      id,
      generation + 1,
      settings.now(),
    )
    await store.run(
      'UPDATE chains SET data = ?, usedMs = ? WHERE id = ?',
      JSON.stringify(data),
      settings.now(),
      id,
    )
  },

  async renew({ id, data }) {
    await cut(id)
    return sessions.begin(data)
  },

  end: ({ id }) => cut(id),
}

await addExamples(site)
const api = createApi(sessions)
api.post(
  '/start',
  async () => ({}),
  () => sessions.begin(),
)
api.post('/end', async (call) => {
  call.ended = true
  await cut(call.session.id)
  return {}
})
addReflectionRoutes(api, site)
addReplyRoute(api, site)
addVoteRoute(api, site)
addAdminRoutes(api, site, sessions)
closeApi(api)

const app = createApp()
app.use('/api', api.router)
app.get('/', (_req, res) => {
  res.sendFile('page.html', {
    root: new URL('../../../../solutions/07-cookie-free', import.meta.url).pathname,
  })
})
serve(app, port(3007))
