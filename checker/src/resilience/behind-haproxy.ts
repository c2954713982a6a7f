// Lab 5's solution behind a real HAProxy with the lab's own configuration, while an instance dies and comes back.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { freePort } from '../app/free-port.ts'
import { openRun } from '../app/run-folder.ts'
import { findLab } from '../lab/lab.ts'
import { openRedis, type RunRedis } from '../redis/open-redis.ts'
import { prepareInstances } from './instances.ts'
import { startNameServer } from './name-server.ts'

/** So that some requests are on their way when the instance dies. */
const AT_ONCE = 4

/** Between two requests of one visitor, so that HAProxy has a second to find the instance again. */
const PAUSE_MS = 20

const [FIRST, SECOND] = ['127.0.0.2', '127.0.0.3']

export interface HaproxyFigures {
  requests: number
  /** Answered with something else than 200, or not at all. */
  failed: number
  /** Answered with 200, but without the value that was set before. */
  lost: number
  /** How many of the answers each instance gave. */
  servedBy: Record<string, number>
}

/** Sets a value, then asks for it again and again; one instance is killed after a third of that, and started after two thirds. */
export async function measureBehindHaproxy(requests: number): Promise<HaproxyFigures> {
  const run = openRun()
  const port = await freePort()
  const front = await freePort()
  const names = await startNameServer('app', [FIRST, SECOND])
  let redis: RunRedis | undefined
  try {
    redis = await openRedis(run)
    const start = await prepareInstances(run, redis, port)
    const [first] = await Promise.all([start(FIRST), start(SECOND)])
    const haproxy = spawn('haproxy', ['-f', path.join(findLab('5').solutionFolder, 'haproxy.cfg')], {
      env: {
        PATH: process.env.PATH,
        BIND: `127.0.0.1:${front}`,
        APP_NAME: 'app',
        APP_PORT: String(port),
        NAME_SERVER: `127.0.0.1:${names.port}`,
      },
      stdio: 'ignore',
      // A group of its own, as the keeper ends groups.
      detached: true,
    })
    if (haproxy.pid !== undefined) run.own(haproxy.pid)
    const site = `http://127.0.0.1:${front}`
    await bothServe(site)
    const set = await fetch(`${site}/session/set/tea`, { redirect: 'manual' })
    const cookie = set.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const figures: HaproxyFigures = { requests, failed: 0, lost: 0, servedBy: {} }
    let sent = 0
    let again: Promise<unknown> | undefined
    const visitor = async () => {
      while (sent < requests) {
        sent += 1
        if (sent === Math.floor(requests / 3)) void first.kill()
        if (sent === Math.floor((requests * 2) / 3)) {
          again = start(FIRST)
          // When something else has failed before it is awaited, that is what has to be told.
          again.catch(() => {})
        }
        await ask(site, cookie, figures)
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, visitor))
    await again
    return figures
  } finally {
    names.close()
    await redis?.close()
    await run.close()
  }
}

async function ask(site: string, cookie: string, figures: HaproxyFigures): Promise<void> {
  const page = await fetch(site, { headers: { cookie } }).then(
    async (reply) => (reply.ok ? await reply.text() : undefined),
    () => undefined,
  )
  if (page === undefined) figures.failed += 1
  else {
    if (!page.includes('The session holds: tea')) figures.lost += 1
    const by = /Served by instance ([\d.]+)\./.exec(page)?.[1] ?? 'nobody'
    figures.servedBy[by] = (figures.servedBy[by] ?? 0) + 1
  }
}

/** HAProxy knows an instance once its name is resolved and its first health check has passed. */
async function bothServe(site: string): Promise<void> {
  const seen = new Set<string>()
  while (seen.size < 2) {
    const page = await fetch(site).then(
      (reply) => reply.text(),
      () => '',
    )
    const by = /Served by instance ([\d.]+)\./.exec(page)?.[1]
    if (by) seen.add(by)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
