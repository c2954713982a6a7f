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

/** Begins a session: stores it under a key that nobody can guess. Also sweeps. Returns the key. */
export async function newSession(): Promise<string> {
  // TODO(2): store a row with a new key.
  // TODO(7): sweep first.
  return ''
}

/** Sends the key in the cookie `session`, to come back with every request for SESSION_SECONDS. */
export function sendKey(res: Response, key: string): void {
  // TODO(2): set the cookie, out of reach of scripts and other sites.
}

/** The session whose key came with the request. Undefined when there is none with that key, or it has ended. */
export async function findSession(req: Request): Promise<Session | undefined> {
  // TODO(3): look the key up in the table.
  // TODO(6): a session that has ended is no session.
  return undefined
}

/** Lets the session go on for SESSION_SECONDS from now. False when it is not there any more. */
export async function renewSession(key: string): Promise<boolean> {
  // TODO(6): move the end of the session.
  return true
}

/** Deletes every session that has ended, and its likes. */
export async function sweep(): Promise<void> {
  // TODO(7): delete the sessions that have ended, then the likes that belong to no session.
}

/** Ends the session on the server: deletes its row and its likes. */
export async function endSession(key: string): Promise<void> {
  // TODO(8): delete this session, and what belongs to it.
}

/** Tells the browser to throw the key away. */
export function clearKey(res: Response): void {
  // TODO(8): clear the cookie.
}
