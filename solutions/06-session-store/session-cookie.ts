// The cookie `sid`: its attributes, and reading and writing it without a browser. Given: nothing to do here.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { CookieOptions } from 'express'
import { sessionSecrets } from '#kit/config.ts'

export const SESSION_COOKIE = 'sid'

/** No `maxAge`: the browser forgets the cookie when it is closed. When the session ends is up to the store. */
export const cookieOptions: CookieOptions = { path: '/', httpOnly: true, sameSite: 'lax' }

/** Signed cookies begin so, in express-session and in Express. */
const SIGNED = 's:'

/** The Cookie header that leads to the session with this id: what a browser would send. */
export function cookieHeaderFor(id: string): string {
  return `${SESSION_COOKIE}=${encodeURIComponent(sign(id, sessionSecrets()[0]))}`
}

/** The id of the session to which a Cookie header leads. Undefined without one that we have signed. */
export function sessionIdIn(cookieHeader: string | undefined): string | undefined {
  const pair = cookieHeader?.split('; ').find((one) => one.startsWith(`${SESSION_COOKIE}=`))
  const given = decode(pair?.slice(SESSION_COOKIE.length + 1) ?? '')
  const id = given.slice(SIGNED.length, given.lastIndexOf('.'))
  return sessionSecrets().some((secret) => isEqual(given, sign(id, secret))) ? id : undefined
}

/** As express-session does it: an HMAC with SHA-256, in base64 without the `=` at the end. */
function sign(id: string, secret: string): string {
  const signature = createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')
  return `${SIGNED}${id}.${signature}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

function isEqual(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)]
  return one.length === other.length && timingSafeEqual(one, other)
}
