// Lab 5's solution as instances on loopback addresses of their own, all on one port, as containers have it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { compile } from '../app/compile.ts'
import { developmentEnvironment } from '../app/environment.ts'
import type { RunFolder } from '../app/run-folder.ts'
import { findLab } from '../lab/lab.ts'
import type { RunRedis } from '../redis/open-redis.ts'

export interface Instance {
  address: string
  /** As a crash would. */
  kill(): Promise<void>
}

/** @returns starts an instance at an address such as 127.0.0.2; it resolves when the instance answers */
export async function prepareInstances(run: RunFolder, redis: RunRedis, port: number) {
  const folder = findLab('5').solutionFolder
  const { bundle } = await compile(folder, run.path)
  return async (address: string): Promise<Instance> => {
    const child = spawn(process.execPath, ['--enable-source-maps', bundle], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        ...developmentEnvironment,
        HOST: address,
        PORT: String(port),
        INSTANCE_NAME: address,
        DATA_DIR: run.folder(`data-${address}`),
        TRUSTED_PROXIES: '1',
        REDIS_URL: redis.url,
        REDIS_PREFIX: redis.prefix,
      },
      stdio: 'ignore',
      // A group of its own, as the keeper ends groups.
      detached: true,
    })
    if (child.pid !== undefined) run.own(child.pid)
    await answers(child, `http://${address}:${port}/health`)
    return {
      address,
      kill: async () => {
        child.kill('SIGKILL')
        await once(child, 'exit')
      },
    }
  }
}

async function answers(child: ChildProcess, url: string): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const ok = await fetch(url).then(
      (reply) => reply.ok,
      () => false,
    )
    if (ok) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`An instance ended (${child.exitCode ?? child.signalCode}) before it answered at ${url}.`)
}
