// The extension: gives an app its sessions, as the environment says, and opens them for tests.
import path from 'node:path'
import type { Express, Request } from 'express'
import session, { type Session, type SessionData } from 'express-session'
import { dataDir, sessionSecrets } from '#kit/config.ts'
import { answered } from './callbacks.ts'
import { choice, positiveNumber } from './environment.ts'
import { FileStore } from './file-store.ts'
import { cookieHeaderFor, cookieOptions, SESSION_COOKIE, sessionIdIn } from './session-cookie.ts'

/** The sessions of an app: the store, and `generate(req)`, which express-session adds to it. */
export type Sessions = FileStore & Express.SessionStore

export interface SessionSettings {
  folder: string
  /** Undefined: a session that nobody uses does not end. */
  timeoutSeconds: number | undefined
  /** Whether `sessionTransaction` may be used. */
  isTesting: boolean
}

const SWEEP_EVERY_MS = 60_000

/**
 * What the environment says: SESSION_TYPE, SESSION_EXPIRES, SESSION_TIMEOUT, SESSION_DATA_DIR, SESSION_TESTING.
 * @throws Error with a sentence when one of them cannot be right
 */
export function sessionSettings(): SessionSettings {
  // TODO(6): ask the environment, with these as defaults.
  return { folder: path.join(dataDir(), '.sessions'), timeoutSeconds: 30 * 60, isTesting: false }
}

/** Gives every request of the app its session, `req.session`. */
export function useFileSessions(app: Express): Sessions {
  const store = new FileStore(sessionSettings())
  app.use(
    session({
      store,
      name: SESSION_COOKIE,
      secret: sessionSecrets(),
      resave: false,
      saveUninitialized: false,
      cookie: cookieOptions,
    }),
  )
  sweep(store)
  setInterval(sweep, SWEEP_EVERY_MS, store).unref()
  return store as Sessions
}

/** Whoever counts the sessions reads them all, and reading removes what has ended. */
function sweep(store: FileStore): void {
  store.length((error) => error && console.error(error))
}

/**
 * For tests: opens the session to which a Cookie header leads, lets you look at it and change it, and saves it.
 * Without a header, or when it leads to no session, that is a new one.
 * @param sessions what `useFileSessions` gave you
 * @returns the Cookie header that leads to the session
 * @throws Error when SESSION_TESTING is not true
 */
export async function sessionTransaction(
  sessions: Sessions,
  cookieHeader: string | undefined,
  change: (session: Session & Partial<SessionData>) => void | Promise<void>,
): Promise<string> {
  // TODO(6): refuse to work unless the app is being tested.
  const id = sessionIdIn(cookieHeader) ?? ''
  // All that a session needs of a request.
  const req = { sessionID: id, sessionStore: sessions } as unknown as Request
  // TODO(6): get the session or generate one, change it, save it.
  return cookieHeaderFor(req.sessionID)
}
