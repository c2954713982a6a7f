// Sessions in a signed cookie, as in lab 2: only for comparing the tests with. Given: nothing to do here.
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Session, SessionInterface } from './session.ts'

/** A new key at each start is enough for a comparison: everybody gets a new session then. */
export function cookieSessions(): SessionInterface {
  const key = randomBytes(32)
  const sign = (payload: string) => createHmac('sha256', key).update(payload).digest()

  return {
    async begin(data = {}) {
      return { id: randomUUID(), data }
    },

    async open({ cookie = '' }) {
      const [, payload, signature = ''] = /(?:^|; )session=([\w-]+)\.([\w-]{43})(?:;|$)/.exec(cookie) ?? []
      if (payload !== undefined && timingSafeEqual(Buffer.from(signature, 'base64url'), sign(payload))) {
        return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Session
      }
      // Nobody needs to begin: the next answer sets a cookie, and it leads back here.
      return { id: randomUUID(), data: {} }
    },

    async save(session, answer) {
      const payload = Buffer.from(JSON.stringify(session)).toString('base64url')
      const signature = sign(payload).toString('base64url')
      answer.setCookie = `session=${payload}.${signature}; Path=/; HttpOnly; SameSite=Lax`
    },

    async renew({ data }) {
      return { id: randomUUID(), data }
    },

    async end() {
      // The server keeps nothing, so it cannot forget anything: a copy of the cookie stays good.
    },
  }
}
