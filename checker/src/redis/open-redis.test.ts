import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { isRunning } from '../app/processes.ts'
import { start, until } from '../testing/processes.ts'
import { connectTo, contentOf, hasRedis, somebodysRedis, testRun } from '../testing/redis.ts'
import { makeFolder, makeWorkbook } from '../testing/workbook.ts'
import { openRedis } from './open-redis.ts'

afterEach(() => vi.unstubAllEnvs())

/** The Redis of a run for the running test. */
async function opened(
  ...options: Parameters<typeof openRedis> extends [unknown, ...infer Rest] ? Rest : never
) {
  const run = testRun()
  const redis = await openRedis(run, ...options)
  onTestFinished(() => redis.close())
  return { run, redis }
}

/** A program that opens a Redis as `npm run lab` does, writes a key, and waits. It prints the URL, and when it is done. */
function programWithRedis(env: Record<string, string>) {
  const workbook = makeWorkbook()
  const from = (...parts: string[]) =>
    JSON.stringify(pathToFileURL(workbook.path('checker', 'dist', 'src', ...parts)).href)
  workbook.write(
    'program.js',
    `import { createClient } from 'redis'
import { openRun } from ${from('app', 'run-folder.js')}
import { openRedis } from ${from('redis', 'open-redis.js')}
const run = openRun()
const redis = await openRedis(run)
console.log(redis.url)
const client = createClient({ url: redis.url })
await client.connect()
await client.set(redis.prefix + 'tea', 'green')
console.log('written')
process.stdin.resume()
setInterval(() => {}, 1000)
process.on('SIGTERM', async () => {
  client.destroy()
  await redis.close()
  await run.close()
  process.exit(0)
})`,
  )
  const program = start([workbook.path('program.js')], { cwd: workbook.root, env })
  onTestFinished(() => void program.child.kill('SIGKILL'))
  return program
}

describe.runIf(hasRedis)('the private Redis of a run (needs redis-server)', () => {
  test('has an address and a prefix for the app, and shows the keys that the app named', async () => {
    const { redis } = await opened()
    expect(redis.prefix).toBe('session-labs:run-test:')
    const client = await connectTo(redis.url)
    await client.set(`${redis.prefix}tea`, 'green', { expiration: { type: 'EX', value: 100 } })
    await client.hSet(`${redis.prefix}ada`, { likes: 'tea' })
    await client.set(`${redis.prefix}gone`, 'soon')
    await client.del(`${redis.prefix}gone`)
    await client.set('elsewhere', 'x')
    expect(await redis.keys()).toEqual([
      { name: 'session-labs:run-test:tea', type: 'string', ttlSeconds: expect.any(Number), value: 'green' },
      { name: 'session-labs:run-test:ada', type: 'hash', ttlSeconds: null, value: '{"likes":"tea"}' },
    ])
    expect(redis.traffic.foreign()).toEqual(['elsewhere'])
  })

  test('can be stopped, started with its data, and hung', async () => {
    const { redis } = await opened('session-labs:')
    await (await connectTo(redis.url)).set('session-labs:tea', 'green')
    await redis.stop()
    await expect(redis.keys()).rejects.toThrow('ECONNREFUSED')
    await expect(connectTo(redis.url)).rejects.toThrow('ECONNREFUSED')
    await redis.start()
    const client = await connectTo(redis.url)
    expect(await client.get('session-labs:tea')).toBe('green')
    await redis.hang()
    const waiting = client.get('session-labs:tea')
    expect(await redis.keys()).toHaveLength(1)
    await redis.start()
    expect(await waiting).toBe('green')
  })

  test.each(['SIGTERM', 'SIGKILL'] as const)('is gone after %s', async (signal) => {
    const program = programWithRedis({})
    await program.prints('written')
    const url = program.output().split('\n')[0] ?? ''
    const pid = Number(/process_id:(\d+)/.exec(await (await connectTo(url)).info('server'))?.[1])
    expect(isRunning(pid)).toBe(true)
    program.child.kill(signal)
    await program.ended
    await until(() => !isRunning(pid), 'Redis has ended')
  })
})

describe.runIf(hasRedis)('a Redis of somebody’s own (needs redis-server)', () => {
  test('gets user, password and database through the gate, and keeps what it had', async () => {
    const theirs = await somebodysRedis()
    const before = await contentOf(theirs)
    vi.stubEnv('REDIS_URL', theirs)
    const { run, redis } = await opened('session-labs:')
    expect(new URL(redis.url)).toMatchObject({ protocol: 'redis:', hostname: '127.0.0.1', pathname: '/1' })
    // Nobody else's keys begin so, whatever was asked for.
    expect(redis.prefix).toBe('session-labs:run-test:')
    const client = await connectTo(redis.url)
    expect(await client.get('letters:ada')).toBe('dear Ada (1)')
    for (const hurt of [
      client.flushAll(),
      client.flushDb(),
      client.set('letters:ada', 'x'),
      client.select(0),
    ])
      await expect(hurt).rejects.toThrow('refused by Session Labs')
    await redis.stop()
    await expect(connectTo(redis.url)).rejects.toThrow('ECONNREFUSED')
    await redis.start()
    await (await connectTo(redis.url)).set(`${redis.prefix}tea`, 'green')
    expect(await redis.keys()).toMatchObject([{ name: 'session-labs:run-test:tea', value: 'green' }])
    expect(run.ownKeys).toEqual(['session-labs:run-test:tea'])
    await (await connectTo(theirs)).del(run.ownKeys)
    expect(await contentOf(theirs)).toBe(before)
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
    'has no key of ours after %s, and all of its own',
    async (signal) => {
      const theirs = await somebodysRedis()
      const before = await contentOf(theirs)
      const program = programWithRedis({ REDIS_URL: theirs })
      await program.prints('written')
      expect(await contentOf(theirs)).toContain('session-labs:')
      program.child.kill(signal)
      await program.ended
      await until(async () => (await contentOf(theirs)) === before, 'it is as it was')
    },
  )

  test('that does not answer is the machine’s fault, and its password is not shown', async () => {
    vi.stubEnv('REDIS_URL', 'redis://me:my-password@127.0.0.1:1')
    const error: Error = await openRedis(testRun()).then(
      () => new Error('It opened.'),
      (reason) => reason,
    )
    expect(error.message).toMatch(/^The Redis in REDIS_URL does not answer: .*ECONNREFUSED/)
    expect(error.message).not.toContain('my-password')
  })
})

test('a run without a Redis anywhere is told how to get one', async () => {
  vi.stubEnv('REDIS_URL', undefined)
  vi.stubEnv('PATH', makeFolder())
  vi.stubEnv('SESSION_LABS_NO_DOWNLOAD', '1')
  await expect(openRedis(testRun())).rejects.toThrow(
    'This lab needs Redis, and this machine has none. Get it with: ',
  )
})
