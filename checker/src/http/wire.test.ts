import { describe, expect, test } from 'vitest'
import { freePort } from '../app/free-port.ts'
import { serving, speaking } from '../testing/server.ts'
import { send } from './wire.ts'

const GET = { method: 'GET', path: '/', headers: {}, body: null }

describe('a request over the wire', () => {
  test('reads status, headers in their order, and the whole body', async () => {
    const address = await serving((req, res) => {
      res.statusCode = 201
      res.setHeader('Set-Cookie', ['a=1', 'b=2'])
      res.write(`${req.method} ${req.url} `)
      res.end('é')
    })
    const reply = await send({ ...address, ...GET, path: '/x?y=1' })
    expect(reply).toMatchObject({ status: 201, statusText: 'Created', body: 'GET /x?y=1 é' })
    expect(reply.headers.filter(([name]) => name === 'Set-Cookie')).toEqual([
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ])
  })

  test('sends a body with its length in bytes', async () => {
    const address = await serving((req, res) => {
      let text = ''
      req.on('data', (chunk) => {
        text += chunk
      })
      req.on('end', () => res.end(`${req.headers['content-length']}: ${text}`))
    })
    const reply = await send({ ...address, method: 'POST', path: '/', headers: {}, body: 'note=é' })
    expect(reply.body).toBe('7: note=é')
  })

  test('is answered only when the body has come to its end', async () => {
    let saved = false
    const address = await serving((_req, res) => {
      res.write('headers are out')
      setImmediate(() => {
        saved = true
        res.end()
      })
    })
    await send({ ...address, ...GET })
    expect(saved).toBe(true)
  })

  test('uses a connection of its own each time', async () => {
    const ports = new Set<number | undefined>()
    const address = await serving((req, res) => {
      ports.add(req.socket.remotePort)
      res.end()
    })
    await send({ ...address, ...GET })
    await send({ ...address, ...GET })
    expect(ports.size).toBe(2)
  })

  test('takes a reply with 40 kB of headers', async () => {
    const address = await serving((_req, res) => {
      res.setHeader('X-Large', 'x'.repeat(40_000))
      res.end('ok')
    })
    expect((await send({ ...address, ...GET })).body).toBe('ok')
  })
})

describe('a request without a complete reply says in which way', () => {
  test('refused: nobody listens', async () => {
    const address = { host: '127.0.0.1', port: await freePort() }
    await expect(send({ ...address, ...GET })).rejects.toMatchObject({
      kind: 'refused',
      message: 'the connection was refused',
    })
  })

  test('cut: the connection ends before the answer', async () => {
    const address = await speaking((socket) => socket.once('data', () => socket.destroy()))
    await expect(send({ ...address, ...GET })).rejects.toMatchObject({ kind: 'cut' })
  })

  test('cut: the connection ends in the middle of the answer', async () => {
    const address = await speaking((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', () => socket.destroy())
      }),
    )
    await expect(send({ ...address, ...GET })).rejects.toMatchObject({
      kind: 'cut',
      message: 'the connection was cut in the middle of the answer',
    })
  })

  test('cut: the answer is not HTTP', async () => {
    const address = await speaking((socket) => socket.once('data', () => socket.end('hello\n')))
    await expect(send({ ...address, ...GET })).rejects.toMatchObject({ kind: 'cut' })
  })

  test('flood: the body has no end, and no more than a megabyte of it is read', async () => {
    let sent = 0
    const address = await serving((_req, res) => {
      const chunk = 'x'.repeat(65_536)
      const more = () => {
        if (res.destroyed) return
        sent += chunk.length
        res.write(chunk, more)
      }
      more()
    })
    await expect(send({ ...address, ...GET })).rejects.toMatchObject({ kind: 'flood' })
    // What is on its way in buffers comes on top.
    expect(sent).toBeLessThan(20_000_000)
  })
})

describe.concurrent('a request without a complete reply in time is slow:', () => {
  test('the answer never comes', async ({ expect, onTestFinished }) => {
    const address = await serving(() => {}, onTestFinished)
    await expect(send({ ...address, ...GET })).rejects.toMatchObject({
      kind: 'slow',
      message: 'no complete answer in 5 seconds',
    })
  })

  test('the answer drips and never ends', async ({ expect, onTestFinished }) => {
    const address = await serving((_req, res) => {
      const drip = setInterval(() => res.write('.'), 100)
      res.on('close', () => clearInterval(drip))
    }, onTestFinished)
    await expect(send({ ...address, ...GET })).rejects.toMatchObject({ kind: 'slow' })
  })
})
