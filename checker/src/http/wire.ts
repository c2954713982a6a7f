// One HTTP request over one fresh connection, with limits on time and size. No judging here.
import http from 'node:http'

/** A reply must be complete within this time. Generous: a loaded machine is not the student's failure. */
const REPLY_DEADLINE_MS = 5_000

/** Larger than any page of a lab; an endless body must not fill the checker's memory. */
const BODY_MAX_BYTES = 1_000_000

export interface WireRequest {
  host: string
  port: number
  method: string
  path: string
  headers: Record<string, string>
  body: string | null
  /** Take the reply as soon as its headers are here, as a browser that follows a Location; without its body. */
  early?: boolean
}

export interface WireReply {
  status: number
  statusText: string
  /** Name and value as sent, in order. */
  headers: [name: string, value: string][]
  body: string
}

/** No complete reply came. `kind` says in which way. */
export class NoReply extends Error {
  readonly kind: 'refused' | 'cut' | 'slow' | 'flood'
  constructor(kind: NoReply['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

/**
 * Sends the request and reads the reply to its end. (express-session sends its headers before its store has
 * saved, so a reply counts as received only when all of it is there.)
 * @throws NoReply when there is no connection, no complete reply in 5 s, or more than 1 MB of body
 */
export function send(request: WireRequest): Promise<WireReply> {
  return new Promise((resolve, reject) => {
    const { host, port, method, path, body } = request
    const headers: Record<string, string> = { ...request.headers }
    if (body !== null) headers['Content-Length'] = String(Buffer.byteLength(body))
    // A connection of its own, so that no reply depends on when the app closes idle ones.
    const outgoing = http.request({ host, port, method, path, headers, agent: false, maxHeaderSize: 65_536 })
    const fail = (kind: NoReply['kind'], message: string) => {
      reject(new NoReply(kind, message))
      outgoing.destroy()
    }
    const deadline = setTimeout(
      () => fail('slow', `no complete answer in ${REPLY_DEADLINE_MS / 1000} seconds`),
      REPLY_DEADLINE_MS,
    )
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(deadline)
      if (error.code === 'ECONNREFUSED') fail('refused', 'the connection was refused')
      else fail('cut', `the connection was cut (${error.code ?? error.message})`)
    })
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = []
      let bytes = 0
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > BODY_MAX_BYTES) {
          clearTimeout(deadline)
          fail('flood', `the answer was longer than ${BODY_MAX_BYTES} bytes`)
        } else chunks.push(chunk)
      })
      incoming.on('aborted', () => {
        clearTimeout(deadline)
        fail('cut', 'the connection was cut in the middle of the answer')
      })
      const reply = () => ({
        status: incoming.statusCode ?? 0,
        statusText: incoming.statusMessage ?? '',
        headers: pairs(incoming.rawHeaders),
        body: Buffer.concat(chunks).toString('utf8'),
      })
      incoming.on('end', () => {
        clearTimeout(deadline)
        resolve(reply())
      })
      if (request.early) resolve(reply())
    })
    outgoing.end(body ?? undefined)
  })
}

function pairs(raw: string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [
    raw[2 * index] ?? '',
    raw[2 * index + 1] ?? '',
  ])
}
