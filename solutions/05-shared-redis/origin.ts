// Keeps other sites from sending our forms with our visitors' cookies (cross-site request forgery, CWE-352).
import type { RequestHandler } from 'express'
import { Refusal } from '#kit/app.ts'

/**
 * Lets a POST pass only if the browser does not say that it comes from another site.
 * A program that is no browser, like curl, says nothing; it has no cookies of other people, either.
 * @throws Refusal 403
 */
export const refuseCrossSite: RequestHandler = (req, _res, next) => {
  const origin = req.get('Origin')
  const elsewhere =
    req.get('Sec-Fetch-Site') === 'cross-site' ||
    (origin !== undefined && hostOf(origin) !== req.host?.toLowerCase())
  if (req.method === 'POST' && elsewhere) throw new Refusal(403, 'That form came from another site.')
  next()
}

/** "http://localhost:3004" has the host "localhost:3004". "null", which browsers send as well, has none. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}
