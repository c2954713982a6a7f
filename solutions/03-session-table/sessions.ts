// The sessions, which live in the server's database. The browser keeps a key to its own, and nothing else.
import { randomUUID } from 'node:crypto'
import type { CookieOptions, Request, Response } from 'express'
import { readCookie } from './cookies.ts'
import { db } from './database.ts'
import { deleteLikes } from './likes.ts'
import { nowSeconds, sessionSeconds } from './settings.ts'

/** A row of the table `sessions`. */
export interface Session {
  /** A UUID of version 4, of which 122 bits are random (RFC 9562, section 5.4). */
  key: string
  /** The last second in which the key is good, in whole seconds since 1970. */
  expires: number
}

const SESSION_COOKIE = 'session'

const COOKIE_ATTRIBUTES: CookieOptions = { path: '/', httpOnly: true, sameSite: 'lax' }

/** Begins a session: stores it under a key that nobody can guess. Also sweeps. Returns the key. */
export async function newSession(): Promise<string> {
  await sweep()
  const key = randomUUID()
  await db.run('INSERT INTO sessions (key, expires) VALUES (?, ?)', key, nowSeconds() + sessionSeconds)
  return key
}

/** Sends the key in the cookie `session`, to come back with every request for SESSION_SECONDS. */
export function sendKey(res: Response, key: string): void {
  // Express counts maxAge in milliseconds; the Max-Age it sends is in seconds.
  res.cookie(SESSION_COOKIE, key, { ...COOKIE_ATTRIBUTES, maxAge: sessionSeconds * 1000 })
}

/** The session whose key came with the request. Undefined when there is none with that key, or it has ended. */
export async function findSession(req: Request): Promise<Session | undefined> {
  const key = readCookie(req, SESSION_COOKIE)
  if (key === undefined) return undefined
  return db.get<Session>(
    'SELECT key, expires FROM sessions WHERE key = ? AND expires >= ?',
    key,
    nowSeconds(),
  )
}

/** Lets the session go on for SESSION_SECONDS from now. False when it is not there any more. */
export async function renewSession(key: string): Promise<boolean> {
  const expires = nowSeconds() + sessionSeconds
  const { changes } = await db.run('UPDATE sessions SET expires = ? WHERE key = ?', expires, key)
  return changes === 1
}

/** Deletes every session that has ended, and its likes. */
export async function sweep(): Promise<void> {
  await db.run('DELETE FROM sessions WHERE expires < ?', nowSeconds())
  // Not only the likes of those just deleted: a server that was killed between two statements leaves some behind.
  await db.run('DELETE FROM likes WHERE key NOT IN (SELECT key FROM sessions)')
}

/** Ends the session on the server: deletes its row and its likes. */
export async function endSession(key: string): Promise<void> {
  // The session first: from then on the key opens nothing, whatever happens to the likes.
  await db.run('DELETE FROM sessions WHERE key = ?', key)
  await deleteLikes(key)
}

/** Tells the browser to throw the key away. */
export function clearKey(res: Response): void {
  res.clearCookie(SESSION_COOKIE, COOKIE_ATTRIBUTES)
}
