// The extension, for Express and for Node's own server alike: the middleware needs no more than a request and a reply.
import type { Express, Request } from 'express'
import session, { type SessionData } from 'express-session'
import { cookieHeaderFor, sessionIdIn } from '../../../../solutions/06-session-store/session-cookie.ts'
import { FileStore } from './file-store.ts'

const { env } = process
const isTesting = env.SESSION_TESTING === 'true'

export type Sessions = FileStore & { generate(req: unknown): void }

export function fileSessions() {
  const [type, expires] = [env.SESSION_TYPE || 'file', env.SESSION_EXPIRES || 'true']
  if (type !== 'file') throw new TypeError(`There is no store "${type}" for SESSION_TYPE.`)
  if (expires !== 'true' && expires !== 'false')
    throw new TypeError('SESSION_EXPIRES is neither true nor false.')
  if (!['', 'true', 'false'].includes(env.SESSION_TESTING ?? ''))
    throw new TypeError('SESSION_TESTING is neither true nor false.')
  const seconds = parseInt(env.SESSION_TIMEOUT || '1800', 10)
  if (!/^[1-9]\d*$/.test(env.SESSION_TIMEOUT || '1800'))
    throw new RangeError('SESSION_TIMEOUT should be a number of seconds.')
  const store = new FileStore({
    folder: env.SESSION_DATA_DIR || `${env.DATA_DIR}/.sessions`,
    timeoutSeconds: expires === 'true' ? seconds : undefined,
  })
  const secret = env.SESSION_SECRET ?? 'development'
  const cookie = { httpOnly: true, sameSite: 'lax', path: '/' } as const
  const middleware = session({ store, secret, name: 'sid', resave: false, saveUninitialized: false, cookie })
  store.all(() => {})
  setInterval(() => store.all(() => {}), 20_000).unref()
  return { store: store as unknown as Sessions, middleware }
}

export function useFileSessions(app: Express): Sessions {
  const { store, middleware } = fileSessions()
  app.use(middleware)
  return store
}

export function sessionTransaction(
  sessions: Sessions,
  cookieHeader: string | undefined,
  change: (session: session.Session) => void | Promise<void>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!isTesting) throw new Error('This is for tests. They set SESSION_TESTING to true.')
    const req = { sessionID: sessionIdIn(cookieHeader), sessionStore: sessions } as unknown as Request
    const opened = (error?: Error | null, data?: SessionData | null) => {
      if (error) return reject(error)
      if (data) sessions.createSession(req, data)
      else sessions.generate(req)
      Promise.resolve(change(req.session)).then(() => {
        req.session.save((trouble) => (trouble ? reject(trouble) : resolve(cookieHeaderFor(req.sessionID))))
      }, reject)
    }
    if (req.sessionID) sessions.get(req.sessionID, opened)
    else opened()
  })
}
