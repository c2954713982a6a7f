// The sessions, by express-session: when they begin, who is logged in, and when they end.
import type { CookieOptions, Express, Request, RequestHandler, Response } from 'express'
import session, { type SessionData } from 'express-session'
import { Refusal } from '#kit/app.ts'
import { sessionSecrets } from '#kit/config.ts'
import { calledBack } from './callbacks.ts'
import { storeLikes, VISITOR_MAX_LIKES } from './likes.ts'
import { currentUser, SESSION_COOKIE, visitorLikes } from './session-data.ts'
import { absoluteMs, idleMs, trustedProxies } from './settings.ts'
import { openStore, sessionRows } from './store.ts'

/** A session in which a user is logged in. */
export interface OpenSession {
  /** In milliseconds since 1970, both. */
  beganMs: number
  lastSeenMs: number
  isThisBrowser: boolean
}

/** The attributes of the cookie `sid`, for every time it is set or cleared. */
export function cookieOptions(req: Request): CookieOptions {
  return { path: '/', httpOnly: true, sameSite: 'lax', maxAge: idleMs, secure: req.secure }
}

/** Gives every request of the app its session, `req.session`. */
export async function useSessions(app: Express): Promise<void> {
  app.set('trust proxy', trustedProxies)
  app.use(
    session({
      store: await openStore(hasEnded),
      name: SESSION_COOKIE,
      secret: sessionSecrets(),
      // A request that changes nothing must not write: it would bring back a session that was ended meanwhile.
      resave: false,
      // No row and no cookie for somebody who did nothing.
      saveUninitialized: false,
      // A new cookie with every answer, so that the browser's clock for it starts again as well.
      rolling: true,
      cookie: cookieOptions,
    }),
  )
  app.use((req, _res, next) => {
    // With a session comes its cookie as it was last saved: for another connection, and with its time run down.
    Object.assign(req.session.cookie, cookieOptions(req))
    next()
  })
}

/** Whether a login has reached the absolute limit (ASVS 5.0, 7.3.2), which no activity moves. */
export function hasEnded({ beganMs }: Partial<SessionData>): boolean {
  return beganMs !== undefined && Date.now() >= beganMs + absoluteMs
}

/**
 * Adds a like to the session of a visitor, which begins now if it is the first.
 * @throws Refusal 400 when there are 50 already
 */
export async function keepLike(req: Request, thing: string): Promise<void> {
  const likes = visitorLikes(req)
  if (likes.length >= VISITOR_MAX_LIKES) {
    throw new Refusal(400, `Without a login you can like ${VISITOR_MAX_LIKES} things. Register to like more.`)
  }
  req.session.likes = [...likes, thing]
  await calledBack((done) => req.session.save(done))
}

/** Logs the user in, in a new session. What the visitor liked so far becomes the user's. */
export async function logIn(req: Request, username: string): Promise<void> {
  const likes = visitorLikes(req)
  // Somebody else may know the old id, or even have put it into this browser (session fixation, CWE-384).
  await calledBack((done) => req.session.regenerate(done))
  req.session.username = username
  req.session.beganMs = Date.now()
  await storeLikes(username, likes)
  // Otherwise it is saved when the redirect is on its way, and the next request can be faster than the store.
  await calledBack((done) => req.session.save(done))
}

/** Ends the session: on the server, and then in the browser, which would keep the cookie. */
export async function logOut(req: Request, res: Response): Promise<void> {
  await calledBack((done) => req.session.destroy(done))
  res.clearCookie(SESSION_COOKIE, cookieOptions(req))
}

/** Lets only users pass who are logged in, and sends all others to the login. */
export const requireLogin: RequestHandler = (req, res, next) => {
  if (currentUser(req) === undefined) res.redirect(303, '/login')
  else next()
}

/** The sessions in which the user of this one is logged in, the newest first. */
export async function listSessions(req: Request): Promise<OpenSession[]> {
  const now = Date.now()
  const rows = await sessionRows.all<{ sid: string; beganMs: number; expired: number }>(
    `SELECT sid, sess ->> '$.beganMs' AS beganMs, expired FROM sessions
     WHERE sess ->> '$.username' = ? AND expired >= ? AND beganMs > ? ORDER BY beganMs DESC`,
    currentUser(req) ?? null,
    now,
    now - absoluteMs,
  )
  return rows.map(({ sid, beganMs, expired }) => ({
    beganMs,
    lastSeenMs: expired - idleMs,
    isThisBrowser: sid === req.sessionID,
  }))
}

/** Logs the user of this session out on all devices, this one included. */
export async function logOutEverywhere(req: Request, res: Response): Promise<void> {
  await sessionRows.run(`DELETE FROM sessions WHERE sess ->> '$.username' = ?`, currentUser(req) ?? null)
  await logOut(req, res)
}
