// Removes keys from a Redis. Which ones comes on standard input, one JSON object on each line: { redisUrl, key }.
import { text } from 'node:stream/consumers'
import { createClient } from 'redis'

const keysByUrl = new Map()
for (const line of (await text(process.stdin)).split('\n').filter(Boolean)) {
  const { redisUrl, key } = JSON.parse(line)
  keysByUrl.set(redisUrl, [...(keysByUrl.get(redisUrl) ?? []), key])
}
for (const [url, keys] of keysByUrl) {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 3_000 } })
  client.on('error', () => {})
  await client.connect()
  await client.unlink(keys)
  client.destroy()
}
