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
  // TODO(1): keep scripts and other sites away from the cookie.
  // TODO(7): let the browser throw it away at the idle limit.
  // TODO(8): keep it off connections that are not encrypted, if this one is.
  return {}
}

/** Gives every request of the app its session, `req.session`. */
export async function useSessions(app: Express): Promise<void> {
  // TODO(1): set express-session up: the store, the cookie, and nothing stored for somebody who did nothing.
  // TODO(7): renew the time of the session and of its cookie with every request.
  // TODO(8): believe as many proxies as the settings say.
}

/** Whether a login has reached the absolute limit (ASVS 5.0, 7.3.2), which no activity moves. */
export function hasEnded({ beganMs }: Partial<SessionData>): boolean {
  // TODO(7): compare the login's age with the limit.
  return false
}

/**
 * Adds a like to the session of a visitor, which begins now if it is the first.
 * @throws Refusal 400 when there are 50 already
 */
export async function keepLike(req: Request, thing: string): Promise<void> {
  // TODO(1): put the like into the session, and save it.
}

/** Logs the user in, in a new session. What the visitor liked so far becomes the user's. */
export async function logIn(req: Request, username: string): Promise<void> {
  // TODO(4): change the session's id, note who logged in and when, move the likes, save.
}

/** Ends the session: on the server, and then in the browser, which would keep the cookie. */
export async function logOut(req: Request, res: Response): Promise<void> {
  // TODO(5): destroy the session and clear the cookie.
}

/** Lets only users pass who are logged in, and sends all others to the login. */
export const requireLogin: RequestHandler = (req, res, next) => {
  // TODO(6): send everybody else to /login.
  next()
}

/** The sessions in which the user of this one is logged in, the newest first. */
export async function listSessions(req: Request): Promise<OpenSession[]> {
  // TODO(9): find them in the store's table, without those that have ended.
  return []
}

/** Logs the user of this session out on all devices, this one included. */
export async function logOutEverywhere(req: Request, res: Response): Promise<void> {
  // TODO(9): delete the user's sessions from the store's table, and log out here.
}
