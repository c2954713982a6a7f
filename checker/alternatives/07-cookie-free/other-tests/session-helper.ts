// Another helper: visitors are functions, requests go through node:http, and the session is found by a Map.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { type App, openApp, type Reflection, type Reply, type SessionData, type Settings } from './app.ts'

const left: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of left.splice(0)) await close()
})

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  token?: string
  outcome?: string
  question?: string
  reflections?: Reflection[]
  replies?: Reply[]
  votes?: number
  id?: number
}

export interface TestApp extends App {
  port: number
  nowMs(): number
  step(seconds: number): void
}

export async function startApp(settings: Partial<Settings> = {}): Promise<TestApp> {
  const clock = { ms: 1_900_000_000_000 }
  const app = await openApp({ now: () => clock.ms, ...settings })
  const server = app.handler.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.on('listening', resolve))
  left.push(async () => {
    server.close()
    await app.close()
  })
  const step = (seconds: number) => {
    clock.ms += seconds * 1000
  }
  return { ...app, port: (server.address() as AddressInfo).port, nowMs: () => clock.ms, step }
}

export function request(port: number, path: string, body: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path: `/api${path}`, method: 'POST', agent: false }
    const outgoing = http.request(
      { ...options, headers: { 'Content-Type': 'application/json' } },
      async (res) => {
        let text = ''
        for await (const chunk of res) text += chunk
        resolve({ ...JSON.parse(text), status: res.statusCode, headers: res.headers })
      },
    )
    outgoing.on('error', reject).end(JSON.stringify(body))
  })
}

export interface Visitor {
  app: TestApp
  token: string | undefined
  post(path: string, fields?: object): Promise<Answer>
}

export async function visit(app: TestApp): Promise<Visitor> {
  const visitor: Visitor = {
    app,
    token: undefined,
    async post(path, fields) {
      const answer = await request(app.port, path, { ...fields, token: visitor.token })
      if (answer.token) visitor.token = answer.token
      return answer
    },
  }
  await visitor.post('/start')
  return visitor
}

export async function publish(app: TestApp, title: string): Promise<number> {
  const editor = await visit(app)
  await editor.post('/admin/login', { password: app.settings.adminPassword })
  const teaser = { title, text: 'Well?', publishAt: app.nowMs(), closesAt: null }
  return (await editor.post('/admin/publish', teaser)).id as number
}

export async function withSession(visitor: Visitor, change: (data: SessionData) => void): Promise<void> {
  const { sessions } = visitor.app
  const session = await sessions.open({ body: visitor })
  change(session.data)
  await sessions.save(session, visitor)
}
