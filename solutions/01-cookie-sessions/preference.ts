// What the visitor prefers, remembered when the browser closes: a cookie with an age.
import type { Request, Response } from 'express'
import { COOKIE_ATTRIBUTES, readCookie } from './cookies.ts'

export const FORMATS = ['json', 'csv'] as const
export type Format = (typeof FORMATS)[number]

const FORMAT_COOKIE = 'format'

/** A year. Browsers cut anything over 400 days (RFC 6265bis, section 5.5). */
const REMEMBER_SECONDS = 365 * 24 * 60 * 60

/** The format that the visitor chose; JSON for one who chose none, or whose cookie says something else. */
export function readFormat(req: Request): Format {
  const value = readCookie(req, FORMAT_COOKIE)
  return FORMATS.find((format) => format === value) ?? 'json'
}

/** Asks the browser to remember the choice. */
export function writeFormat(res: Response, format: Format): void {
  // Express counts maxAge in milliseconds; the Max-Age it sends is in seconds.
  res.cookie(FORMAT_COOKIE, format, { ...COOKIE_ATTRIBUTES, maxAge: REMEMBER_SECONDS * 1000 })
}

/** Tells the browser to forget the choice. */
export function forgetFormat(res: Response): void {
  res.clearCookie(FORMAT_COOKIE, COOKIE_ATTRIBUTES)
}
