import { describe, expect, test } from 'vitest'
import { isRunning } from '../app/processes.ts'
import { connectTo, hasRedis, startRedis, testRun } from '../testing/redis.ts'
import { makeFolder } from '../testing/workbook.ts'
import { startPrivateRedis } from './private-redis.ts'

describe.runIf(hasRedis)('a private Redis (needs redis-server)', () => {
  test('is killed and comes back on the same port, with all that it had answered to', async () => {
    const run = testRun()
    const redis = await startRedis(run)
    const url = `redis://127.0.0.1:${redis.port}`
    const client = await connectTo(url)
    const times = Array.from({ length: 200 }, (_, index) => String(index))
    for (const time of times)
      await client.set(`tea:${time}`, time, { expiration: { type: 'EX', value: 600 } })
    await redis.stop()
    expect(isRunning(run.pids[0] ?? 0)).toBe(false)
    await expect(connectTo(url)).rejects.toThrow('ECONNREFUSED')
    await redis.start()
    const again = await connectTo(url)
    expect(await again.mGet(times.map((time) => `tea:${time}`))).toEqual(times)
    expect(await again.ttl('tea:0')).toBeGreaterThan(0)
    // Each start is another process, and the run ends them all.
    expect(run.pids).toHaveLength(2)
  })

  test('does nothing when it is started while it runs, or stopped twice', async () => {
    const run = testRun()
    const redis = await startRedis(run)
    await redis.start()
    expect(run.pids).toHaveLength(1)
    await redis.stop()
    await redis.stop()
  })

  test('listens on loopback only, and writes in its own folder only', async () => {
    const redis = await startRedis()
    const client = await connectTo(`redis://127.0.0.1:${redis.port}`)
    expect(await client.configGet('bind')).toEqual({ bind: '127.0.0.1' })
    expect(await client.configGet('save')).toEqual({ save: '' })
  })
})

test('a Redis that does not start is the machine’s fault, and says what it printed', async () => {
  await expect(startPrivateRedis(testRun(), process.execPath)).rejects.toThrow(
    /did not start. It said: .*bad option/,
  )
  const missing = `${makeFolder()}/redis-server`
  await expect(startPrivateRedis(testRun(), missing)).rejects.toThrow(/did not start. It said: .*ENOENT/)
})
