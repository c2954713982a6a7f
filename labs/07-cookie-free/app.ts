// The whole app: the page, its script, and the API. Given: read it, there is nothing to do here.
//
// Tests need no more than this file has: openApp, and the types.
import type { Express } from 'express'
import { createApp } from '#kit/app.ts'
import { addAdminRoutes } from './admin.ts'
import { closeApi, createApi } from './api.ts'
import { cookieSessions } from './cookie-sessions.ts'
import { openTables } from './database.ts'
import { addExamples, addReflectionRoutes } from './reflections.ts'
import { addReplyRoute } from './replies.ts'
import type { SessionInterface } from './session.ts'
import { defaultSettings, type Settings } from './settings.ts'
import { tokenSessions } from './tokens.ts'
import { addVoteRoute } from './votes.ts'

export type { Reflection, Reply } from './reflections.ts'
export type { Session, SessionAnswer, SessionData, SessionInterface } from './session.ts'
export type { Settings } from './settings.ts'

export interface App {
  /** What answers the requests. `handler.listen(0, '127.0.0.1')` serves it on a free port. */
  handler: Express
  /** The way to the sessions that the requests take, too. */
  sessions: SessionInterface
  settings: Settings
  /** Closes the database. */
  close(): Promise<void>
}

/** Scripts, styles and requests of our own only: what gets into the page cannot read the token and send it away. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Opens the database and makes the app. What is not given is as in `defaultSettings`. */
export async function openApp(given: Partial<Settings> = {}): Promise<App> {
  const settings = { ...defaultSettings, ...given }
  const db = await openTables(settings.database)
  const sessions = settings.sessionInterface === 'cookie' ? cookieSessions() : tokenSessions(db, settings)
  const site = { db, settings }
  if (settings.withExamples) await addExamples(site)

  const api = createApi(sessions)
  api.post(
    '/start',
    async () => ({}),
    () => sessions.begin(),
  )
  api.post('/end', async (call) => {
    await sessions.end(call.session)
    call.ended = true
    return {}
  })
  addReflectionRoutes(api, site)
  addReplyRoute(api, site)
  addVoteRoute(api, site)
  addAdminRoutes(api, site, sessions)
  closeApi(api)

  const handler = createApp()
  handler.use('/api', api.router)
  handler.get('/', (_req, res) => {
    res.set('Content-Security-Policy', CONTENT_SECURITY_POLICY)
    res.sendFile('page.html', { root: import.meta.dirname })
  })
  handler.get('/client.js', (_req, res) => {
    res.sendFile('client.js', { root: import.meta.dirname })
  })
  return { handler, sessions, settings, close: () => db.close() }
}
