// How the API speaks: a POST with a JSON object that has the token, and a JSON object with the next token back.
// Given: nothing to do here.
import express, { type ErrorRequestHandler, type RequestHandler, type Router } from 'express'
import { Refusal } from '#kit/app.ts'
import type { Session, SessionAnswer, SessionInterface, SessionRequest } from './session.ts'

/** Room for 1,000 characters, even if each of them is sent as two escapes of six bytes. */
const BODY_LIMIT = '16kb'

/** What the client sent, beside the token. Nobody has looked at it yet. */
export type Fields = Record<string, unknown>

/** A request in its session. */
export interface Call {
  /** An action may put another session into its place. */
  session: Session
  readonly fields: Fields
  /** Set by an action that has ended the session: the answer then leads to none. */
  ended?: boolean
}

/** Does what was asked for, and returns what goes into the answer beside the token. */
type Action = (call: Call) => Promise<object>

export interface Api {
  router: Router
  /**
   * Adds an action.
   * @param open finds the session of the request. Left out: who has none gets a 401.
   */
  post(path: string, action: Action, open?: (request: SessionRequest) => Promise<Session>): void
}

/** A router for actions: it finds the session of each, saves it afterwards, and speaks of errors in JSON. */
export function createApi(sessions: SessionInterface): Api {
  const router = express.Router()
  router.use(refuseOtherMethods, refuseOtherTypes, express.json({ limit: BODY_LIMIT }), refuseOtherBodies)
  const inTurn = oneAtATime()

  async function openKnown(request: SessionRequest): Promise<Session> {
    const session = await sessions.open(request)
    if (session.id === undefined) throw new Refusal(401, 'No session has this token.')
    return session
  }

  return {
    router,
    post(path, action, open = openKnown) {
      router.post(path, async (req, res) => {
        const answer: SessionAnswer = {}
        const result = await inTurn(async () => {
          const session = await open({ cookie: req.get('Cookie'), body: req.body })
          const call: Call = { session, fields: req.body }
          const result = await action(call)
          if (!call.ended) await sessions.save(call.session, answer)
          return result
        })
        if (answer.setCookie !== undefined) res.set('Set-Cookie', answer.setCookie)
        res.json({ token: answer.token, ...result })
      })
    },
  }
}

/** After all actions: what is not there, and every error, as JSON. */
export function closeApi({ router }: Api): void {
  router.use((req) => {
    throw new Refusal(404, `There is nothing called ${req.path} here.`)
  })
  router.use(showErrorAsJson)
}

/**
 * Runs one piece of work after the other, in this process. What an action has read is then still true when it writes:
 * two votes at once cannot both find that nobody has voted a moment ago.
 */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work)
    last = result.catch(() => {})
    return result
  }
}

const refuseOtherMethods: RequestHandler = (req, res, next) => {
  // Sessions, replies and tokens are nobody's to keep (RFC 9111, section 5.2.2.5).
  res.set('Cache-Control', 'no-store')
  if (req.method === 'POST') return next()
  res.set('Allow', 'POST')
  throw new Refusal(405, 'The API answers POST only.')
}

/**
 * A form on another site cannot send this type. A script there has to ask first, with OPTIONS, and is told nothing that
 * would let it go on. So nobody else's page can act for our visitors (cross-site request forgery, CWE-352), not even
 * with cookies. With tokens it could not anyway: it does not know them.
 */
const refuseOtherTypes: RequestHandler = (req, _res, next) => {
  if (/^application\/json\s*(;|$)/i.test(req.get('Content-Type') ?? '')) return next()
  throw new Refusal(415, 'The Content-Type has to be application/json.')
}

const refuseOtherBodies: RequestHandler = (req, _res, next) => {
  req.body ??= {}
  if (!Array.isArray(req.body)) return next()
  throw new Refusal(400, 'The body has to be a JSON object.')
}

const showErrorAsJson: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error)
  const status = error.status >= 400 && error.status < 500 ? error.status : 500
  if (status === 500) console.error(error)
  // RFC 9110, section 15.5.2: a 401 says which kind of credential is wanted. A token that opens by itself is a bearer's.
  if (status === 401) res.set('WWW-Authenticate', 'Bearer realm="session-labs"')
  res.status(status).json({ error: sentence(error, status) })
}

/** The parser's own sentences quote the body, and a token may be in it. */
function sentence(error: Error, status: number): string {
  if (error instanceof Refusal) return error.message
  if (status === 500) return 'Something went wrong on the server.'
  return status === 413 ? `The body can have ${BODY_LIMIT}.` : 'The body is not JSON.'
}
