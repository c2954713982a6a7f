// Where express-session keeps the sessions.
import { RedisStore } from 'connect-redis'
import type { Store } from 'express-session'
import { createClient } from 'redis'
import { openFileStore } from './file-store.ts'
import { inTime, reportTrouble } from './outage.ts'
import { redisPrefix, redisUrl, sessionSeconds } from './settings.ts'

/** The store, ready for use. */
export async function openStore(): Promise<Store> {
  // TODO(1): keep the sessions in Redis, where every instance finds them.
  // TODO(3): let a key live as long as the session.
  // TODO(4): live on without Redis: start, fail soon, and find it again soon.
  return openFileStore()
}
