// The sessions without cookies: a token in the JSON leads to a row in the table `sessions`.
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Database } from '#kit/database.ts'
import type { Session, SessionInterface } from './session.ts'
import type { Settings } from './settings.ts'

/** 256 bits. OWASP ASVS 5.0, 7.2.3, asks for 128. */
const TOKEN_BYTES = 32

/** What `open` finds: a session, and the token that led to it. */
interface Row {
  id: string
  data: string
  generation: number
  retiredMs: number | null
}

/** Sessions that tokens lead to. They are in the database `db`. */
export function tokenSessions(db: Database, settings: Settings): SessionInterface {
  const { now } = settings
  const graceMs = settings.graceSeconds * 1000
  const idleMs = settings.idleSeconds * 1000
  const absoluteMs = settings.absoluteSeconds * 1000

  const sessions: SessionInterface = {
    async begin(data = {}) {
      await sweep()
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
      const row = await find(body?.token)
      if (!row) return nobody()
      const session = { id: row.id, data: JSON.parse(row.data), generation: row.generation }
      if (row.retiredMs !== null && now() >= row.retiredMs + graceMs) {
        // Somebody has the next token already. One of the two has stolen theirs, and nobody knows which.
        await sessions.end(session)
        return nobody()
      }
      return session
    },

    async save({ id, data, generation = 0 }, answer) {
      if (id === undefined) {
        throw new Error(
          'This session cannot be saved: it was opened without a token, so nothing leads back to it.',
        )
      }
      await db.run('UPDATE sessions SET data = ?, seenMs = ? WHERE id = ?', JSON.stringify(data), now(), id)
      const token = randomBytes(TOKEN_BYTES).toString('base64url')
      await db.run(
        'INSERT INTO tokens (hash, session, generation) VALUES (?, ?, ?)',
        hashOf(token),
        id,
        generation + 1,
      )
      // Not those of the same generation as the new one: parallel requests got them, and any may be the last to arrive.
      await db.run(
        'UPDATE tokens SET retiredMs = ? WHERE session = ? AND generation <= ? AND retiredMs IS NULL',
        now(),
        id,
        generation,
      )
      answer.token = token
    },

    async renew(session) {
      const renewed = await sessions.begin(session.data)
      await sessions.end(session)
      return renewed
    },

    async end({ id }) {
      await db.run('DELETE FROM sessions WHERE id = ?', id ?? null)
      await sweep()
    },
  }

  /** The session that has not ended, and the token, good or retired, that leads to it. */
  async function find(token: unknown): Promise<Row | undefined> {
    if (typeof token !== 'string') return undefined
    return db.get<Row>(
      `SELECT sessions.id, data, generation, retiredMs FROM tokens JOIN sessions ON sessions.id = session
       WHERE hash = ? AND seenMs > ? AND beganMs > ?`,
      hashOf(token),
      now() - idleMs,
      now() - absoluteMs,
    )
  }

  /** Deletes the sessions that have ended, and the tokens that lead nowhere. */
  async function sweep(): Promise<void> {
    await db.run('DELETE FROM sessions WHERE seenMs <= ? OR beganMs <= ?', now() - idleMs, now() - absoluteMs)
    await db.run('DELETE FROM tokens WHERE session NOT IN (SELECT id FROM sessions)')
  }

  return sessions
}

/** What a request without a good token gets. No token leads back to it. */
function nobody(): Session {
  return { id: undefined, data: {} }
}

/** A stolen copy of the table opens nothing. A fast hash will do: nobody can guess 256 random bits. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
