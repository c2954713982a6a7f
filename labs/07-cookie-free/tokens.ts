// The sessions without cookies: a token in the JSON leads to a row in the table `sessions`.
import { randomUUID } from 'node:crypto'
import type { Database } from '#kit/database.ts'
import type { Session, SessionInterface } from './session.ts'
import type { Settings } from './settings.ts'

/** Sessions that tokens lead to. They are in the database `db`. */
export function tokenSessions(db: Database, settings: Settings): SessionInterface {
  const { now } = settings

  const sessions: SessionInterface = {
    async begin(data = {}) {
      // TODO(4): delete the sessions that have ended.
      const id = randomUUID()
      await db.run(
        'INSERT INTO sessions (id, data, beganMs, seenMs) VALUES (?, ?, ?, ?)',
        id,
        JSON.stringify(data),
        now(),
        now(),
      )
      return { id, data, generation: 0 }
    },

    async open({ body }) {
      const token = body?.token
      if (typeof token !== 'string') return nobody()
      // TODO(2): find the session by the hash of its token, in the table `tokens`.
      // TODO(3): refuse a token whose time is over, and end its session.
      // TODO(4): refuse a session that has been idle too long, or is too old.
      const row = await db.get<{ id: string; data: string }>(
        'SELECT id, data FROM sessions WHERE id = ?',
        token,
      )
      if (!row) return nobody()
      return { id: row.id, data: JSON.parse(row.data) }
    },

    async save({ id, data }, answer) {
      // TODO(1): nobody hears of it when a session cannot be saved. Refuse that loudly.
      if (id === undefined) return
      await db.run('UPDATE sessions SET data = ?, seenMs = ? WHERE id = ?', JSON.stringify(data), now(), id)
      // TODO(2): make a random token, and store its hash.
      // TODO(3): retire the tokens that came before it.
      answer.token = id
    },

    async renew(session) {
      // TODO(4): begin a new session with the same data, and end this one.
      return session
    },

    async end({ id }) {
      // TODO(4): delete the session, and the tokens that lead to it.
    },
  }
  return sessions
}

/** What a request without a good token gets. No token leads back to it. */
function nobody(): Session {
  return { id: undefined, data: {} }
}
