// A token is where to look and a secret, `12.Yx3…`. What is stored of the secret is an HMAC, whose key is not in the database.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createApp, serve } from '../../../../labs/kit/app.ts'
import { port, sessionSecrets } from '../../../../labs/kit/config.ts'
import { addAdminRoutes } from '../../../../solutions/07-cookie-free/admin.ts'
import { closeApi, createApi } from '../../../../solutions/07-cookie-free/api.ts'
import { openTables } from '../../../../solutions/07-cookie-free/database.ts'
import { addExamples, addReflectionRoutes } from '../../../../solutions/07-cookie-free/reflections.ts'
import { addReplyRoute } from '../../../../solutions/07-cookie-free/replies.ts'
import type { Session, SessionInterface } from '../../../../solutions/07-cookie-free/session.ts'
import { settingsFromEnvironment } from '../../../../solutions/07-cookie-free/settings.ts'
import { addVoteRoute } from '../../../../solutions/07-cookie-free/votes.ts'

interface Ticket {
  id: number
  mac: string
  visit: number
  round: number
  expiresMs: number | null
  data: string
  endsMs: number
  idleMs: number
}

const settings = settingsFromEnvironment()
const { now } = settings
const [key] = sessionSecrets()
const db = await openTables(settings.database)
const site = { db, settings }
await db.run(
  'CREATE TABLE IF NOT EXISTS visits (id INTEGER PRIMARY KEY AUTOINCREMENT, data TEXT, endsMs INTEGER, idleMs INTEGER)',
)
await db.run(
  'CREATE TABLE IF NOT EXISTS tickets (id INTEGER PRIMARY KEY AUTOINCREMENT, mac TEXT, visit INTEGER, round INTEGER, expiresMs INTEGER)',
)
await takeAway()

/** What has ended, with its tickets. */
async function takeAway(visit = -1): Promise<void> {
  await db.run('DELETE FROM visits WHERE id = ? OR endsMs <= ? OR idleMs <= ?', visit, now(), now())
  await db.run('DELETE FROM tickets WHERE NOT EXISTS (SELECT 1 FROM visits WHERE visits.id = visit)')
}

function macOf(secret: string): Buffer {
  return createHmac('sha512', key).update(secret).digest()
}

const idleUntil = () => now() + settings.idleSeconds * 1000

const sessions: SessionInterface = {
  async begin(data = {}) {
    await takeAway()
    const row = await db.get<{ id: number }>(
      'INSERT INTO visits (data, endsMs, idleMs) VALUES (?, ?, ?) RETURNING id',
      JSON.stringify(data),
      now() + settings.absoluteSeconds * 1000,
      idleUntil(),
    )
    return { id: String(row?.id), data, generation: 0 }
  },

  async open({ body }) {
    const nobody: Session = { id: undefined, data: {} }
    const [where, secret, ...others] = typeof body?.token === 'string' ? body.token.split('.') : []
    if (!where || !secret || others.length > 0 || !/^[1-9]\d{0,14}$/.test(where)) return nobody
    const ticket = await db.get<Ticket>(
      'SELECT tickets.*, data, endsMs, idleMs FROM tickets JOIN visits ON visits.id = visit WHERE tickets.id = ?',
      Number(where),
    )
    if (!ticket || !timingSafeEqual(Buffer.from(ticket.mac, 'hex'), macOf(secret))) return nobody
    const isOver = Math.min(ticket.endsMs, ticket.idleMs, ticket.expiresMs ?? Infinity) <= now()
    if (isOver) await takeAway(ticket.visit)
    return isOver
      ? nobody
      : { id: String(ticket.visit), data: JSON.parse(ticket.data), generation: ticket.round }
  },

  async save({ id, data, generation = 0 }, answer) {
    if (id === undefined) throw new Error('This visit has not begun.')
    const secret = randomBytes(18).toString('base64url')
    const row = await db.get<{ id: number }>(
      'INSERT INTO tickets (mac, visit, round) VALUES (?, ?, ?) RETURNING id',
      macOf(secret).toString('hex'),
      Number(id),
      generation + 1,
    )
    await db.run(
      'UPDATE tickets SET expiresMs = COALESCE(expiresMs, ?) WHERE visit = ? AND round <= ?',
      now() + settings.graceSeconds * 1000,
      Number(id),
      generation,
    )
    await db.run(
      'UPDATE visits SET data = ?, idleMs = ? WHERE id = ?',
      JSON.stringify(data),
      idleUntil(),
      Number(id),
    )
    answer.token = `${row?.id}.${secret}`
  },

  async renew({ id, data }) {
    await takeAway(Number(id))
    return sessions.begin(data)
  },

  end: ({ id }) => takeAway(Number(id)),
}

await addExamples(site)
const api = createApi(sessions)
api.post(
  '/start',
  async () => ({}),
  () => sessions.begin(),
)
api.post('/end', async (call) => {
  call.ended = true
  await sessions.end(call.session)
  return {}
})
addReflectionRoutes(api, site)
addReplyRoute(api, site)
addVoteRoute(api, site)
addAdminRoutes(api, site, sessions)
closeApi(api)

const app = createApp()
app.use('/api', api.router)
app.get('/', (_req, res) => {
  res.type('html').send('<!doctype html><title>Reflections</title><p>There is an API, and no page.')
})
serve(app, port(3007))
