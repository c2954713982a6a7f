// Starts a lab's solution as `npm run lab N` does, with the clock stopped, so that what it shows can be compared.
import { compile } from '../app/compile.ts'
import { developmentEnvironment, redisEnvironment } from '../app/environment.ts'
import { freePort } from '../app/free-port.ts'
import { launch } from '../app/launch.ts'
import type { RunFolder } from '../app/run-folder.ts'
import { behindBalancer, instancesOf } from '../lab/instances.ts'
import type { Lab } from '../lab/lab.ts'

/** Chapters are written at this time; what depends on the clock is the same in every run. */
const CHAPTER_TIME = '2026-11-20T12:00:00Z'

export interface FrozenLab {
  /** The ports that the chapter writes, and those that are really there. */
  ports: Map<number, number>
  /** Closes what is not one of the run's processes. */
  close(): Promise<void>
}

/** @throws StartTrouble when the solution does not start; CheckerError when there is no Redis */
export async function startFrozen(lab: Lab, run: RunFolder): Promise<FrozenLab> {
  const { bundle } = await compile(lab.solutionFolder, run.path)
  const redis = lab.redis
    ? await (await import('../redis/open-redis.ts')).openRedis(run, 'session-labs:')
    : undefined
  const close = async () => redis?.close()
  const start = (dataFolder: string, env: Record<string, string>) =>
    launch({
      run,
      bundle,
      cwd: lab.solutionFolder,
      dataFolder: run.folder(dataFolder),
      env: {
        ...developmentEnvironment,
        LAB_CLOCK_FROZEN_AT: CHAPTER_TIME,
        ...redisEnvironment(redis),
        ...env,
      },
    })
  try {
    if (lab.instances === 1) return { ports: new Map([[lab.port, (await start('data', {})).port]]), close }
    const apps = await Promise.all(
      instancesOf(lab).map(async (one) => {
        const app = await start(`data-${one.name}`, behindBalancer(one))
        return { ...app, ...one }
      }),
    )
    const port = await freePort()
    const { startBalancer } = await import('../serve/balancer.ts')
    const balancer = await startBalancer(port, apps)
    const ports = apps.map((app): [number, number] => [lab.port + app.portOffset, app.port])
    return {
      ports: new Map([[lab.port, port], ...ports]),
      close: async () => {
        await balancer.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
