// Keeps other sites from sending our forms with our visitors' cookies (cross-site request forgery, CWE-352).
import type { RequestHandler } from 'express'
import { Refusal } from '#kit/app.ts'

/**
 * Lets a POST pass only if the browser does not say that it comes from another site.
 * A program that is no browser, like curl, says nothing; it has no cookies of other people, either.
 * @throws Refusal 403
 */
export const refuseCrossSite: RequestHandler = (req, _res, next) => {
  // TODO(8): refuse a POST whose Sec-Fetch-Site or Origin says so.
  next()
}
