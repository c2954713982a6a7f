// A visitor with a browser of their own: sends requests, keeps cookies, remembers every exchange.
import type { Exchange } from './exchange.ts'
import { Jar, parseSetCookie, type SetCookie } from './jar.ts'
import { NoReply, send } from './wire.ts'

/** Where an instance of the app listens. */
export interface Address {
  host: string
  port: number
  /** The instance's name, in a lab with several. */
  name?: string
  /** Set for an instance that `npm run lab N` runs as well: there it has the lab's port and this. */
  portOffset?: number
}

export interface RequestOptions {
  /** What the visitor does, continuing the sentence that starts with their name: "puts a kite into the cart". */
  does?: string
  /** Send exactly this Cookie header (null: none) and leave the jar as it is. */
  cookie?: string | null
  headers?: Record<string, string>
  /** Another instance of the app than the visitor's own. */
  at?: Address
  /** Go on as soon as the headers of the answer are here, as a browser does with a Location. The reply has no body. */
  early?: boolean
  /** Not part of the story: left out of the record when it is answered. */
  aside?: boolean
}

/** A complete reply, with the exchange it belongs to. */
export interface Reply {
  status: number
  location: string | null
  contentType: string
  setCookies: SetCookie[]
  body: string
  exchange: Exchange
  /** The value of a header, the last one if it came more than once. */
  header(name: string): string | undefined
}

export class Visitor {
  readonly name: string
  readonly jar = new Jar()
  readonly #address: () => Address
  readonly #log: Exchange[]

  /**
   * @param address where the app listens now: after a restart it is elsewhere
   * @param log every exchange is added to it
   */
  constructor(name: string, address: () => Address, log: Exchange[]) {
    this.name = name
    this.#address = address
    this.#log = log
  }

  /** What the browser sends now, as a Cookie header, to be sent again when the browser no longer would. */
  savedCookie(): string {
    return this.jar.headerFor('/') ?? ''
  }

  get(path: string, options: RequestOptions = {}): Promise<Reply> {
    return this.request('GET', path, null, options)
  }

  /** Posts a form, as a browser does. */
  post(path: string, form: Record<string, string> = {}, options: RequestOptions = {}): Promise<Reply> {
    return this.request('POST', path, new URLSearchParams(form).toString(), options)
  }

  /** @throws NoReply when no complete reply came */
  async request(method: string, path: string, body: string | null, options: RequestOptions): Promise<Reply> {
    const cookie = options.cookie === undefined ? this.jar.headerFor(path) : options.cookie
    const address = options.at ?? this.#address()
    const does = options.does ?? (method === 'GET' ? `opens ${path}` : `sends ${method} ${path}`)
    const exchange: Exchange = {
      visitor: this.name,
      says: `${this.name} ${does}${address.name === undefined ? '' : ` (instance ${address.name})`}.`,
      request: { method, path, cookie, headers: options.headers ?? {}, body },
      reply: null,
      elsewhere: options.at !== undefined && address.portOffset === undefined,
      instance: address.name ?? null,
      portOffset: address.portOffset ?? 0,
      jarBefore: this.jar.list(),
      jarAfter: this.jar.list(),
    }
    this.#log.push(exchange)
    const headers: Record<string, string> = { Accept: 'text/html,*/*', ...options.headers }
    if (body !== null) headers['Content-Type'] ??= 'application/x-www-form-urlencoded'
    if (cookie !== null) headers.Cookie = cookie
    const { host, port } = address
    const reply = await send({ host, port, method, path, headers, body, early: options.early })
    const all = (name: string) =>
      reply.headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
    const setCookie = all('set-cookie')
    exchange.reply = {
      status: reply.status,
      statusText: reply.statusText,
      location: all('location').at(-1) ?? null,
      setCookie,
      contentType: all('content-type').at(-1) ?? null,
      body: reply.body,
    }
    if (options.cookie === undefined) this.jar.receive(setCookie, path)
    exchange.jarAfter = this.jar.list()
    if (options.aside) this.#log.splice(this.#log.indexOf(exchange), 1)
    return {
      status: reply.status,
      location: exchange.reply.location,
      contentType: exchange.reply.contentType ?? '',
      setCookies: setCookie.map(parseSetCookie).filter((one) => one !== undefined),
      body: reply.body,
      exchange,
      header: (name) => all(name).at(-1),
    }
  }
}

export { NoReply }
