// The sessions, by express-session: what all instances have to agree on.
import { randomBytes } from 'node:crypto'
import type { CookieOptions, Express, Request, Response } from 'express'
import session from 'express-session'
import { sessionSecrets } from '#kit/config.ts'
import { calledBack } from './callbacks.ts'
import { sessionSeconds, trustedProxies } from './settings.ts'
import { openStore } from './store.ts'

const SESSION_COOKIE = 'sid'

/** The attributes of the cookie `sid`, for every time it is set or cleared. */
function cookieOptions(req: Request): CookieOptions {
  // TODO(3): let the browser throw the cookie away when the session has ended.
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: req.secure }
}

/** Gives every request of the app its session, `req.session`. */
export async function useSessions(app: Express): Promise<void> {
  app.set('trust proxy', trustedProxies)
  app.use(
    session({
      store: await openStore(),
      name: SESSION_COOKIE,
      // TODO(2): use one secret in all instances.
      secret: randomBytes(32).toString('hex'),
      resave: false,
      saveUninitialized: false,
      // TODO(3): renew the cookie's time with every answer.
      cookie: cookieOptions,
    }),
  )
  app.use((req, _res, next) => {
    // With a session comes its cookie as it was last saved: for another connection, and with its time run down.
    Object.assign(req.session.cookie, cookieOptions(req))
    next()
  })
}

/** Ends the session: in the store, and then in the browser, which would keep the cookie. */
export async function endSession(req: Request, res: Response): Promise<void> {
  await calledBack((done) => req.session.destroy(done))
  res.clearCookie(SESSION_COOKIE, cookieOptions(req))
}
