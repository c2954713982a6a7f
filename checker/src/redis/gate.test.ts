import net from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectTo, hasRedis, startRedis } from '../testing/redis.ts'
import type { Borrowed } from './commands.ts'
import { openGate } from './gate.ts'
import { Traffic } from './traffic.ts'

/** A gate before a private Redis, for the running test. */
async function gateToRedis(borrowed?: Borrowed) {
  const redis = await startRedis()
  const traffic = new Traffic('ours:')
  const gate = await openGate({ host: '127.0.0.1', port: redis.port, tls: false }, traffic, borrowed)
  onTestFinished(() => gate.refuse())
  return { gate, traffic, url: `redis://127.0.0.1:${gate.port}`, behind: `redis://127.0.0.1:${redis.port}` }
}

/** Sends bytes. @returns the socket and what came back so far */
async function speak(port: number, bytes: string) {
  const socket = net.connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const conversation = { socket, came: '' }
  socket.on('data', (text) => {
    conversation.came += text
  })
  socket.on('error', () => {})
  await new Promise((resolve) => socket.write(bytes, resolve))
  return conversation
}

const refused = (error: NodeJS.ErrnoException) => error.code

describe.runIf(hasRedis)('the gate (needs redis-server)', () => {
  test('lets everything through while it is open, and sees it', async () => {
    const { url, traffic } = await gateToRedis()
    const client = await connectTo(url)
    const long = 'x'.repeat(3_000_000)
    await client.set('ours:long', long)
    expect(await client.get('ours:long')).toBe(long)
    expect(await client.flushAll()).toBe('OK')
    expect(traffic.written()).toEqual(['ours:long'])
    expect(traffic.commands().slice(-3)).toEqual(['SET ours:long', 'GET ours:long', 'FLUSHALL'])
  })

  test('passes on what it cannot read, and leaves it to Redis to complain', async () => {
    const { gate } = await gateToRedis()
    const { socket, ...rest } = await speak(gate.port, '*1\r\nnonsense\r\n')
    await new Promise((resolve) => socket.once('close', resolve))
    expect(rest).toBeDefined()
  })

  test('refuses: connections are cut, new ones not taken; open again, it is on the same port', async () => {
    const { gate, url } = await gateToRedis()
    const client = await connectTo(url)
    await client.set('ours:tea', 'green')
    const cut = new Promise((resolve) => client.once('error', resolve))
    await gate.refuse()
    await cut
    await expect(connectTo(url).catch(refused)).resolves.toBe('ECONNREFUSED')
    await gate.open()
    expect(await (await connectTo(url)).get('ours:tea')).toBe('green')
  })

  test('is silent: connections are taken and nothing is answered, until it is open again', async () => {
    const { gate, url } = await gateToRedis()
    const client = await connectTo(url)
    await gate.fallSilent()
    let answered = false
    const waiting = client.set('ours:tea', 'green').then((answer) => {
      answered = true
      return answer
    })
    // Who connects while it is silent waits as well.
    const latecomer = await speak(gate.port, 'PING\r\n')
    expect(answered).toBe(false)
    expect(latecomer.came).toBe('')
    await gate.open()
    expect(await waiting).toBe('OK')
    await expect.poll(() => latecomer.came).toBe('+PONG\r\n')
  })

  test('can be silent after it refused, and refuse after it was silent', async () => {
    const { gate, url } = await gateToRedis()
    await gate.refuse()
    await gate.fallSilent()
    const { socket } = await speak(gate.port, 'PING\r\n')
    const cut = new Promise((resolve) => socket.once('close', resolve))
    await gate.refuse()
    await cut
    await gate.open()
    expect(await (await connectTo(url)).ping()).toBe('PONG')
  })

  test.each([
    ['cuts', 'refuseAfter', undefined],
    ['cuts, with a borrowed Redis,', 'refuseAfter', { prefix: 'ours:', database: '0' }],
    ['silences', 'fallSilentAfter', undefined],
    ['silences, with a borrowed Redis,', 'fallSilentAfter', { prefix: 'ours:', database: '0' }],
  ] as const)('%s a connection after a last question about a key', async (_does, how, borrowed) => {
    const { gate, url } = await gateToRedis(borrowed)
    const name = 'ours:b'
    const [one, other, idle] = [await connectTo(url), await connectTo(url), await connectTo(url)]
    await one.multi().set('ours:a', 'tea').set(name, 'milk').exec()
    await gate[how]([name])
    expect(await one.get(name)).toBe('milk')
    const late = Promise.allSettled([one.del(name), other.get('ours:a'), idle.ping()])
    if (how === 'refuseAfter') {
      expect((await late).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
      await expect(connectTo(url).catch(refused)).resolves.toBe('ECONNREFUSED')
    } else {
      const latecomer = await speak(gate.port, 'PING\r\n')
      expect(latecomer.came).toBe('')
      await gate.open()
      expect((await late).map((end) => 'value' in end && end.value)).toEqual([1, 'tea', 'PONG'])
      await expect.poll(() => latecomer.came).toBe('+PONG\r\n')
    }
    await gate.refuse()
    await gate.open()
    expect(await (await connectTo(url)).get('ours:a')).toBe('tea')
  })

  test('answers in place of a borrowed Redis where a request could hurt it, in the order of the requests', async () => {
    const { url, behind, traffic } = await gateToRedis({ prefix: 'ours:', database: '0' })
    const owner = await connectTo(behind)
    await owner.set('theirs', 'precious')
    const client = await connectTo(url)
    const answers = await Promise.allSettled([
      client.set('ours:tea', 'green'),
      client.flushAll(),
      client.get('ours:tea'),
      client.set('theirs', 'lost'),
      client.configSet('maxmemory', '1'),
      client.get('theirs'),
    ])
    expect(answers.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message))).toEqual([
      'OK',
      expect.stringContaining('FLUSHALL (refused by Session Labs, to protect your own Redis)'),
      'green',
      expect.stringContaining('SET theirs (refused by Session Labs'),
      expect.stringContaining('CONFIG SET (refused by Session Labs'),
      'precious',
    ])
    expect(traffic.foreign()).toEqual(['theirs'])
  })

  test('cuts a connection that sends a borrowed Redis what it cannot read, or no end of it', async () => {
    const { gate, behind } = await gateToRedis({ prefix: 'ours:', database: '0' })
    for (const bytes of [
      '*1\r\nnonsense\r\n',
      `*3\r\n$3\r\nSET\r\n$6\r\nours:a\r\n$9000000\r\n${'x'.repeat(2_000_000)}`,
    ]) {
      const { socket } = await speak(gate.port, bytes)
      await new Promise((resolve) => (socket.closed ? resolve(true) : socket.once('close', resolve)))
    }
    expect(await (await connectTo(behind)).dbSize()).toBe(0)
  })
})
