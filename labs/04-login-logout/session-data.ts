// What a session of this app carries, and the name of its cookie. Given: nothing to do here.
import type { Request } from 'express'

// Declaration merging: these become properties of `req.session`, each of them optional.
declare module 'express-session' {
  interface SessionData {
    /** What the visitor likes, until somebody logs in. */
    likes: string[]
    /** Who is logged in. */
    username: string
    /** When that login began, in milliseconds since 1970. */
    beganMs: number
  }
}

export const SESSION_COOKIE = 'sid'

/** The name of the user who is logged in. Undefined for a visitor. */
export function currentUser(req: Request): string | undefined {
  return req.session?.username // There is no session before step 1.
}

/** What a visitor who is not logged in likes. */
export function visitorLikes(req: Request): string[] {
  return req.session?.likes ?? []
}
