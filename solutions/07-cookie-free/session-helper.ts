// What the tests need: an app with a clock of its own, visitors who send requests, and a way into their sessions.
import { onTestFinished } from 'vitest'
import {
  type App,
  openApp,
  type Reflection,
  type Reply,
  type SessionAnswer,
  type SessionData,
  type Settings,
} from './app.ts'

/** Which interface the tests use: `token`, or what the environment variable SESSION_INTERFACE says. */
export const sessionInterface = process.env.SESSION_INTERFACE === 'cookie' ? 'cookie' : 'token'

/** What the API answers: each action has some of these fields. */
export interface Answer {
  status: number
  headers: Headers
  token?: string
  error?: string
  outcome?: string
  question?: string
  reflections?: Reflection[]
  replies?: Reply[]
  votes?: number
  quarantined?: boolean
  id?: number
  teasers?: { id: number; quarantined: Reply[] }[]
}

export interface TestApp extends App {
  /** Where it listens, without a slash at the end. */
  url: string
  /** The time of its clock, in milliseconds since 1970. It stands still. */
  nowMs(): number
  /** Moves its clock on. */
  step(seconds: number): void
}

/** Starts an app with an empty database for the running test. */
export async function startApp(settings: Partial<Settings> = {}): Promise<TestApp> {
  let nowMs = Date.UTC(2030, 0, 1)
  const app = await openApp({ sessionInterface, now: () => nowMs, ...settings })
  const server = app.handler.listen(0, '127.0.0.1')
  await new Promise((listening) => server.once('listening', listening))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
    await app.close()
  })
  const { port } = server.address() as { port: number }
  return {
    ...app,
    url: `http://127.0.0.1:${port}`,
    nowMs: () => nowMs,
    step: (seconds) => {
      nowMs += seconds * 1000
    },
  }
}

/** A visitor, who keeps what leads back to the session: the token of the last answer, or the cookie. */
export class Visitor {
  readonly app: TestApp
  token: string | undefined
  cookie: string | undefined

  constructor(app: TestApp) {
    this.app = app
  }

  /** Sends a request as the page's script does, `post('/vote', { reply: 1, vote: 'up' })`, and keeps the next token. */
  async post(path: string, fields: object = {}): Promise<Answer> {
    const answer = await this.send(path, { token: this.token, ...fields })
    this.keep({ token: answer.token, setCookie: answer.headers.get('Set-Cookie') ?? undefined })
    return answer
  }

  /** Sends exactly this body, and keeps nothing of the answer. */
  async send(path: string, body: object): Promise<Answer> {
    const headers = { 'Content-Type': 'application/json', Cookie: this.cookie ?? '' }
    const reply = await fetch(`${this.app.url}/api${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    return { ...((await reply.json()) as object), status: reply.status, headers: reply.headers }
  }

  /** Keeps what leads back to the session. */
  keep({ token, setCookie }: SessionAnswer): void {
    this.token = token ?? this.token
    this.cookie = setCookie?.split(';')[0] ?? this.cookie
  }
}

/** Somebody new, with a session that carries nothing yet. */
export async function visit(app: TestApp): Promise<Visitor> {
  const visitor = new Visitor(app)
  await visitor.post('/start')
  return visitor
}

/** Somebody new who has logged in with the editors' password. */
export async function visitAsEditor(app: TestApp): Promise<Visitor> {
  const editor = await visit(app)
  await editor.post('/admin/login', { password: app.settings.adminPassword })
  return editor
}

/** Publishes a reflection now, and returns its id. It closes after `closesAfterSeconds`, or never. */
export async function publish(app: TestApp, title: string, closesAfterSeconds?: number): Promise<number> {
  const editor = await visitAsEditor(app)
  const publishAt = app.nowMs()
  const closesAt = closesAfterSeconds === undefined ? null : publishAt + closesAfterSeconds * 1000
  const { id } = await editor.post('/admin/publish', { title, text: 'Why?', publishAt, closesAt })
  return id ?? 0
}

/**
 * Opens the visitor's session outside of a request, lets `change` read it and put values on it, and saves it:
 * `await withSession(visitor, (data) => { data.tainted = true })`.
 */
export async function withSession(visitor: Visitor, change: (data: SessionData) => void): Promise<void> {
  const { sessions } = visitor.app
  const session = await sessions.open({ cookie: visitor.cookie, body: { token: visitor.token } })
  change(session.data)
  const answer: SessionAnswer = {}
  await sessions.save(session, answer)
  visitor.keep(answer)
}
