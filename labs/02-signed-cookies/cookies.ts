// Finds cookies in a request, as in lab 1. Given: nothing to do here.
import type { Request } from 'express'

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
