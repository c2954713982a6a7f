// A lab with one instance, or one of several started by hand with APP_PORT, each in a terminal of its own.
import { redisEnvironment } from '../app/environment.ts'
import { portHolder } from '../app/port-holder.ts'
import { openRun } from '../app/run-folder.ts'
import { entryOf, type Lab } from '../lab/lab.ts'
import type { SharedRedis } from '../redis/shared-redis.ts'
import { choosePort } from './choose-port.ts'
import { Instance } from './instance.ts'
import { dataFolder, ownEnvironment, type Served } from './place.ts'

/** @throws UsageError when no port is free; CheckerError when there is no Redis */
export async function serveOne(lab: Lab, folder: string, dataName: string): Promise<Served> {
  const byHand = lab.instances > 1
  const { port, taken } = await choosePort(lab.port, byHand ? 'APP_PORT' : 'PORT')
  const redis = lab.redis ? await openSharedRedis(port) : undefined
  const env = {
    ...ownEnvironment(),
    ...redisEnvironment(redis),
    PORT: String(port),
    DATA_DIR: byHand ? dataFolder(dataName, String(port)) : dataFolder(dataName),
  }
  return {
    says: [
      ...(taken ? [`Port ${taken} is taken${holderOf(taken)}, so I use the next one that is free.`] : []),
      `Open   http://localhost:${port}`,
      ...(redis ? [`Redis  ${redis.url}   (${whose(redis, port)})`] : []),
    ],
    instances: [new Instance({ entry: entryOf(folder), folder, env })],
    keys: [],
    close: async () => redis?.close(),
  }
}

function holderOf(port: number): string {
  const holder = portHolder(port)
  return holder ? ` (${holder})` : ''
}

/** Opens it with a run of its own, which ends with it. */
async function openSharedRedis(port: number): Promise<SharedRedis> {
  const { sharedRedis } = await import('../redis/shared-redis.ts')
  const run = openRun()
  try {
    const redis = await sharedRedis(run, port)
    const close = async () => {
      await redis.close()
      await run.close()
    }
    return { ...redis, close }
  } catch (error) {
    await run.close()
    throw error
  }
}

function whose(redis: SharedRedis, port: number): string {
  if (redis.port !== port) return `of the terminal with port ${redis.port}, and ends with that one`
  return 'also for other terminals with an APP_PORT; ends with this one'
}
