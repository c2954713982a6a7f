import { existsSync } from 'node:fs'
import { describe, test } from 'vitest'
import { findRedis } from '../redis/find.ts'
import { addTinyLab, makeWorkbook, verdict } from '../testing/workbook.ts'

const SPEC = `name: 'it is so', step: 1, points: 2, hints: ['One.', 'Two.', 'Three.']`

/** A server that says its name, keeps a note in its data folder, and sets and gets a key in Redis. */
const SERVER = `
import fs from 'node:fs'
import http from 'node:http'
import { createClient } from 'redis'
const { DATA_DIR, INSTANCE_NAME, PORT, REDIS_PREFIX, REDIS_URL } = process.env
const note = DATA_DIR + '/note'
const client = REDIS_URL && createClient({ url: REDIS_URL, socket: { reconnectStrategy: () => 50 } })
client?.on('error', () => {})
await client?.connect()
const inTime = (answer) =>
  Promise.race([answer, new Promise((_, tooLate) => setTimeout(tooLate, 1000, new Error('too late')))])
http.createServer(async (req, res) => {
  const [, what, name, value] = req.url.split('/')
  try {
    if (what === 'write') fs.writeFileSync(note, name)
    if (what === 'set') await inTime(client.set(REDIS_PREFIX + name, value, { EX: 60 }))
    if (what === 'foreign') await inTime(client.set(name, value))
    const stored = what === 'get' ? await inTime(client.get(REDIS_PREFIX + name)) : null
    const text = fs.existsSync(note) ? fs.readFileSync(note, 'utf8') : null
    res.end(JSON.stringify({ instance: INSTANCE_NAME ?? null, pid: process.pid, text, stored }))
  } catch (error) {
    res.writeHead(503).end(String(error))
  }
}).listen(Number(PORT), '127.0.0.1')
`

const READ = `const read = (reply) => JSON.parse(reply.body)`

const hasRedis = findRedis().kind !== 'library'

/** Judges lab 42, whose front matter says this, with these checks, written in JavaScript. */
async function judge(frontMatter: string, checks: string, env: Record<string, string | undefined> = {}) {
  const workbook = makeWorkbook()
  addTinyLab(workbook, {
    checks: `${READ}\n${checks}`,
    server: SERVER,
    chapter: `---\n${frontMatter}\n---\n# Lab 42: Tiny\n\n## Step 1: Begin here\n`,
  })
  return verdict(workbook, ['42', '--solution', '--seed', '0badcafe'], { env })
}

describe.concurrent('a lab whose chapter says "instances: 2"', () => {
  test('has instances A and B, each with its own data, which it finds again after a kill', async ({
    expect,
  }) => {
    const { records } = await judge(
      'instances: 2',
      `
check('instances', { ${SPEC} }, async ({ visitor, instances }) => {
  const ada = visitor('Ada')
  const [a, b] = await instances()
  await ada.get('/write/ours', { at: b })
  const pid = read(await ada.get('/', { at: b })).pid
  await b.stop()
  const [again, bAgain] = await instances()
  const one = read(await ada.get('/', { at: again }))
  const other = read(await ada.get('/', { at: bAgain }))
  const main = read(await ada.get('/'))
  expect.fail({ expected: '', got: JSON.stringify(
    [one.instance, one.text, one.pid === main.pid, other.instance, other.text, other.pid === pid]) })
})`,
    )
    expect(records[0]?.why?.got).toBe('["A",null,true,"B","ours",false]')
  })

  test('has a balancer that asks one after the other, and leaves out what has ended', async ({ expect }) => {
    const { records } = await judge(
      'instances: 2',
      `
check('balancer', { ${SPEC} }, async ({ visitor, instances, balanced }) => {
  const [a, b] = await instances()
  const ada = visitor('Ada', balanced([a, b]))
  const names = []
  for (let n = 0; n < 4; n++) names.push(read(await ada.get('/')).instance)
  await a.stop()
  for (let n = 0; n < 2; n++) names.push(read(await ada.get('/')).instance)
  expect.fail({ expected: '', got: names.join('') })
})`,
    )
    expect(records[0]?.why?.got).toMatch(/^(ABAB|BABA)BB$/)
  })

  test('tells in its story which instance was asked, and under which port it is found by hand', async ({
    expect,
  }) => {
    const { records } = await judge(
      'instances: 2',
      `
check('story', { ${SPEC} }, async ({ visitor, instances, instance }) => {
  const [a, b] = await instances()
  const ada = visitor('Ada')
  await ada.get('/', { does: 'looks' })
  await b.stop()
  const [, again] = await instances()
  await ada.get('/', { at: again })
  await ada.get('/', { at: await instance({ env: { INSTANCE_NAME: 'C' } }) })
  expect.fail({ expected: '', got: '' })
})`,
    )
    expect(records[0]?.why?.did).toEqual([
      'Ada looks (instance A).',
      'Instance B is killed.',
      'Instance B is started again.',
      'Ada opens / (instance B).',
      'Ada opens / (instance C).',
    ])
    expect(records[0]?.exchange.map((one) => [one.portOffset, one.elsewhere])).toEqual([
      [10, false],
      [20, false],
      [0, true],
    ])
  })
})

describe.runIf(hasRedis)('a lab whose chapter says "redis: true" (needs redis-server)', () => {
  test('shares one Redis among its instances, and sees what they keep there', async ({ expect }) => {
    const { records } = await judge(
      'instances: 2\nredis: true',
      `
check('keys', { ${SPEC} }, async ({ visitor, instances, redis }) => {
  const [a, b] = await instances()
  const ada = visitor('Ada')
  await ada.get('/set/tea/green', { at: a })
  const { stored } = read(await ada.get('/get/tea', { at: b }))
  await ada.get('/foreign/loose/end', { at: b })
  const [key] = await redis.keys()
  expect.fail({ expected: '', got: JSON.stringify([
    stored, key.name === redis.prefix + 'tea', key.type, key.value, key.ttlSeconds > 50, redis.foreign(),
    redis.commands().filter((one) => one.endsWith('tea')).map((one) => one.replace(redis.prefix, ''))]) })
})`,
    )
    expect(records[0]?.why?.got).toBe('["green",true,"string","green",true,["loose"],["SET tea","GET tea"]]')
  })

  test('can have it die, come back with its data, and hang; after the check it is there again', async ({
    expect,
  }) => {
    const { records } = await judge(
      'instances: 2\nredis: true',
      `
const states = async (ada, redis) => {
  const get = async () => {
    const reply = await ada.get('/get/tea')
    return reply.status === 200 ? read(reply).stored : reply.status
  }
  // Until the client of this server has connected again.
  const back = async () => { while (await get() !== 'green'); return 'back' }
  await ada.get('/set/tea/green')
  const states = []
  await redis.stop()
  states.push(await get())
  await redis.start()
  states.push(await back())
  await redis.hang()
  states.push(await get())
  return states
}
check('outage', { ${SPEC} }, async ({ visitor, redis }) => {
  expect.fail({ expected: '', got: JSON.stringify(await states(visitor('Ada'), redis)) })
})
check('next', { ${SPEC} }, async ({ visitor }) => {
  let reply
  do reply = await visitor().get('/get/tea'); while (reply.status !== 200)
  expect.fail({ expected: '', got: read(reply).stored })
})`,
    )
    expect(records.map((record) => record.why?.got)).toEqual(['[503,"back",503]', 'green'])
    const { did } = records[0]?.why ?? { did: [] }
    expect(did.slice(0, 3)).toEqual([
      'Ada opens /set/tea/green (instance A).',
      'Redis dies.',
      'Ada opens /get/tea (instance A).',
    ])
    expect(did.at(-2)).toBe('Redis hangs: it answers nothing any more.')
    // There is no curl line for what Redis was stopped for.
    expect(records[0]?.exchange.every((one) => one.elsewhere)).toBe(true)
  })

  test('without a Redis anywhere, ends with 3 and says how to get one', async ({ expect }) => {
    const workbook = makeWorkbook()
    addTinyLab(workbook, {
      checks: `check('a', { ${SPEC} }, async () => {})`,
      chapter: '---\nredis: true\n---\n# Tiny\n',
    })
    const env = { REDIS_URL: undefined, PATH: '/nowhere', Path: undefined, SESSION_LABS_NO_DOWNLOAD: '1' }
    const { status, stderr } = await workbook.run('lab-check', ['42', '--solution'], { env })
    expect(stderr).toContain('This lab needs Redis, and this machine has none. Get it with: ')
    expect(status).toBe(3)
    expect(existsSync(workbook.path('node_modules', '.cache', 'redis-memory-server'))).toBe(false)
  })
})

test('a lab without them says so to a check that asks for Redis', async ({ expect }) => {
  const { records, status } = await judge(
    'title: Tiny',
    `check('asks', { ${SPEC} }, async ({ redis }) => { await redis.keys() })`,
  )
  expect(records[0]?.why?.detail.join('\n')).toContain('This lab has no Redis.')
  expect(status).toBe(3)
})
