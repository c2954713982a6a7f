// The extension, with a switch for each option. A transaction goes through the middleware itself, with a made-up request.
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import path from 'node:path'
import type { Express, Request, Response } from 'express'
import session from 'express-session'
import { cookieHeaderFor } from '../../../../solutions/06-session-store/session-cookie.ts'
import { FileStore } from './file-store.ts'

const { env } = process
const secret = (env.SESSION_SECRET || 'only for development').split(',')

function options() {
  if ((env.SESSION_TYPE || 'file') !== 'file') stop('SESSION_TYPE can only be "file".')
  if (!['', 'true', 'false'].includes(env.SESSION_EXPIRES ?? '')) stop('SESSION_EXPIRES is true or false.')
  if (!['', 'true', 'false'].includes(env.SESSION_TESTING ?? '')) stop('SESSION_TESTING is true or false.')
  const seconds = Number(env.SESSION_TIMEOUT || 1800)
  if (!Number.isInteger(seconds) || seconds < 1) stop('SESSION_TIMEOUT is a number of seconds.')
  return {
    folder: env.SESSION_DATA_DIR || path.join(env.DATA_DIR || '.data', '.sessions'),
    timeoutSeconds: env.SESSION_EXPIRES === 'false' ? undefined : seconds,
  }
}

function stop(sentence: string): never {
  console.error(sentence)
  process.exit(2)
}

export function useFileSessions(app: Express) {
  const store = new FileStore(options())
  const middleware = session({
    store,
    secret,
    name: 'sid',
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'strict', path: '/' },
  })
  app.use(middleware)
  const sweep = () => store.all(() => {})
  sweep()
  setInterval(sweep, 30_000).unref()
  return { store, middleware }
}

export function sessionTransaction(
  { middleware }: ReturnType<typeof useFileSessions>,
  cookieHeader: string | undefined,
  change: (session: session.Session) => unknown,
): Promise<string> {
  if (env.SESSION_TESTING !== 'true') throw new Error('Set SESSION_TESTING=true to use this.')
  const req = new IncomingMessage(new Socket()) as Request
  req.url = '/'
  if (cookieHeader) req.headers.cookie = cookieHeader
  return new Promise((resolve, reject) => {
    middleware(req, new ServerResponse(req) as Response, async () => {
      try {
        await change(req.session)
        req.session.save((error) => (error ? reject(error) : resolve(cookieHeaderFor(req.sessionID))))
      } catch (error) {
        reject(error)
      }
    })
  })
}
