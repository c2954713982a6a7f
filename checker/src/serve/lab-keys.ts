// The keys of a lab with several instances: what breaks and mends its parts, and shows what Redis holds.

import { shorten } from '../check/shorten.ts'
import type { RunRedis } from '../redis/open-redis.ts'
import { printable } from '../render/words.ts'
import type { Instance } from './instance.ts'
import type { Key } from './keyboard.ts'

/** Kills an instance or starts it again. */
export function instanceKey(name: string, instance: Instance): Key {
  return {
    letter: name.toLowerCase(),
    does: `kill instance ${name}, or start it again`,
    press: async () => {
      if (instance.runs) {
        await instance.kill()
        return [
          `Instance ${name} is dead. The balancer asks the others. Press ${name.toLowerCase()} to start it again.`,
        ]
      }
      instance.start()
      return [`Instance ${name} starts.`]
    },
  }
}

/** Stops Redis or starts it, and shows its keys. */
export function redisKeys(redis: RunRedis): Key[] {
  let runs = true
  return [
    {
      letter: 'r',
      does: 'stop Redis, or start it again',
      press: async () => {
        await (runs ? redis.stop() : redis.start())
        runs = !runs
        return [
          runs
            ? 'Redis is there again, with what it held.'
            : 'Redis is away: nobody gets a connection. Press r to start it again.',
        ]
      },
    },
    {
      letter: 'k',
      does: 'show the keys in Redis',
      press: async () => {
        if (!runs) return ['Redis is away. Press r to start it again.']
        const keys = await redis.keys()
        if (keys.length === 0) return ['Redis holds nothing.']
        return keys.map(({ name, ttlSeconds, value }) => {
          const left = ttlSeconds === null ? 'never ends' : `ends in ${ttlSeconds} s`
          return printable(`${name}  ${left}  ${shorten(value, 250)}`)
        })
      },
    },
  ]
}
