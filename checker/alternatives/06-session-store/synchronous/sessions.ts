// The extension: a table of options, each with the values that it can have.
import path from 'node:path'
import type { Express, Request } from 'express'
import session, { type SessionData } from 'express-session'
import { sessionSecrets } from '../../../../labs/kit/config.ts'
import { cookieHeaderFor, sessionIdIn } from '../../../../solutions/06-session-store/session-cookie.ts'
import { FileStore } from './file-store.ts'

const ALLOWED: Record<string, RegExp> = {
  SESSION_TYPE: /^(file)?$/,
  SESSION_EXPIRES: /^(true|false)?$/,
  SESSION_TIMEOUT: /^[1-9]\d*$|^$/,
  SESSION_TESTING: /^(true|false)?$/,
}

let store: FileStore

export function useFileSessions(app: Express): FileStore {
  for (const [name, pattern] of Object.entries(ALLOWED)) {
    if (!pattern.test(process.env[name] ?? ''))
      throw new RangeError(`${name} cannot be ${process.env[name]}.`)
  }
  const { SESSION_EXPIRES, SESSION_TIMEOUT, SESSION_DATA_DIR, DATA_DIR } = process.env
  store = new FileStore({
    folder: SESSION_DATA_DIR ?? path.join(DATA_DIR ?? '.', '.sessions'),
    timeoutSeconds: SESSION_EXPIRES === 'false' ? undefined : Number(SESSION_TIMEOUT || 1800),
  })
  app.use(
    session({
      store,
      secret: sessionSecrets(),
      name: 'sid',
      resave: false,
      saveUninitialized: false,
      cookie: { sameSite: 'lax' },
    }),
  )
  const sweep = () => store.length(() => {})
  sweep()
  setInterval(sweep, 10_000).unref()
  return store
}

export async function timesOf(id: string) {
  return store.times(id)
}

export async function sessionTransaction(
  sessions: FileStore,
  cookieHeader: string | undefined,
  change: (session: session.Session) => unknown,
): Promise<string> {
  if (process.env.SESSION_TESTING !== 'true') throw new Error('Not without SESSION_TESTING=true.')
  const id = sessionIdIn(cookieHeader)
  const req = { sessionID: id, sessionStore: sessions } as unknown as Request
  const found =
    id &&
    (await new Promise<SessionData | null | undefined>((resolve, reject) => {
      sessions.get(id, (error, data) => (error ? reject(error) : resolve(data)))
    }))
  if (found) sessions.createSession(req, found)
  else (sessions as unknown as Express.SessionStore).generate(req)
  await change(req.session)
  await new Promise<void>((resolve, reject) => {
    req.session.save((error) => (error ? reject(error) : resolve()))
  })
  return cookieHeaderFor(req.sessionID)
}
