// The tokens of a session are a list in its row: the hashes of the newest ones, and of those that are still in their grace.
import { createHash, randomBytes } from 'node:crypto'
import { createApp } from '../../../../labs/kit/app.ts'
import { addAdminRoutes } from '../../../../solutions/07-cookie-free/admin.ts'
import { closeApi, createApi } from '../../../../solutions/07-cookie-free/api.ts'
import { cookieSessions } from '../../../../solutions/07-cookie-free/cookie-sessions.ts'
import { openTables } from '../../../../solutions/07-cookie-free/database.ts'
import { addExamples, addReflectionRoutes } from '../../../../solutions/07-cookie-free/reflections.ts'
import { addReplyRoute } from '../../../../solutions/07-cookie-free/replies.ts'
import type { Session, SessionData, SessionInterface } from '../../../../solutions/07-cookie-free/session.ts'
import { defaultSettings, type Settings } from '../../../../solutions/07-cookie-free/settings.ts'
import { addVoteRoute } from '../../../../solutions/07-cookie-free/votes.ts'

type Db = Awaited<ReturnType<typeof openTables>>

interface Token {
  hash: string
  generation: number
  /** When a later one was used for the first time. */
  replacedMs?: number
}

interface Stored {
  data: SessionData
  tokens: Token[]
}

interface Row {
  id: string
  content: string
}

const hashOf = (text: string) => createHash('sha512').update(text).digest('base64')

/** A token is the session's id and a secret. Old hashes stay, so that who sends one long after is known as a thief. */
async function rowSessions(db: Db, settings: Settings): Promise<SessionInterface> {
  await db.run('CREATE TABLE IF NOT EXISTS guests (id TEXT PRIMARY KEY, content TEXT, began REAL, seen REAL)')
  const nowSeconds = () => settings.now() / 1000
  const remove = async (id: string | undefined) => {
    await db.run('DELETE FROM guests WHERE id = ?', id ?? '')
  }

  const sessions: SessionInterface = {
    async begin(data = {}) {
      await db.run(
        'DELETE FROM guests WHERE seen + ? <= ? OR began + ? <= ?',
        settings.idleSeconds,
        nowSeconds(),
        settings.absoluteSeconds,
        nowSeconds(),
      )
      const id = randomBytes(12).toString('base64url')
      const content: Stored = { data, tokens: [] }
      await db.run(
        'INSERT INTO guests VALUES (?, ?, ?, ?)',
        id,
        JSON.stringify(content),
        nowSeconds(),
        nowSeconds(),
      )
      return { id, data, generation: 0 }
    },

    async open({ body }) {
      const nobody: Session = { id: undefined, data: {} }
      const token = typeof body?.token === 'string' ? body.token : ''
      const [, id, secret] = /^([\w-]{16})([\w-]{27})$/.exec(token) ?? []
      if (id === undefined || secret === undefined) return nobody
      const row = await db.get<Row>(
        'SELECT id, content FROM guests WHERE id = ? AND seen + ? > ? AND began + ? > ?',
        id,
        settings.idleSeconds,
        nowSeconds(),
        settings.absoluteSeconds,
        nowSeconds(),
      )
      if (!row) return nobody
      const { data, tokens }: Stored = JSON.parse(row.content)
      const found = tokens.find(({ hash }) => hash === hashOf(secret))
      if (!found) return nobody
      const { generation, replacedMs } = found
      if (replacedMs !== undefined && settings.now() - replacedMs >= settings.graceSeconds * 1000) {
        await remove(id)
        return nobody
      }
      return { id, data, generation }
    },

    async save({ id, data, generation = 0 }, answer) {
      const row = await db.get<Row>('SELECT id, content FROM guests WHERE id = ?', id ?? '')
      if (!row || id === undefined) throw new Error('No such guest. Was the session opened without a token?')
      const { tokens }: Stored = JSON.parse(row.content)
      for (const token of tokens) {
        if (token.generation <= generation) token.replacedMs ??= settings.now()
      }
      const secret = randomBytes(20).toString('base64url')
      tokens.push({ hash: hashOf(secret), generation: generation + 1 })
      const content = JSON.stringify({ data, tokens })
      await db.run('UPDATE guests SET content = ?, seen = ? WHERE id = ?', content, nowSeconds(), id)
      answer.token = `${id}${secret}`
    },

    async renew({ id, data }) {
      const renewed = await sessions.begin(data)
      await remove(id)
      return renewed
    },

    end: ({ id }) => remove(id),
  }
  return sessions
}

export async function openApp(given: Partial<Settings> = {}) {
  const settings = { ...defaultSettings, ...given }
  const db = await openTables(settings.database)
  const sessions = settings.sessionInterface === 'cookie' ? cookieSessions() : await rowSessions(db, settings)
  const site = { db, settings }
  if (settings.withExamples) await addExamples(site)

  const api = createApi(sessions)
  api.post(
    '/start',
    async () => ({}),
    () => sessions.begin(),
  )
  api.post('/end', async (call) => {
    call.ended = true
    await sessions.end(call.session)
    return {}
  })
  addReflectionRoutes(api, site)
  addReplyRoute(api, site)
  addVoteRoute(api, site)
  addAdminRoutes(api, site, sessions)
  closeApi(api)

  const handler = createApp()
  handler.use('/api', api.router)
  handler.get('/', (_req, res) => {
    res.type('html').send('<!doctype html><title>Reflections</title><p>Use curl.')
  })
  return { handler, sessions, settings, close: () => db.close() }
}
