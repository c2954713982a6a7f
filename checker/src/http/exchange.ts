// One request and its reply, as they went over the wire. Plain data: it goes into records and reports.

export interface Exchange {
  /** Who sent it: the name of a visitor. */
  visitor: string
  /** What the visitor did, as a sentence. */
  says: string
  request: {
    method: string
    path: string
    /** The Cookie header, or null when none was sent. */
    cookie: string | null
    /** Other headers that matter for the check. */
    headers: Record<string, string>
    body: string | null
  }
  /** Null when no reply came. */
  reply: {
    status: number
    statusText: string
    location: string | null
    setCookie: string[]
    contentType: string | null
    body: string
  } | null
  /** It went to an instance, or was sent at a time, that `npm run lab N` does not have: another clock, a dead Redis. */
  elsewhere: boolean
  /** The name of the instance that was asked, in a lab with several. */
  instance: string | null
  /** Under `npm run lab N` the instance has the lab's port and this. */
  portOffset: number
  /** The visitor's cookies before and after, as `name=value`. */
  jarBefore: string[]
  jarAfter: string[]
}
