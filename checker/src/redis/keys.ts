// What Redis holds under given names. It asks for these only, and never for a list: the Redis may be somebody's own.
import { createClient } from 'redis'

/** Longer values are cut: they are for people, and for checks that look for a word. */
const VALUE_MAX_CHARACTERS = 10_000

export interface StoredKey {
  name: string
  /** Of Redis: string, hash, list, set, zset, … */
  type: string
  /** Seconds until Redis removes it; null when it never does. */
  ttlSeconds: number | null
  /** A string as it is, any other type as JSON; at most 10,000 characters. */
  value: string
}

/** The keys of these names that are there, in this order. @throws Error when Redis cannot be reached */
export async function readKeys(url: string, names: string[]): Promise<StoredKey[]> {
  const client = createClient({ url, RESP: 2, socket: { reconnectStrategy: false, connectTimeout: 5_000 } })
  client.on('error', () => {})
  await client.connect()
  try {
    // Asked all at once: an app can have written thousands, and each question is a way there and back.
    const found = await Promise.all(names.map(read))
    return found.filter((key) => key !== undefined)
  } finally {
    client.destroy()
  }

  async function read(name: string): Promise<StoredKey | undefined> {
    const type = await client.type(name)
    if (type === 'none') return undefined
    const ttlSeconds = await client.ttl(name)
    const value = await contentOf(name, type)
    // It may have ended between two questions.
    if (ttlSeconds === -2 || value === null) return undefined
    return {
      name,
      type,
      ttlSeconds: ttlSeconds === -1 ? null : ttlSeconds,
      value: (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, VALUE_MAX_CHARACTERS),
    }
  }

  async function contentOf(name: string, type: string): Promise<unknown> {
    if (type === 'string') return client.get(name)
    if (type === 'hash') return client.hGetAll(name)
    if (type === 'list') return client.lRange(name, 0, -1)
    if (type === 'set') return client.sMembers(name)
    if (type === 'zset') return client.zRange(name, 0, -1)
    return `(${type})`
  }
}
