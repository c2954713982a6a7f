// Node's own http and net, no package at all: the protocol of Redis (RESP 2) by hand. Valkey speaks the same.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import net from 'node:net'

const { env } = process
const seconds = Number(env.SESSION_SECONDS || 1800)
const prefix = env.REDIS_PREFIX || 'session-labs:'
const address = new URL(env.REDIS_URL || 'redis://localhost:6379')
const [newest = '', ...older] = (env.SESSION_SECRET || 'only for development').split(',')

const ANSWER_MS = 1_000
const AGAIN_MS = 150

class Away extends Error {}

interface Waiting {
  resolve(answer: string | number | null): void
  reject(error: Error): void
}

/** One connection to Redis, made again as long as the process lives. Answers come in the order of the questions. */
class Wire {
  #socket: net.Socket | undefined
  #waiting: Waiting[] = []
  #bytes = Buffer.alloc(0)

  connect(): void {
    const socket = net.connect(Number(address.port || 6379), address.hostname)
    socket.setNoDelay(true)
    socket.on('connect', () => {
      this.#socket = socket
      const { password, username } = address
      if (password)
        this.ask('AUTH', ...(username ? [username] : []), decodeURIComponent(password)).catch(() => {})
      if (address.pathname.length > 1) this.ask('SELECT', address.pathname.slice(1)).catch(() => {})
    })
    socket.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#read()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#socket = undefined
      this.#bytes = Buffer.alloc(0)
      for (const { reject } of this.#waiting.splice(0)) reject(new Away())
      setTimeout(() => this.connect(), AGAIN_MS)
    })
  }

  ask(...words: string[]): Promise<string | number | null> {
    const socket = this.#socket
    if (!socket) return Promise.reject(new Away())
    return new Promise((resolve, reject) => {
      // Whoever is late is dropped, or the next answer would be taken for this one.
      const timer = setTimeout(() => socket.destroy(), ANSWER_MS)
      const ended = <Value>(done: (value: Value) => void) => {
        return (value: Value) => {
          clearTimeout(timer)
          done(value)
        }
      }
      this.#waiting.push({ resolve: ended(resolve), reject: ended(reject) })
      const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
      socket.write(`*${words.length}\r\n${parts.join('')}`)
    })
  }

  #read(): void {
    for (;;) {
      const end = this.#bytes.indexOf('\r\n')
      if (end === -1) return
      const [kind, text] = [String.fromCharCode(this.#bytes[0] ?? 0), this.#bytes.toString('utf8', 1, end)]
      const length = kind === '$' ? Number(text) : -1
      const size = end + 2 + (length >= 0 ? length + 2 : 0)
      if (this.#bytes.length < size) return
      const body = this.#bytes.toString('utf8', end + 2, end + 2 + Math.max(0, length))
      this.#bytes = this.#bytes.subarray(size)
      const next = this.#waiting.shift()
      if (kind === '-') next?.reject(new Away(text))
      else if (kind === ':') next?.resolve(Number(text))
      else next?.resolve(kind === '$' ? (length < 0 ? null : body) : text)
    }
  }
}

const redis = new Wire()
redis.connect()

const signature = (id: string, secret = newest) => createHmac('sha256', secret).update(id).digest('hex')

function isOurs(id: string, given: string): boolean {
  return [newest, ...older].some((secret) => {
    const [one, other] = [Buffer.from(signature(id, secret)), Buffer.from(given)]
    return one.length === other.length && timingSafeEqual(one, other)
  })
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const safe = (text: string) => text.replace(/[&<>"']/g, (one) => entities[one] ?? '')

class Visit {
  readonly #req: IncomingMessage
  readonly #res: ServerResponse
  id = ''
  value: string | null = null

  constructor(req: IncomingMessage, res: ServerResponse) {
    this.#req = req
    this.#res = res
    res.setHeader('Cache-Control', 'no-store')
  }

  /** Finds the session, and renews it. The text in Redis is "=" and the value, or nothing behind a "-". */
  async open(): Promise<void> {
    for (const [, id = '', given = ''] of (this.#req.headers.cookie ?? '').matchAll(
      /(?:^|; *)sid=([\w-]{22})\.([\da-f]{64})(?=;|$)/g,
    )) {
      if (!isOurs(id, given)) continue
      const text = await redis.ask('GETEX', prefix + id, 'EX', String(seconds))
      if (typeof text !== 'string') continue
      this.id = id
      this.value = text.startsWith('=') ? text.slice(1) : null
      return
    }
  }

  async keep(value: string | null): Promise<void> {
    this.id ||= randomBytes(16).toString('base64url')
    this.value = value
    await redis.ask('SET', prefix + this.id, value === null ? '-' : `=${value}`, 'EX', String(seconds))
  }

  async end(): Promise<void> {
    if (this.id !== '') await redis.ask('DEL', prefix + this.id)
    this.id = ''
    this.#cookie('', 0)
  }

  #cookie(value: string, age: number): void {
    const trusted = Number(env.TRUSTED_PROXIES || 0) > 0
    const secure = trusted && this.#req.headers['x-forwarded-proto'] === 'https' ? '; Secure' : ''
    this.#res.setHeader('Set-Cookie', `sid=${value}; path=/; max-age=${age}; httponly; samesite=lax${secure}`)
  }

  #renew(): void {
    if (this.id !== '') this.#cookie(`${this.id}.${signature(this.id)}`, seconds)
  }

  page(status: number, body: string, headers: Record<string, string> = {}): void {
    if (status === 200) this.#renew()
    this.#res.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', ...headers })
    this.#res.end(`<!doctype html><title>Sessions</title>${body}`)
  }

  back(): void {
    this.#renew()
    this.#res.writeHead(303, { Location: '/' }).end()
  }
}

async function route(visit: Visit, method: string, path: string): Promise<void> {
  await visit.open()
  const [, typed] = /^\/session\/set\/(.*)$/.exec(path) ?? []
  if (method === 'GET' && path === '/') {
    const says =
      visit.value === null ? 'The session holds nothing.' : `The session holds: ${safe(visit.value)}`
    visit.page(
      200,
      `<p>${says}<p>Served by instance ${safe(env.INSTANCE_NAME ?? '')}.<form method=post action=/session/end><button>End</button></form>`,
    )
  } else if (method === 'GET' && typed !== undefined) {
    let value = ''
    try {
      value = decodeURIComponent(typed).trim()
    } catch {
      // Nothing that could be kept.
    }
    if (value === '' || [...value].length > 200) return visit.page(400, '<p>1 to 200 characters.')
    await visit.keep(value)
    visit.back()
  } else if (method === 'GET' && path === '/session/unset') {
    if (visit.value !== null) await visit.keep(null)
    visit.back()
  } else if (method === 'POST' && path === '/session/end') {
    await visit.end()
    visit.back()
  } else visit.page(404, '<p>No such page.')
}

http
  .createServer(async (req, res) => {
    const path = (req.url ?? '/').split('?')[0] ?? '/'
    if (path === '/health') return res.end('ok')
    const visit = new Visit(req, res)
    const { origin, host } = req.headers
    const foreign =
      req.headers['sec-fetch-site'] === 'cross-site' ||
      (origin !== undefined && origin.split('//')[1] !== host)
    if (req.method === 'POST' && foreign) return visit.page(403, '<p>From another site.')
    try {
      await route(visit, req.method ?? 'GET', path)
    } catch (error) {
      if (!(error instanceof Away)) console.error(error)
      res.removeHeader('Set-Cookie')
      if (error instanceof Away) {
        const sentence = 'The session store cannot be reached. Try again in a moment.'
        visit.page(503, `<p>${sentence}`, { 'Retry-After': '1' })
      } else visit.page(500, '<p>That did not work.')
    }
  })
  .listen(Number(env.PORT || 3005), env.HOST || '127.0.0.1')
