// Replies, exchanges, records and results made by hand, for tests of what reads them.
import http from 'node:http'
import type { CheckRecord, RunResult } from '../check/record.ts'
import type { Exchange } from '../http/exchange.ts'
import { parseSetCookie } from '../http/jar.ts'
import type { Reply } from '../http/visitor.ts'

type Answer = Partial<NonNullable<Exchange['reply']>>

/** An exchange in which Ada opened the first page, changed by what is given. */
export function exchange({
  request,
  reply,
  ...rest
}: Partial<Omit<Exchange, 'request' | 'reply'>> & {
  request?: Partial<Exchange['request']>
  reply?: Answer | null
} = {}): Exchange {
  const status = reply?.status ?? 200
  return {
    visitor: 'Ada',
    says: 'Ada opens /.',
    request: { method: 'GET', path: '/', cookie: null, headers: {}, body: null, ...request },
    reply:
      reply === null
        ? null
        : {
            status,
            statusText: http.STATUS_CODES[status] ?? '',
            location: null,
            setCookie: [],
            contentType: 'text/html; charset=utf-8',
            body: '',
            ...reply,
          },
    elsewhere: false,
    instance: null,
    portOffset: 0,
    jarBefore: [],
    jarAfter: [],
    ...rest,
  }
}

/** A reply with its exchange. */
export function reply(answer: Answer = {}): Reply {
  const whole = exchange({ reply: answer })
  const { status, location, contentType, setCookie, body } = whole.reply as NonNullable<Exchange['reply']>
  return {
    status,
    location,
    contentType: contentType ?? '',
    setCookies: setCookie.map(parseSetCookie).filter((one) => one !== undefined),
    body,
    exchange: whole,
    header: () => undefined,
  }
}

/** A passed check worth one point, changed by what is given. */
export function record(changes: Partial<CheckRecord> = {}): CheckRecord {
  const { status = 'pass', maxPoints = 1 } = changes
  return {
    id: 'opens',
    name: 'the shop opens',
    points: status === 'pass' ? maxPoints : 0,
    maxPoints,
    status,
    why: null,
    exchange: [],
    hint: [],
    reads: { chapter: 'labs/01-cookie-sessions/README.md', step: 0, heading: '' },
    ms: 7,
    ...changes,
  }
}

/** The result of a run with these records, changed by what is given. */
export function result(records: CheckRecord[], changes: Partial<RunResult> = {}): RunResult {
  return {
    lab: { number: 1, id: '01-cookie-sessions', title: 'Cookie sessions', port: 3001 },
    folder: 'labs/01-cookie-sessions',
    seed: '0badcafe',
    trouble: null,
    partial: false,
    records,
    ms: 1234,
    ...changes,
  }
}

/** Text that would clear a terminal, ring its bell and set its colours, if it were printed as it is. */
export const ESCAPES = '\x1b[2Jgone\x07\u009b1m'
