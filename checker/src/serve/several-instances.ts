// A lab with several instances: a balancer in front of them, Redis behind them, and keys that break each of these.
import { redisEnvironment } from '../app/environment.ts'
import { openRun } from '../app/run-folder.ts'
import { behindBalancer, instancesOf } from '../lab/instances.ts'
import { entryOf, type Lab } from '../lab/lab.ts'
import type { RunRedis } from '../redis/open-redis.ts'
import { startBalancer } from './balancer.ts'
import { choosePort, nextFreePort } from './choose-port.ts'
import { Instance } from './instance.ts'
import { instanceKey, redisKeys } from './lab-keys.ts'
import { dataFolder, ownEnvironment, type Served } from './place.ts'

/** @throws UsageError when no port is free; CheckerError when there is no Redis */
export async function serveSeveral(lab: Lab, folder: string, dataName: string): Promise<Served> {
  const run = openRun()
  const ends = [() => run.close()]
  const close = async () => {
    for (const end of ends.toReversed()) await end()
  }
  try {
    const { port, taken } = await choosePort(lab.port)
    const places = await Promise.all(
      instancesOf(lab).map(async (one) => ({
        ...one,
        host: 'localhost',
        port: await nextFreePort((taken ?? port) + one.portOffset),
      })),
    )
    const balancer = await startBalancer(port, places)
    ends.push(balancer.close)
    const redis = lab.redis
      ? await (await import('../redis/open-redis.ts')).openRedis(run, 'session-labs:')
      : undefined
    if (redis) ends.push(redis.close)
    const instances = places.map((place) => {
      const env = {
        ...ownEnvironment(),
        ...redisEnvironment(redis),
        ...behindBalancer(place),
        PORT: String(place.port),
        DATA_DIR: dataFolder(dataName, place.name),
      }
      return {
        name: place.name,
        instance: new Instance({ entry: entryOf(folder), folder, env, name: place.name, run }),
      }
    })
    const names = places.map(({ name }) => name).join(' and ')
    return {
      says: [
        ...(taken ? [`Port ${taken} is taken, so I use the next one that is free.`] : []),
        `Open   http://localhost:${port}   (a balancer: it asks ${names} in turn)`,
        ...places.map((one) => `       http://localhost:${one.port}   (instance ${one.name})`),
        ...(redis ? [`Redis  ${redis.url}   (${whose(redis)})`] : []),
      ],
      instances: instances.map(({ instance }) => instance),
      keys: [
        ...instances.map(({ name, instance }) => instanceKey(name, instance)),
        ...(redis ? redisKeys(redis) : []),
      ],
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function whose(redis: RunRedis): string {
  return redis.borrowed ? 'the way to the one in REDIS_URL' : 'ends with this command'
}
