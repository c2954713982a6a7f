import { execFile } from 'node:child_process'
import type http from 'node:http'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Exchange } from '../http/exchange.ts'
import { exchange } from '../testing/samples.ts'
import { serving } from '../testing/server.ts'
import { makeFolder } from '../testing/workbook.ts'
import { curlCommands, sendsForeignKey } from './curl.ts'

/** What Ada does, one request after the other, with the cookies that her jar has by then. */
function story(...steps: [method: string, path: string, body: string | null, jar: string[]][]): Exchange[] {
  return steps.map(([method, path, body, jarBefore]) =>
    exchange({ request: { method, path, body, cookie: jarBefore.join('; ') || null }, jarBefore }),
  )
}

describe('the curl commands that repeat a check', () => {
  test('show the whole answer of a single request', () => {
    expect(curlCommands(story(['GET', '/cart', null, []]), 3001)).toEqual([
      'curl -i http://localhost:3001/cart',
    ])
  })

  test('post a form', () => {
    expect(curlCommands(story(['POST', '/cart', 'item=kite&n=1', []]), 3001)).toEqual([
      'curl -i -d "item=kite&n=1" http://localhost:3001/cart',
    ])
    expect(curlCommands(story(['POST', '/forget', '', []]), 3001)).toEqual([
      'curl -i -d "" http://localhost:3001/forget',
    ])
  })

  test('keep the cookies of several requests in a jar', () => {
    const steps = story(['POST', '/cart', 'item=kite', []], ['GET', '/cart', null, ['cart=1']])
    expect(curlCommands(steps, 3001)).toEqual([
      'curl -s -b ada.txt -c ada.txt -d item=kite http://localhost:3001/cart',
      'curl -i -b ada.txt -c ada.txt http://localhost:3001/cart',
    ])
  })

  test('give every visitor a jar', () => {
    const [first, last] = story(['GET', '/', null, []], ['GET', '/cart', null, []])
    const other = exchange({ visitor: 'Grace', request: { path: '/other' } })
    expect(curlCommands([first as Exchange, other, last as Exchange], 3001)).toEqual([
      'curl -s -b ada.txt -c ada.txt http://localhost:3001/',
      'curl -s -b grace.txt -c grace.txt http://localhost:3001/other',
      'curl -i -b ada.txt -c ada.txt http://localhost:3001/cart',
    ])
    const named = exchange({ visitor: 'A new visitor' })
    expect(curlCommands([named, named], 3001)[0]).toContain(' -b a-new-visitor.txt -c a-new-visitor.txt ')
  })

  test('are none where a request went to another instance: the one app could not answer the same', () => {
    const [first, last] = story(['GET', '/', null, []], ['GET', '/cart', null, []]) as [Exchange, Exchange]
    expect(curlCommands([{ ...first, elsewhere: true }, last], 3001)).toEqual([])
    expect(curlCommands([first, { ...last, elsewhere: true }], 3001)).toEqual([])
  })

  test('ask the instance that was asked, at its own port', () => {
    const asked = exchange({ instance: 'B', portOffset: 20 })
    expect(curlCommands([asked], 3005)).toEqual(['curl -i http://localhost:3025/'])
  })

  test('write a cookie out that was sent by hand', () => {
    const [first] = story(['GET', '/', null, []])
    const forged = exchange({ request: { path: '/cart', cookie: 'cart=%E0%A4' }, jarBefore: ['cart=1'] })
    expect(curlCommands([first as Exchange, forged], 3001)).toEqual([
      'curl -i -H "Cookie: cart=%E0%A4" http://localhost:3001/cart',
    ])
  })

  test('are one, with its cookies written out, where the way there is too long', () => {
    const many = Array.from({ length: 8 }, (): Parameters<typeof story>[number] => [
      'GET',
      '/cart',
      null,
      ['a=1'],
    ])
    expect(curlCommands(story(...many), 3001)).toEqual([
      'curl -i -H "Cookie: a=1" http://localhost:3001/cart',
    ])
  })

  test('never have a key in them that was drawn in this run: no other run knows it', () => {
    const key = '0b1f0b5e-3c9e-4a0a-9d35-8d3f0a7c1b42'
    const begin = exchange({ reply: { setCookie: [`key=${key}; Path=/`] } })
    const forged = (cookie: string) => [begin, exchange({ request: { cookie }, jarBefore: [`key=${key}`] })]
    for (const cookie of [`key=${key}`, `other=1; key=${key}`]) {
      expect(curlCommands(forged(cookie).concat(forged(cookie), forged(cookie)), 3003)).toEqual([])
      expect(sendsForeignKey(forged(cookie))).toBe(true)
    }
    // One that nobody has set, and a cookie that holds the state itself, work anywhere.
    const state = `game=${Buffer.from('{"room":"hall","turns":3}').toString('base64url')}.Zm9vYmFyYmF6Zm9v`
    for (const cookie of [
      'key=00000000-0000-4000-8000-000000000000',
      state,
      'cart=%7B%22lines%22%3A%7B%7D%7D',
      'cart=kite%3D2%26train%3D13',
    ]) {
      const setsIt = exchange({ reply: { setCookie: cookie.startsWith('key') ? [] : [`${cookie}; Path=/`] } })
      const steps = [...forged(cookie), setsIt, ...forged(cookie)]
      expect(curlCommands(steps, 3003)).toEqual([`curl -i -H "Cookie: ${cookie}" http://localhost:3003/`])
    }
  })

  test('are none where they would be too long to be of use, or where there was no request', () => {
    expect(curlCommands(story(['POST', '/note', `note=${'m'.repeat(5000)}`, []]), 3001)).toEqual([])
    expect(curlCommands([], 3001)).toEqual([])
  })

  test.runIf(process.platform !== 'win32')(
    'send, in a shell, exactly what the check sent, whatever characters are in it',
    async () => {
      const received: { url?: string; cookie?: string; thing: unknown; body: string }[] = []
      const listener: http.RequestListener = (req, res) => {
        let body = ''
        req.on('data', (chunk) => {
          body += chunk
        })
        req.on('end', () => {
          received.push({ url: req.url, cookie: req.headers.cookie, thing: req.headers['x-thing'], body })
          res.end()
        })
      }
      const { port } = await serving(listener)
      const nasty = `a b"c'd\`e$HOME;f\\g!h&i|j(k)<l>*?#~`
      const sent = exchange({
        request: {
          method: 'POST',
          path: `/x?q=%22&r='$(id)'`,
          cookie: `cart={"n":1}; other=it's`,
          headers: { 'X-Thing': nasty },
          body: nasty,
        },
      })
      const [command] = curlCommands([sent], port)
      await promisify(execFile)('bash', ['-c', command ?? ''], { cwd: makeFolder() })
      expect(received).toEqual([
        { url: sent.request.path, cookie: sent.request.cookie, thing: nasty, body: nasty },
      ])
    },
  )
})
