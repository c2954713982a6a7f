// Node's own HTTP server and no routes: a table of actions. Each token knows until when it is good. Ids go on from 1001.
import { createHash, randomBytes, randomInt, randomUUID, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import sqlite3 from 'sqlite3'
import { Database, openDatabase } from '../../../../labs/kit/database.ts'
import type { Session, SessionData, SessionInterface } from '../../../../solutions/07-cookie-free/session.ts'
import { defaultSettings, type Settings } from '../../../../solutions/07-cookie-free/settings.ts'

type Body = Record<string, unknown>

interface Row {
  id: number
  title: string
  text: string
  publishAt: number
  closesAt: number | null
  teaser: number
  votes: number
}

class Problem extends Error {
  readonly status: number
  constructor(status: number, says: string) {
    super(says)
    this.status = status
  }
}

const UNKNOWN = 'No session has this token.'
const NO_TEASER = 'There is no such teaser.'
const NOT_HIDDEN = 'There is no such reply in quarantine.'
const BAD_TEASER = 'A teaser needs a title (200 characters), a text (1,000) and a time to publish it.'

const BODY_MAX_BYTES = 16 * 1024
const sha = (text: string) => createHash('sha256').update(text).digest()
const file = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
const PAGES: Record<string, [type: string, body: string]> = {
  '/': ['text/html; charset=utf-8', file('../../../../solutions/07-cookie-free/page.html')],
  '/client.js': ['text/javascript', file('../../../../solutions/07-cookie-free/client.js')],
  '/kit/style.css': ['text/css', file('../../../../labs/kit/style.css')],
}

async function openTables(name: string): Promise<Database> {
  const db = name === ':memory:' ? new Database(new sqlite3.Database(name)) : await openDatabase(name)
  for (const table of [
    'visits (id TEXT PRIMARY KEY, began INTEGER, seen INTEGER, data TEXT)',
    'keys (digest BLOB PRIMARY KEY, visit TEXT, number INTEGER, goodUntil INTEGER)',
    'teasers (id INTEGER PRIMARY KEY, title TEXT, text TEXT, publishAt INTEGER, closesAt INTEGER)',
    'replies (id INTEGER PRIMARY KEY, teaser INTEGER, text TEXT, votes INTEGER, hidden INTEGER)',
  ]) {
    await db.run(`CREATE TABLE IF NOT EXISTS ${table}`)
  }
  return db
}

function openSessions(db: Database, settings: Settings): SessionInterface {
  const { now, graceSeconds, idleSeconds, absoluteSeconds } = settings
  const forget = async (where: string, ...values: (string | number | null)[]) => {
    await db.run(`DELETE FROM keys WHERE visit IN (SELECT id FROM visits WHERE ${where})`, ...values)
    await db.run(`DELETE FROM visits WHERE ${where}`, ...values)
  }
  const sessions: SessionInterface = {
    async begin(data = {}) {
      await forget('seen <= ? OR began <= ?', now() - idleSeconds * 1000, now() - absoluteSeconds * 1000)
      const id = randomUUID()
      await db.run('INSERT INTO visits VALUES (?, ?, ?, ?)', id, now(), now(), JSON.stringify(data))
      return { id, data, generation: 0 }
    },
    async open({ body }) {
      const nobody: Session = { id: undefined, data: {} }
      if (typeof body?.token !== 'string') return nobody
      const digest = sha(body.token).toString('hex')
      const key = await db.get<{ visit: string; number: number; goodUntil: number | null }>(
        'SELECT * FROM keys WHERE digest = ?',
        digest,
      )
      const visit =
        key &&
        (await db.get<{ began: number; seen: number; data: string }>(
          'SELECT * FROM visits WHERE id = ?',
          key.visit,
        ))
      if (!key || !visit) return nobody
      const isOver = now() - visit.seen >= idleSeconds * 1000 || now() - visit.began >= absoluteSeconds * 1000
      if (isOver || (key.goodUntil !== null && now() >= key.goodUntil)) {
        await forget('id = ?', key.visit)
        return nobody
      }
      return { id: key.visit, data: JSON.parse(visit.data), generation: key.number }
    },
    async save({ id, data, generation = 0 }, answer) {
      if (id === undefined) throw new Error('Opened without a token: nothing leads to this session.')
      answer.token = randomBytes(32).toString('base64url')
      await db.run('UPDATE visits SET data = ?, seen = ? WHERE id = ?', JSON.stringify(data), now(), id)
      await db.run(
        'UPDATE keys SET goodUntil = ? WHERE visit = ? AND number < ? AND goodUntil IS NULL',
        now() + graceSeconds * 1000,
        id,
        generation + 1,
      )
      const digest = sha(answer.token).toString('hex')
      await db.run('INSERT INTO keys VALUES (?, ?, ?, NULL)', digest, id, generation + 1)
    },
    async renew(session) {
      await sessions.end(session)
      return sessions.begin(session.data)
    },
    end: ({ id }) => forget('id = ?', id ?? null),
  }
  return sessions
}

export async function openApp(given: Partial<Settings> = {}) {
  const settings = { ...defaultSettings, ...given }
  const { now } = settings
  const db = await openTables(settings.database)
  const sessions = openSessions(db, settings)

  const addTeaser = async (title: string, text: string, publishAt: number, closesAt: number | null) => {
    const row = await db.get<{ id: number }>(
      'INSERT INTO teasers VALUES ((SELECT 1 + MAX(1000, COALESCE(MAX(id), 0)) FROM teasers), ?, ?, ?, ?) RETURNING id',
      title,
      text,
      publishAt,
      closesAt,
    )
    return row?.id
  }
  if (settings.withExamples && !(await db.get('SELECT 1 FROM teasers'))) {
    const example = 'INSERT INTO teasers VALUES (?, ?, ?, ?, ?)'
    await db.run(example, 1, 'The barber', 'Who shaves the barber?', now() - 5000, now() - 10)
    await db.run(example, 2, 'The arrow', 'Does it move?', now() - 4000, null)
  }

  const isOpen = ({ closesAt }: Row) => closesAt === null || closesAt > now()
  const published = async (id: unknown) =>
    isWhole(id) ? db.get<Row>('SELECT * FROM teasers WHERE id = ? AND publishAt <= ?', id, now()) : undefined
  const repliesTo = (teaser: number, last: number) =>
    db.all<Row>(
      'SELECT id, text, votes FROM replies WHERE hidden = 0 AND teaser = ? AND id > ? ORDER BY id',
      teaser,
      last,
    )

  function note(data: SessionData): void {
    if (now() - (data.lastActMs ?? -Infinity) < settings.humanSeconds * 1000) data.tainted = true
    data.lastActMs = now()
  }
  function isSolved(data: SessionData, answer: unknown): boolean {
    if (data.captcha === undefined || typeof answer !== 'string') return false
    if (answer.trim() !== data.captcha) return false
    delete data.captcha
    delete data.tainted
    return true
  }
  function ask(data: SessionData) {
    const [a, b] = [randomInt(2, 10), randomInt(2, 10)]
    data.captcha = `${a + b}`
    return { question: `How much is ${a} plus ${b}?`, outcome: 'captcha' }
  }

  /** What an action does. `session.data` is stored afterwards, unless it has no id any more. */
  const actions: Record<string, (body: Body, session: Session) => Promise<object>> = {
    '/api/start': async () => ({}),
    '/api/end': async (_body, session) => {
      await sessions.end(session)
      session.id = undefined
      return {}
    },
    '/api/reflections': async () => {
      const rows = await db.all<Row>(
        'SELECT * FROM teasers WHERE publishAt <= ? ORDER BY publishAt DESC, id DESC',
        now(),
      )
      const reflections = []
      for (const row of rows) {
        const { publishAt, ...shown } = row
        reflections.push({ open: isOpen(row), replies: await repliesTo(row.id, 0), ...shown })
      }
      return { reflections }
    },
    '/api/reply': async ({ reflection, text, last, captcha }, { data }) => {
      note(data)
      const teaser = await published(reflection)
      const said = shortText(text, 1000)
      if (!teaser || said === undefined || !isWhole(last)) return { outcome: 'invalid' }
      if (!isOpen(teaser)) return { outcome: 'closed' }
      const replies = await repliesTo(teaser.id, last)
      if (replies.length > 0) return { replies, outcome: 'ninja' }
      const soon = data.lastReplyMs !== undefined && now() - data.lastReplyMs < settings.replySeconds * 1000
      if ((data.tainted || soon) && !isSolved(data, captcha)) return ask(data)
      data.lastReplyMs = now()
      await db.run(
        'INSERT INTO replies VALUES ((SELECT 1 + COALESCE(MAX(id), 1000) FROM replies), ?, ?, 0, 0)',
        teaser.id,
        said,
      )
      return { replies: await repliesTo(teaser.id, last), outcome: 'success' }
    },
    '/api/vote': async ({ reply, vote, captcha }, { data }) => {
      note(data)
      const row = isWhole(reply)
        ? await db.get<Row>('SELECT * FROM replies WHERE id = ? AND hidden = 0', reply)
        : undefined
      const teaser = row && (await published(row.teaser))
      if (!teaser || (vote !== 'up' && vote !== 'down')) return { outcome: 'invalid' }
      if (!isOpen(teaser)) return { outcome: 'closed' }
      if (data.tainted && !isSolved(data, captcha)) return ask(data)
      const votes = row.votes + (vote === 'up' ? 1 : -1)
      const quarantined = votes + settings.quarantineVotes <= 0
      await db.run('UPDATE replies SET votes = ?, hidden = ? WHERE id = ?', votes, +quarantined, row.id)
      return { votes, quarantined, outcome: 'success' }
    },
    '/api/admin/login': async ({ password }, session) => {
      const isRight =
        typeof password === 'string' && timingSafeEqual(sha(password), sha(settings.adminPassword))
      if (!isRight) throw new Problem(403, 'That is not the password.')
      session.data.isAdmin = true
      Object.assign(session, await sessions.renew(session))
      return {}
    },
    '/api/admin/teasers': async () => {
      const teasers = []
      for (const row of await db.all<Row>('SELECT * FROM teasers ORDER BY publishAt DESC, id DESC')) {
        const sql = 'SELECT id, text, votes FROM replies WHERE hidden = 1 AND teaser = ?'
        teasers.push({ quarantined: await db.all<Row>(sql, row.id), ...row })
      }
      return { teasers }
    },
    '/api/admin/publish': async ({ title, text, publishAt, closesAt }) => {
      const [shortTitle, said] = [shortText(title, 200), shortText(text, 1000)]
      if (shortTitle === undefined || said === undefined || !isWhole(publishAt)) {
        throw new Problem(400, BAD_TEASER)
      }
      if (closesAt !== null && !isWhole(closesAt)) throw new Problem(400, BAD_TEASER)
      return { id: await addTeaser(shortTitle, said, publishAt, closesAt) }
    },
    '/api/admin/bump': async ({ id }) => {
      const known = isWhole(id) && (await db.get('SELECT 1 FROM teasers WHERE id = ?', id))
      if (!known) throw new Problem(404, NO_TEASER)
      await db.run('UPDATE teasers SET publishAt = ? WHERE id = ?', now(), id)
      return {}
    },
    '/api/admin/release': async ({ reply }) => {
      if (!isWhole(reply)) throw new Problem(404, NOT_HIDDEN)
      const sql = 'UPDATE replies SET hidden = 0, votes = 0 WHERE id = ? AND hidden = 1'
      if ((await db.run(sql, reply)).changes === 0) throw new Problem(404, NOT_HIDDEN)
      return {}
    },
  }

  async function perform(path: string, body: Body): Promise<object> {
    const action = Object.hasOwn(actions, path) ? actions[path] : undefined
    if (!action) throw new Problem(404, `There is nothing called ${path.replace('/api', '')} here.`)
    const session = path === '/api/start' ? await sessions.begin() : await sessions.open({ body })
    if (session.id === undefined) throw new Problem(401, UNKNOWN)
    if (/^\/api\/admin\/(?!login$)/.test(path) && !session.data.isAdmin) {
      throw new Problem(403, 'This is for the editors. Log in first.')
    }
    const result = await action(body, session)
    const answer = {}
    if (session.id !== undefined) await sessions.save(session, answer)
    return { ...result, ...answer }
  }

  let last: Promise<unknown> = Promise.resolve()
  const server = http.createServer(async (req, res) => {
    const path = new URL(req.url ?? '/', 'http://localhost').pathname
    const page = req.method === 'GET' && Object.hasOwn(PAGES, path) ? PAGES[path] : undefined
    if (page) return res.writeHead(200, { 'Content-Type': page[0] }).end(page[1])
    const send = (status: number, answer: object) => {
      const challenge = {
        ...(status === 401 && { 'WWW-Authenticate': 'Bearer realm="session-labs"' }),
        ...(status === 405 && { Allow: 'POST' }),
      }
      const type = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
      res.writeHead(status, { ...type, ...challenge }).end(JSON.stringify(answer))
    }
    try {
      const body = await readBody(req)
      const work = last.then(() => perform(path, body))
      last = work.catch(() => {})
      send(200, await work)
    } catch (error) {
      const status = error instanceof Problem ? error.status : 500
      if (status === 500) console.error(error)
      send(status, { error: (error as Error).message })
    }
  })
  // As much of an Express app as anybody needs.
  const handler = { listen: (port: number, host?: string) => server.listen(port, host) }
  return { handler, sessions, settings, close: () => db.close() }
}

async function readBody(req: http.IncomingMessage): Promise<Body> {
  if (req.method !== 'POST') throw new Problem(405, 'The API answers POST only.')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of req) {
    bytes += chunk.length
    if (bytes <= BODY_MAX_BYTES) chunks.push(chunk)
  }
  if (!/^application\/json\s*(?:;|$)/i.test(req.headers['content-type'] ?? '')) {
    throw new Problem(415, 'The Content-Type has to be application/json.')
  }
  if (bytes > BODY_MAX_BYTES) throw new Problem(413, 'The body can have 16kb.')
  let body: unknown
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}')
  } catch {
    throw new Problem(400, 'The body is not JSON.')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem(400, 'The body has to be a JSON object.')
  }
  return body as Body
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function shortText(value: unknown, max: number): string | undefined {
  const text = typeof value === 'string' ? value.trim() : ''
  return text.length > 0 && Array.from(text).length <= max ? text : undefined
}
