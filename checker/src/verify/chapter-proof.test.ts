import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { hasRedis } from '../testing/redis.ts'
import { makeWorkbook } from '../testing/workbook.ts'

/** A server that counts in Redis, and says who it is, what time it is and how often it was asked. */
const SERVER = `
import http from 'node:http'
import { createClient } from 'redis'
const { INSTANCE_NAME, PORT, REDIS_PREFIX, REDIS_URL } = process.env
const client = createClient({ url: REDIS_URL })
await client.connect()
http.createServer(async (_req, res) => {
  res.end([INSTANCE_NAME, new Date().toISOString(), await client.incr(REDIS_PREFIX + 'visits')].join(' ') + '\\n')
}).listen(Number(PORT), '127.0.0.1')
`

const TRANSCRIPT = `
\`\`\`console
$ curl -s localhost:3042
A 2026-11-20T12:00:00.000Z 1
$ curl -s localhost:3042
B 2026-11-20T12:00:00.000Z 2
$ curl -s http://localhost:3062/ localhost:3052
B 2026-11-20T12:00:00.000Z 3
A 2026-11-20T12:00:00.000Z 4
$ echo localhost:3042 localhost:3052
localhost:3042 localhost:3052
\`\`\`
`

/** What is not true of a chapter of a lab with two instances and Redis. */
async function faultsOf(transcript: string): Promise<string[]> {
  const workbook = makeWorkbook()
  workbook.write('solutions/42-tiny/server.ts', SERVER)
  workbook.write('labs/42-tiny/README.md', `---\ninstances: 2\nredis: true\n---\n# Tiny\n${transcript}`)
  const load = (...parts: string[]) =>
    import(pathToFileURL(workbook.path('checker', 'dist', 'src', ...parts)).href)
  const { findLab } = await load('lab', 'lab.js')
  return (await load('verify', 'chapter-proof.js')).proveChapter(findLab('42'), false)
}

describe.runIf(hasRedis)('the chapter of a lab with two instances (needs redis-server)', () => {
  test('is true when its commands, through the balancer or past it, give what it shows', async () => {
    expect(await faultsOf(TRANSCRIPT)).toEqual([])
  })

  test('is told where it is not', async () => {
    expect(await faultsOf(TRANSCRIPT.replace('B 2026', 'A 2026'))).toEqual([
      expect.stringContaining('$ curl -s localhost:3042\nshown:\nA 2026-11-20T12:00:00.000Z 2'),
    ])
  })
})
