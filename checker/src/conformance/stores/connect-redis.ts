// The package connect-redis, as the host of stores opens it. Each store has a prefix of its own in REDIS_URL.
import { createHash } from 'node:crypto'
import { RedisStore } from 'connect-redis'
import { createClient } from 'redis'
import type { StoreOptions } from './store-options.ts'

/** A hundred years. Without `ttl` it is a day, and with `disableTTL` no cookie would end. */
const FOREVER_SECONDS = 3_153_600_000

export async function openStore({ folder, timeoutSeconds }: StoreOptions) {
  const client = createClient({ url: process.env.REDIS_URL, disableOfflineQueue: true })
  client.on('error', () => {})
  await client.connect()
  const place = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  return new RedisStore({
    client,
    prefix: `${process.env.REDIS_PREFIX}${place}:`,
    ttl: timeoutSeconds ?? FOREVER_SECONDS,
  })
}

/** Leaves half of the JSON of a session. */
export async function damage({ client, prefix }: RedisStore, id: string) {
  const text = String(await client.get(prefix + id))
  await client.set(prefix + id, text.slice(0, text.length / 2))
}

export function breakDown({ client }: RedisStore) {
  client.destroy()
}
