// How this app sends and finds cookies.
import type { CookieOptions, Request } from 'express'

/** What every cookie of this app carries. */
export const COOKIE_ATTRIBUTES: CookieOptions = {
  // TODO(1): keep scripts and other sites away from our cookies.
}

/**
 * The value of the first cookie called `name` that the browser sent, decoded.
 * Undefined when there is none, or when its percent-encoding is broken.
 */
export function readCookie(req: Request, name: string): string | undefined {
  // TODO(2): find the cookie in the Cookie header and decode its value.
  // TODO(4): a value that cannot be decoded is no value.
  return undefined
}
