// The session, which lives in the visitor's browser: two signed cookies, the player's name and the game.
import type { CookieOptions, Request, Response } from 'express'
import { Refusal } from '#kit/app.ts'
import { readCookie } from './cookies.ts'
import { type Game, parseGame } from './game.ts'
import { idleSeconds, nowSeconds, secrets } from './settings.ts'
import { sign, type Verified, verify } from './signed.ts'

/** What the cookies `player` (the name as it is) and `game` (JSON) carry. */
export interface Session {
  player: string
  game: Game
}

const PLAYER_COOKIE = 'player'
const GAME_COOKIE = 'game'

/** `encode: String`, because a signed value has no character that needs percent-encoding. */
const COOKIE_ATTRIBUTES: CookieOptions = { path: '/', httpOnly: true, sameSite: 'lax', encode: String }

/** Name and value together; a browser drops a cookie that is larger (RFC 6265bis, section 5.7). */
const COOKIE_MAX_BYTES = 4096

/** The session that came with the request. Undefined when nobody is logged in; a new game when only that is missing. */
export function readSession(req: Request): Session | undefined {
  const player = readSigned(req, PLAYER_COOKIE)?.text
  if (player === undefined) return undefined
  return { player, game: parseGame(readSigned(req, GAME_COOKIE)?.text) }
}

/**
 * Sends both cookies, signed now, to come back with every request until the browser closes.
 * @throws Refusal 413 when one is larger than a cookie can be; the browser then keeps both as they were
 */
export function writeSession(res: Response, { player, game }: Session): void {
  const now = nowSeconds()
  // The game first: if it is too large, the answer has no cookie yet.
  sendSigned(res, GAME_COOKIE, JSON.stringify(game), now)
  sendSigned(res, PLAYER_COOKIE, player, now)
}

/** Sends each cookie that an older secret signed once more, signed with the newest, and no younger than it was. */
export function resignSession(req: Request, res: Response): void {
  for (const name of [PLAYER_COOKIE, GAME_COOKIE]) {
    const cookie = readSigned(req, name)
    if (cookie?.stale) sendSigned(res, name, cookie.text, cookie.issued)
  }
}

/** Tells the browser to throw both cookies away. */
export function clearSession(res: Response): void {
  res.clearCookie(PLAYER_COOKIE, COOKIE_ATTRIBUTES)
  res.clearCookie(GAME_COOKIE, COOKIE_ATTRIBUTES)
}

function readSigned(req: Request, name: string): Verified | undefined {
  const value = readCookie(req, name)
  return value === undefined ? undefined : verify(name, value, secrets, nowSeconds(), idleSeconds)
}

function sendSigned(res: Response, name: string, text: string, issuedSeconds: number): void {
  const value = sign(name, text, secrets, issuedSeconds)
  if (name.length + value.length > COOKIE_MAX_BYTES) {
    throw new Refusal(
      413,
      `That does not fit: a game can have ${COOKIE_MAX_BYTES} bytes. It is as it was before.`,
    )
  }
  res.cookie(name, value, COOKIE_ATTRIBUTES)
}
