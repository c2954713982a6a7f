import type http from 'node:http'
import { describe, expect, test } from 'vitest'
import { serving } from '../testing/server.ts'
import type { Exchange } from './exchange.ts'
import { NoReply, Visitor } from './visitor.ts'

/** Answers with what was asked; `/set` sets a cookie. */
const echo: http.RequestListener = (req, res) => {
  let body = ''
  req.on('data', (chunk) => {
    body += chunk
  })
  req.on('end', () => {
    if (req.url === '/set') res.setHeader('Set-Cookie', 'cart=kite; Path=/; HttpOnly')
    res.setHeader('Content-Type', 'application/json')
    res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers, body }))
  })
}

async function ada(handler = echo) {
  const log: Exchange[] = []
  const address = await serving(handler)
  return { address, log, visitor: new Visitor('Ada', () => address, log) }
}

describe('a visitor', () => {
  test('keeps cookies between requests', async () => {
    const { visitor } = await ada()
    await visitor.get('/set')
    const reply = await visitor.get('/')
    expect(JSON.parse(reply.body).headers.cookie).toBe('cart=kite')
  })

  test('shares no cookies with another visitor', async () => {
    const { visitor, address, log } = await ada()
    await visitor.get('/set')
    const reply = await new Visitor('Grace', () => address, log).get('/')
    expect(JSON.parse(reply.body).headers.cookie).toBeUndefined()
  })

  test('says which instance was asked, where that has a name', async () => {
    const { address, log } = await ada()
    const visitor = new Visitor('Ada', () => ({ ...address, name: 'A', portOffset: 10 }), log)
    await visitor.get('/', { does: 'looks' })
    await visitor.get('/', { at: { ...address, name: 'C' } })
    expect(
      log.map(({ says, instance, portOffset, elsewhere }) => [says, instance, portOffset, elsewhere]),
    ).toEqual([
      ['Ada looks (instance A).', 'A', 10, false],
      ['Ada opens / (instance C).', 'C', 0, true],
    ])
  })

  test('posts forms as a browser does', async () => {
    const { visitor } = await ada()
    const sent = JSON.parse((await visitor.post('/note', { note: 'a&b é' })).body)
    expect(sent).toMatchObject({ method: 'POST', body: 'note=a%26b+%C3%A9' })
    expect(sent.headers['content-type']).toBe('application/x-www-form-urlencoded')
  })

  test('can send a Cookie header by hand, and its jar stays as it is', async () => {
    const { visitor } = await ada()
    const reply = await visitor.get('/set', { cookie: 'cart=forged' })
    expect(JSON.parse(reply.body).headers.cookie).toBe('cart=forged')
    expect(reply.setCookies[0]?.name).toBe('cart')
    expect(visitor.jar.list()).toEqual([])
  })

  test('can send no Cookie header at all', async () => {
    const { visitor } = await ada()
    await visitor.get('/set')
    const reply = await visitor.get('/', { cookie: null })
    expect(JSON.parse(reply.body).headers.cookie).toBeUndefined()
  })

  test('can visit another instance of the app', async () => {
    const { visitor, log } = await ada()
    const other = await serving((_req, res) => res.end('the other one'))
    expect((await visitor.get('/', { at: other })).body).toBe('the other one')
    await visitor.get('/')
    expect(log.map((one) => one.elsewhere)).toEqual([true, false])
  })

  test('reads any header of a reply by its name, in any case', async () => {
    const { visitor } = await ada((_req, res) => res.setHeader('X-Thing', 'yes').end())
    const reply = await visitor.get('/')
    expect(reply.header('x-thing')).toBe('yes')
    expect(reply.header('x-other')).toBeUndefined()
  })
})

describe('the log of exchanges', () => {
  test('has what went over the wire, and the jar before and after', async () => {
    const { visitor, log } = await ada()
    await visitor.post('/set', { item: 'kite' }, { does: 'puts a kite into the cart' })
    expect(log).toHaveLength(1)
    expect(log[0]).toMatchObject({
      visitor: 'Ada',
      says: 'Ada puts a kite into the cart.',
      request: { method: 'POST', path: '/set', cookie: null, headers: {}, body: 'item=kite' },
      reply: { status: 200, statusText: 'OK', setCookie: ['cart=kite; Path=/; HttpOnly'] },
      elsewhere: false,
      jarBefore: [],
      jarAfter: ['cart=kite'],
    })
  })

  test('says something of every request, also without words from the check', async () => {
    const { visitor, log } = await ada()
    await visitor.get('/cart')
    await visitor.post('/cart')
    await visitor.request('DELETE', '/cart', null, {})
    expect(log.map((one) => one.says)).toEqual([
      'Ada opens /cart.',
      'Ada sends POST /cart.',
      'Ada sends DELETE /cart.',
    ])
  })

  test('leaves out what is aside once it is answered, and hands it over with the reply', async () => {
    const { visitor, log } = await ada()
    const reply = await visitor.get('/prices', { aside: true })
    expect(log).toEqual([])
    expect(reply.exchange.request.path).toBe('/prices')
  })

  test('keeps what is aside when it gets no answer, for that is the story then', async () => {
    const { visitor, log } = await ada((req) => req.socket.destroy())
    await expect(visitor.get('/prices', { aside: true })).rejects.toThrow(NoReply)
    expect(log).toHaveLength(1)
    expect(log[0]?.reply).toBeNull()
  })
})
