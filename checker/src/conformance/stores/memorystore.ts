// The package memorystore, as the host of stores opens it.
import { createRequire } from 'node:module'
import session, { type SessionData } from 'express-session'
import type { StoreOptions } from './store-options.ts'

const MemoryStore = createRequire(import.meta.url)('memorystore')(session)

export function openStore({ timeoutSeconds }: StoreOptions) {
  const limitMs = (timeoutSeconds ?? Number.POSITIVE_INFINITY) * 1000
  // Otherwise a session without an end of its own ends after a day.
  const ttl = (_options: unknown, { cookie }: SessionData) => cookie.maxAge ?? limitMs
  return new MemoryStore({ ttl, checkPeriod: 1000 })
}
