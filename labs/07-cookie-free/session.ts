// What a session is, and what a session interface does, with tokens or with cookies. Given: nothing to do here.

/** What a session carries from one request to the next. It is stored as JSON. */
export interface SessionData {
  /** Whether the editors' password was given in this session. */
  isAdmin?: boolean
  /** Whether somebody acted faster than a human. Votes and replies then need the CAPTCHA. */
  tainted?: boolean
  /** When the last reply or vote was sent, whatever came of it. In milliseconds since 1970. */
  lastActMs?: number
  /** When the last reply was published. In milliseconds since 1970. */
  lastReplyMs?: number
  /** The right answer to the question that was asked last. */
  captcha?: string
}

export interface Session {
  /** Undefined when the request led to no session: then nothing leads back to this one, either. */
  id: string | undefined
  data: SessionData
  /** For tokens: how many the session had when this request's was made, that one included. */
  generation?: number
}

/** The parts of a request that can lead to a session. */
export interface SessionRequest {
  /** The header Cookie. */
  cookie?: string
  /** The JSON that was sent. */
  body?: { token?: unknown }
}

/** The parts of an answer that lead the next request to the session. */
export interface SessionAnswer {
  /** The header Set-Cookie. */
  setCookie?: string
  /** What goes into the JSON as `token`. */
  token?: string
}

/** How requests find their sessions. The app knows no other way to them. */
export interface SessionInterface {
  /** Begins a session that carries `data`, or nothing. Nothing leads to it before it is saved. */
  begin(data?: SessionData): Promise<Session>
  /** The session that the request leads to. When it leads to none: an empty one. */
  open(request: SessionRequest): Promise<Session>
  /** Stores the session, and puts into the answer what leads back to it. */
  save(session: Session, answer: SessionAnswer): Promise<void>
  /** A new session with the same data, in place of this one: for a login. */
  renew(session: Session): Promise<Session>
  /** Ends the session: no request leads to it from now on. */
  end(session: Session): Promise<void>
}
