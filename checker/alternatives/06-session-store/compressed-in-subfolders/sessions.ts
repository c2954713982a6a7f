// The extension of another submission, with another store.
import type { Express } from 'express'
import session from 'express-session'
import { dataDir, sessionSecrets } from '../../../../labs/kit/config.ts'
import { choice, positiveNumber } from '../../../../solutions/06-session-store/environment.ts'
import { cookieOptions } from '../../../../solutions/06-session-store/session-cookie.ts'
import { FileStore } from './file-store.ts'

export { sessionTransaction } from '../append-only-log/sessions.ts'

let store: FileStore

export function useFileSessions(app: Express): FileStore {
  choice('SESSION_TYPE', ['file'], 'file')
  choice('SESSION_TESTING', ['true', 'false'], 'false')
  const isEnding = choice('SESSION_EXPIRES', ['true', 'false'], 'true') === 'true'
  const limit = positiveNumber('SESSION_TIMEOUT', 1800)
  store = new FileStore({
    folder: process.env.SESSION_DATA_DIR || `${dataDir()}/.sessions`,
    timeoutSeconds: isEnding ? limit : undefined,
  })
  app.use(
    session({
      store,
      secret: sessionSecrets(),
      name: 'sid',
      resave: false,
      saveUninitialized: false,
      cookie: cookieOptions,
    }),
  )
  const sweep = () => store.all((error) => error && console.error(error))
  sweep()
  setInterval(sweep, 60_000).unref()
  return store
}

export function timesOf(id: string) {
  return store.times(id)
}
