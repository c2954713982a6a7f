// What is in a session's file, as JSON.
import type { SessionData } from 'express-session'

export interface Times {
  /** When the session was first stored, and when a request last used it. In milliseconds since 1970, both. */
  createdMs: number
  lastAccessMs: number
}

export interface StoredSession extends Times {
  session: SessionData
}

/** The text of a file. As with every store that writes JSON, a Date becomes a text and a Map becomes `{}`. */
export function formatStored(stored: StoredSession): string {
  return JSON.stringify(stored)
}

/** The session in the text of a file. Undefined for half a file, an empty one, and whatever else is no session. */
export function parseStored(text: string): StoredSession | undefined {
  // TODO(3): look whether it is JSON, and then whether both times and the session with its cookie are in it.
  return withDate(JSON.parse(text))
}

/** When the cookie ends is the one date that a store has to give back as a Date. */
function withDate(stored: StoredSession): StoredSession {
  const { cookie } = stored.session
  if (cookie.expires) cookie.expires = new Date(cookie.expires)
  return stored
}
