// How this app sends and finds cookies.
import type { CookieOptions, Request } from 'express'

/** What every cookie of this app carries. */
export const COOKIE_ATTRIBUTES: CookieOptions = { path: '/', httpOnly: true, sameSite: 'lax' }

/**
 * The value of the first cookie called `name` that the browser sent, decoded.
 * Undefined when there is none, or when its percent-encoding is broken.
 */
export function readCookie(req: Request, name: string): string | undefined {
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=')
    if (equals === -1 || pair.slice(0, equals).trim() !== name) continue
    try {
      return decodeURIComponent(pair.slice(equals + 1).trim())
    } catch {
      return undefined
    }
  }
  return undefined
}
