// The session, which lives in the visitor's browser: two signed cookies, the player's name and the game.
import type { Request, Response } from 'express'
import type { Game } from './game.ts'

/** What the cookies `player` (the name as it is) and `game` (JSON) carry. */
export interface Session {
  player: string
  game: Game
}

/** The session that came with the request. Undefined when nobody is logged in; a new game when only that is missing. */
export function readSession(req: Request): Session | undefined {
  // TODO(3): read both cookies back.
  return undefined
}

/**
 * Sends both cookies, signed now, to come back with every request until the browser closes.
 * @throws Refusal 413 when one is larger than a cookie can be; the browser then keeps both as they were
 */
export function writeSession(res: Response, { player, game }: Session): void {
  // TODO(3): put both cookies on the answer, with their attributes.
  // TODO(8): refuse what a browser would drop (RFC 6265bis, section 5.7).
}

/** Sends each cookie that an older secret signed once more, signed with the newest, and no younger than it was. */
export function resignSession(req: Request, res: Response): void {
  // TODO(7): sign again what an older secret signed.
}

/** Tells the browser to throw both cookies away. */
export function clearSession(res: Response): void {
  // TODO(9): log out.
}
