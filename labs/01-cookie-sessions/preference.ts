// What the visitor prefers, remembered when the browser closes: a cookie with an age.
import type { Request, Response } from 'express'
import { COOKIE_ATTRIBUTES, readCookie } from './cookies.ts'

export const FORMATS = ['json', 'csv'] as const
export type Format = (typeof FORMATS)[number]

const FORMAT_COOKIE = 'format'

/** The format that the visitor chose; JSON for one who chose none, or whose cookie says something else. */
export function readFormat(req: Request): Format {
  // TODO(6): look into the cookie.
  return 'json'
}

/** Asks the browser to remember the choice. */
export function writeFormat(res: Response, format: Format): void {
  // TODO(6): set a cookie that stays for a year.
}

/** Tells the browser to forget the choice. */
export function forgetFormat(res: Response): void {
  // TODO(7): clear the cookie.
}
