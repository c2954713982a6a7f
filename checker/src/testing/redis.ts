// Real Redis servers for tests, on free ports of loopback.
import path from 'node:path'
import { createClient } from 'redis'
import { onTestFinished } from 'vitest'
import type { RunFolder } from '../app/run-folder.ts'
import { findRedis } from '../redis/find.ts'
import { startPrivateRedis } from '../redis/private-redis.ts'
import { makeFolder } from './workbook.ts'

// No test may touch the Redis of whoever runs the tests.
delete process.env.REDIS_URL
const found = findRedis()

/** Where there is no Redis to start, tests that need one are left out. */
export const hasRedis = found.kind === 'program'

/** A run that keeps a list instead of a keeper; what it owns ends with the test. */
export function testRun(): RunFolder & { pids: number[]; ownKeys: string[] } {
  const pids: number[] = []
  const ownKeys: string[] = []
  const folder = makeFolder()
  const close = async () => {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It had ended already.
      }
    }
  }
  onTestFinished(close)
  return {
    path: path.join(folder, 'run-test'),
    folder: () => makeFolder(),
    own: (pid) => pids.push(pid),
    ownKey: (_url, key) => ownKeys.push(key),
    close,
    pids,
    ownKeys,
  }
}

/** A private Redis for the running test. */
export function startRedis(run = testRun()) {
  if (found.kind !== 'program') throw new Error('There is no Redis to start.')
  return startPrivateRedis(run, found.program)
}

/** Somebody's own Redis, with a password and data in two databases. @returns its URL, for database 1 */
export async function somebodysRedis(): Promise<string> {
  const { port } = await startRedis()
  const client = await connectTo(`redis://127.0.0.1:${port}`)
  for (const database of [0, 1]) {
    await client.select(database)
    await client.set('letters:ada', `dear Ada (${database})`)
    await client.hSet('settings', { colour: 'green', size: '7' })
    await client.rPush('tasks', ['one', 'two'])
  }
  await client.configSet('requirepass', 'o/u:r s')
  return `redis://:${encodeURIComponent('o/u:r s')}@127.0.0.1:${port}/1`
}

/** A client that is closed when the test ends. */
export async function connectTo(url: string) {
  const client = createClient({ url, RESP: 2, socket: { reconnectStrategy: false } })
  client.on('error', () => {})
  await client.connect()
  onTestFinished(() => {
    if (client.isOpen) client.destroy()
  })
  return client
}

/** All that a Redis holds, in all databases, as one text. */
export async function contentOf(url: string): Promise<string> {
  const client = await connectTo(url)
  const lines: string[] = []
  for (const database of [0, 1]) {
    await client.select(database)
    for (const key of (await client.keys('*')).sort()) {
      const dump = await client.sendCommand(['DUMP', key])
      lines.push(`${database} ${key} ${await client.ttl(key)} ${dump}`)
    }
  }
  client.destroy()
  return lines.join('\n')
}
