import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createApp, field, Refusal, serve } from './app.ts'

/** Starts an app with these routes for the running test. */
async function listening(routes: (app: Express) => void = () => {}): Promise<Server> {
  const app = createApp()
  routes(app)
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const server = serve(app, 0)
  onTestFinished(() => {
    vi.restoreAllMocks()
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return server
}

/** The same, as the address to ask. */
async function served(routes?: (app: Express) => void): Promise<string> {
  const { port } = (await listening(routes)).address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

const form = (text: string) => ({
  method: 'POST',
  body: text,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
})

describe('an app of the kit', () => {
  test('reads a form, and field gives one text of it', async () => {
    const url = await served((app) => app.post('/note', (req, res) => void res.send(field(req, 'note'))))
    const reply = await fetch(`${url}/note`, form('note=a%26b+%C3%A9'))
    expect(await reply.text()).toBe('a&b é')
  })

  test.each([
    ['missing', form('other=1')],
    ['sent twice', form('note=1&note=2')],
    ['sent as a list', form('note[]=1')],
    ['in no form at all', { method: 'POST' }],
  ])('refuses with 400 a field that is %s', async (_how, request) => {
    const url = await served((app) => app.post('/note', (req, res) => void res.send(field(req, 'note'))))
    const reply = await fetch(`${url}/note`, request)
    expect(reply.status).toBe(400)
    expect(await reply.text()).toContain('The form has to send the field &quot;note&quot; once.')
  })

  test('makes a page of a Refusal, with its status and its sentence as text', async () => {
    const url = await served((app) =>
      app.get('/', () => {
        throw new Refusal(413, 'That <b>does not</b> fit.')
      }),
    )
    const reply = await fetch(url)
    expect(reply.status).toBe(413)
    expect(reply.headers.get('content-type')).toContain('text/html')
    expect(await reply.text()).toContain('That &lt;b&gt;does not&lt;/b&gt; fit.')
  })

  test('keeps the sentence of a Refusal with 503, which is no mistake of the app', async () => {
    const url = await served((app) =>
      app.get('/', () => {
        throw new Refusal(503, 'Try again in a moment.')
      }),
    )
    const reply = await fetch(url)
    expect(reply.status).toBe(503)
    expect(await reply.text()).toContain('Try again in a moment.')
  })

  test('makes the same page of a Refusal in an async route', async () => {
    const url = await served((app) =>
      app.get('/', async () => {
        throw new Refusal(404, 'Not here.')
      }),
    )
    expect((await fetch(url)).status).toBe(404)
  })

  test('answers 404 where there is no route, with the path as text', async () => {
    const reply = await fetch(`${await served()}/%3Cscript%3E`, { method: 'DELETE' })
    expect(reply.status).toBe(404)
    const text = await reply.text()
    expect(text).toContain('that answers DELETE')
    expect(text).not.toContain('<script>')
  })

  test('shows nothing of its insides when it breaks, and tells the terminal everything', async () => {
    const url = await served((app) =>
      app.get('/', () => {
        throw new Error('password of the database')
      }),
    )
    const told = vi.spyOn(console, 'error').mockImplementation(() => {})
    const reply = await fetch(url)
    expect(reply.status).toBe(500)
    const text = await reply.text()
    expect(text).toContain('Something went wrong on the server.')
    expect(text).not.toMatch(/password|app\.test\.ts|node_modules/)
    expect(told).toHaveBeenCalledWith(expect.objectContaining({ message: 'password of the database' }))
  })

  test('answers a path with a broken percent-encoding with 400', async () => {
    const url = await served((app) => app.get('/orders/:id', (_req, res) => void res.send('x')))
    expect((await fetch(`${url}/orders/%E0%A4`)).status).toBe(400)
  })

  test('has the style sheet, and does not name its software', async () => {
    const reply = await fetch(`${await served()}/kit/style.css`)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('content-type')).toContain('text/css')
    expect(reply.headers.get('x-powered-by')).toBeNull()
  })

  test('listens for this computer only', async () => {
    expect((await listening()).address()).toMatchObject({ address: '127.0.0.1' })
  })
})
