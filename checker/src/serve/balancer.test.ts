import http from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../app/free-port.ts'
import { send, type WireRequest } from '../http/wire.ts'
import { serving } from '../testing/server.ts'
import { startBalancer } from './balancer.ts'

/** An instance that says its name, what was asked and what was sent. */
async function instance(name: string) {
  const address = await serving(async (req, res) => {
    let body = ''
    for await (const chunk of req) body += chunk
    if (body === 'die') return void req.socket.destroy()
    res.setHeader('Set-Cookie', ['one=1', 'two=2'])
    res.end(JSON.stringify({ name, method: req.method, url: req.url, headers: req.headers, body }))
  })
  return { ...address, name }
}

/** A place where nobody listens. */
const nobody = async (name: string) => ({ name, host: '127.0.0.1', port: await freePort() })

/** A balancer before these, for the running test. @returns sends it a request */
async function balanced(...instances: Awaited<ReturnType<typeof instance>>[]) {
  const port = await freePort()
  const balancer = await startBalancer(port, instances)
  onTestFinished(() => balancer.close())
  return async (request: Partial<WireRequest> = {}) => {
    const reply = await send({
      host: '127.0.0.1',
      port,
      method: 'GET',
      path: '/',
      headers: {},
      body: null,
      ...request,
    })
    return { ...reply, ...(reply.status === 200 ? JSON.parse(reply.body) : { said: reply.body }) }
  }
}

describe('the balancer', () => {
  test('asks one instance after the other, the first one first', async () => {
    const ask = await balanced(await instance('A'), await instance('B'))
    const names = []
    for (let n = 0; n < 4; n++) names.push((await ask()).name)
    expect(names).toEqual(['A', 'B', 'A', 'B'])
  })

  test('gives no turn to what a page brings along, so that a reload shows the other instance', async () => {
    const ask = await balanced(await instance('A'), await instance('B'))
    const names = []
    for (const wanted of ['document', 'style', 'image', 'document', 'style'])
      names.push((await ask({ headers: { 'Sec-Fetch-Dest': wanted } })).name)
    expect(names).toEqual(['A', 'B', 'B', 'B', 'A'])
  })

  test('passes on requests and answers as they are', async () => {
    const ask = await balanced(await instance('A'))
    const reply = await ask({
      method: 'POST',
      path: '/likes?x=1',
      headers: { Cookie: 'sid=1' },
      body: 'likes=tea',
    })
    expect(reply).toMatchObject({ method: 'POST', url: '/likes?x=1', body: 'likes=tea' })
    expect((reply.headers as Record<string, string>).cookie).toBe('sid=1')
  })

  test('keeps each Set-Cookie apart', async () => {
    const a = await instance('A')
    const port = await freePort()
    const balancer = await startBalancer(port, [a])
    onTestFinished(() => balancer.close())
    const { headers } = await send({
      host: '127.0.0.1',
      port,
      method: 'GET',
      path: '/',
      headers: {},
      body: null,
    })
    expect(headers.filter(([name]) => name === 'Set-Cookie').map(([, value]) => value)).toEqual([
      'one=1',
      'two=2',
    ])
  })

  test('says who asked, how and for what, whatever the client says of that', async () => {
    const ask = await balanced(await instance('A'))
    const { headers } = await ask({
      headers: {
        Host: 'shop.test',
        'X-Forwarded-For': '192.0.2.1',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Host': 'x',
      },
    })
    expect(headers).toMatchObject({
      host: 'shop.test',
      'x-forwarded-for': '192.0.2.1, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'shop.test',
    })
  })

  test('passes over an instance that takes no connection, also with a form that was sent', async () => {
    const ask = await balanced(await nobody('A'), await instance('B'), await nobody('C'))
    for (let n = 0; n < 3; n++) {
      const reply = await ask({ method: 'POST', body: 'likes=tea' })
      expect([reply.name, reply.body]).toEqual(['B', 'likes=tea'])
      expect(reply.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1' })
    }
  })

  test('does not ask another one after an instance has died of the request', async () => {
    const ask = await balanced(await instance('A'), await instance('B'))
    const reply = await ask({ method: 'POST', body: 'die' })
    expect(reply).toMatchObject({
      status: 502,
      said: '502: Instance A ended while it was at work on this request.\n',
    })
  })

  test('says so when no instance takes a connection', async () => {
    const ask = await balanced(await nobody('A'), await nobody('B'))
    expect(await ask()).toMatchObject({ status: 502, said: expect.stringContaining('No instance answers') })
  })

  test('takes no request of more than a megabyte', async () => {
    const ask = await balanced(await instance('A'))
    expect(await ask({ method: 'POST', body: 'x'.repeat(1_000_001) })).toMatchObject({ status: 413 })
  })

  test('cuts an answer that the instance does not finish', async () => {
    const broken = await serving((_req, res) => {
      res.writeHead(200, { 'Content-Length': '1000' })
      res.write('half')
      setTimeout(() => res.destroy(), 20)
    })
    const ask = await balanced({ ...broken, name: 'A' })
    await expect(ask()).rejects.toMatchObject({ kind: 'cut' })
  })

  test('refuses a port that is taken', async () => {
    const taken = await serving((_req, res) => res.end())
    await expect(startBalancer(taken.port, [])).rejects.toThrow('EADDRINUSE')
    expect(http.STATUS_CODES[502]).toBe('Bad Gateway')
  })
})
