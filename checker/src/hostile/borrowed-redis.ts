// Somebody's own Redis, with data in it that no submission may touch: a private one that plays that part.
import { createClient } from 'redis'
import type { RunFolder } from '../app/run-folder.ts'
import { findRedis } from '../redis/find.ts'
import { startPrivateRedis } from '../redis/private-redis.ts'

export interface BorrowedRedis {
  url: string
  /** All that it holds and how it is set, as one text. @throws Error when it does not answer within ten seconds */
  content(): Promise<string>
  stop(): Promise<void>
}

/** The program, where there is one to start without a download. */
export function redisProgram(): string | undefined {
  const found = findRedis()
  return found.kind === 'program' ? found.program : undefined
}

export async function startBorrowedRedis(run: RunFolder, program: string): Promise<BorrowedRedis> {
  const { port, stop } = await startPrivateRedis(run, program)
  const url = `redis://127.0.0.1:${port}`
  const client = await connect(url)
  await client.set('letters:ada', 'dear Ada')
  await client.rPush('tasks', ['one', 'two'])
  client.destroy()
  return { url, stop, content: () => contentOf(url) }
}

async function contentOf(url: string): Promise<string> {
  const deadline = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('The borrowed Redis does not answer.')), 10_000).unref()
  })
  const read = async () => {
    const client = await connect(url)
    try {
      const lines = [`password ${(await client.configGet('requirepass')).requirepass}`]
      for (const key of (await client.keys('*')).sort()) {
        lines.push(`${key} ${await client.ttl(key)} ${await client.sendCommand(['DUMP', key])}`)
      }
      return lines.join('\n')
    } finally {
      client.destroy()
    }
  }
  return Promise.race([read(), deadline])
}

async function connect(url: string) {
  const client = createClient({ url, RESP: 2, socket: { reconnectStrategy: false, connectTimeout: 2_000 } })
  client.on('error', () => {})
  await client.connect()
  return client
}
