// Lab 5's solution while its Redis dies or hangs, and comes back: how long it answers 503, and when it has recovered.

import { compile } from '../app/compile.ts'
import { developmentEnvironment } from '../app/environment.ts'
import { launch } from '../app/launch.ts'
import { openRun } from '../app/run-folder.ts'
import { findLab } from '../lab/lab.ts'
import { openRedis } from '../redis/open-redis.ts'

export interface OutageFigures {
  /** Milliseconds that Redis was away. */
  awayMs: number
  /** Answers with 503 while it was away, and the slowest of them. */
  refused: number
  slowestMs: number
  /** Answers with another status while it was away. Those to a request sent before do not count. */
  others: number
  /** Milliseconds from Redis's start to the first page that has the value. */
  recoveredMs: number
  /** Cookies set from the outage to the recovery. */
  cookies: number
}

/** @param kind `stop` kills the Redis process, `hang` lets it take requests and answer nothing */
export async function measureOutage(kind: 'stop' | 'hang', awayMs: number): Promise<OutageFigures> {
  const run = openRun()
  const redis = await openRedis(run)
  try {
    const { solutionFolder } = findLab('5')
    const { bundle } = await compile(solutionFolder, run.path)
    const env = { ...developmentEnvironment, REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix }
    const app = await launch({ run, bundle, cwd: solutionFolder, dataFolder: run.folder('data'), env })
    const site = `http://${app.host}:${app.port}`
    const set = await fetch(`${site}/session/set/tea`, { redirect: 'manual' })
    const cookie = set.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const figures = { awayMs, refused: 0, slowestMs: 0, others: 0, recoveredMs: 0, cookies: 0 }
    const ask = async () => {
      const begin = performance.now()
      const reply = await fetch(site, { headers: { cookie } })
      const page = await reply.text()
      if (reply.status !== 200) figures.cookies += reply.headers.getSetCookie().length
      return { status: reply.status, page, ms: performance.now() - begin }
    }
    await redis[kind]()
    const begin = performance.now()
    while (performance.now() - begin < awayMs) {
      const { status, ms } = await ask()
      if (status === 503) figures.refused += 1
      else figures.others += 1
      figures.slowestMs = Math.max(figures.slowestMs, Math.round(ms))
    }
    const back = performance.now()
    await redis.start()
    while (!(await ask()).page.includes('The session holds: tea'));
    figures.recoveredMs = Math.round(performance.now() - back)
    return figures
  } finally {
    await redis.close()
    await run.close()
  }
}
