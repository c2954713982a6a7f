// Where express-session keeps the sessions: in Redis, which all instances share.
import { RedisStore } from 'connect-redis'
import type { Store } from 'express-session'
import { createClient, type SetOptions } from 'redis'
import { inTime, reportTrouble } from './outage.ts'
import { redisPrefix, redisUrl, sessionSeconds } from './settings.ts'

const client = createClient({
  url: redisUrl,
  // Without a connection, a command fails at once. By default it waits until there is one again.
  disableOfflineQueue: true,
  // Two signs of life a second. Without them, TCP believes in a silent connection for a quarter of an hour.
  pingInterval: 500,
  socket: { connectTimeout: 1000, socketTimeout: 1000, reconnectStrategy: 500 }, // In milliseconds.
})

/** Leaves a connection on which no answer came, and makes another. Of many late commands, the first one does it. */
function reconnect(): void {
  if (!client.isReady) return
  client.destroy()
  client.connect().catch(reportTrouble)
}

/** The four commands that the store needs. Each ends within a moment, whatever Redis does. */
const commands = {
  get: (key: string) => inTime(client.get(key), reconnect),
  set: (key: string, value: string, options: SetOptions) =>
    inTime(client.set(key, value, options), reconnect),
  expire: (key: string, ttlSeconds: number) => inTime(client.expire(key, ttlSeconds), reconnect),
  del: (keys: string[]) => inTime(client.del(keys), reconnect),
}

/** The store, at once: Redis may still be away, and comes when it comes. */
export async function openStore(): Promise<Store> {
  // An 'error' that nobody listens to would end the process.
  client.on('error', reportTrouble)
  client.connect().catch(reportTrouble)
  return new RedisStore({ client: commands, prefix: redisPrefix, ttl: sessionSeconds })
}
