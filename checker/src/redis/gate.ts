// A gate between an app and Redis. It can be open, refuse connections, or fall silent, and it sees what passes.
import net from 'node:net'
import type { Transform } from 'node:stream'
import tls from 'node:tls'
import { freePort } from '../app/free-port.ts'
import type { Borrowed } from './commands.ts'
import { filter } from './filter.ts'
import type { Traffic } from './traffic.ts'

/** Where the real Redis listens. */
export interface Upstream {
  host: string
  port: number
  tls: boolean
}

export interface Gate {
  /** On 127.0.0.1, the same as long as the gate exists. */
  port: number
  /** Lets everything through; what a silent gate has kept back goes on. */
  open(): Promise<void>
  /** As when no Redis runs: cuts all connections and refuses new ones. */
  refuse(): Promise<void>
  /** As when Redis hangs: takes connections and requests, and answers nothing. */
  fallSilent(): Promise<void>
  /** As `refuse`, but in the middle: a connection is cut by its first request that is not about one of these keys. */
  refuseAfter(keys: string[]): Promise<void>
  /** As `fallSilent`, in the same way. */
  fallSilentAfter(keys: string[]): Promise<void>
}

/** Each of these keys may still be asked about once, by who is connected; any other request ends a connection. */
interface LastAnswers {
  keys: Set<string>
  end(passage: Passage): void
}

/**
 * Opens a gate on a free port.
 * @param borrowed given when the Redis is the student's own: then only what cannot hurt it passes
 */
export async function openGate(upstream: Upstream, traffic: Traffic, borrowed?: Borrowed): Promise<Gate> {
  const passages = new Set<Passage>()
  let silent = false
  let last: LastAnswers | undefined
  const server = net.createServer({ noDelay: true }, (client) => {
    const requests = filter(traffic, borrowed, (requests) => {
      if (last && !isLastQuestion(traffic.keysIn(requests), last)) last.end(passage)
    })
    const passage: Passage = new Passage(client, connect(upstream), requests)
    passages.add(passage)
    client.once('close', () => passages.delete(passage))
    if (!silent) passage.flow()
  })
  const port = await freePort()
  await listen(server, port)
  const listenAgain = async () => {
    if (!server.listening) await listen(server, port)
  }
  return {
    port,
    open: async () => {
      silent = false
      last = undefined
      await listenAgain()
      for (const passage of passages) passage.flow()
    },
    fallSilent: async () => {
      silent = true
      last = undefined
      await listenAgain()
      for (const passage of passages) passage.rest()
    },
    refuse: () =>
      new Promise((resolve) => {
        last = undefined
        if (server.listening) server.close(() => resolve())
        else resolve()
        for (const passage of passages) passage.cut()
      }),
    fallSilentAfter: async (keys) => {
      silent = true
      last = { keys: new Set(keys), end: (passage) => passage.rest() }
    },
    refuseAfter: async (keys) => {
      last = { keys: new Set(keys), end: (passage) => passage.cut() }
      server.close()
    },
  }
}

/** Whether all these keys may still be asked about. From now on, they may not. */
function isLastQuestion(keys: string[], last: LastAnswers): boolean {
  const isMeant = keys.length > 0 && keys.every((key) => last.keys.has(key))
  if (isMeant) for (const key of keys) last.keys.delete(key)
  return isMeant
}

/** One connection of an app, and the one to Redis that belongs to it. */
class Passage {
  readonly #client: net.Socket
  readonly #redis: net.Socket
  readonly #requests: Transform
  #flows = false

  constructor(client: net.Socket, redis: net.Socket, requests: Transform) {
    this.#client = client
    this.#redis = redis
    this.#requests = requests
    for (const end of [client, redis, requests]) {
      end.on('error', () => this.cut())
      end.once('close', () => this.cut())
    }
  }

  flow(): void {
    if (this.#flows) return
    this.#flows = true
    this.#client.pipe(this.#requests)
    this.#requests.pipe(this.#redis)
    this.#redis.pipe(this.#client)
  }

  /** What comes now waits in the system's buffers, or here. */
  rest(): void {
    this.#flows = false
    this.#client.unpipe(this.#requests)
    this.#requests.unpipe(this.#redis)
    this.#redis.unpipe(this.#client)
  }

  cut(): void {
    for (const end of [this.#client, this.#redis, this.#requests]) end.destroy()
  }
}

function connect({ host, port, tls: secure }: Upstream): net.Socket {
  const socket = secure
    ? tls.connect({ host, port, servername: net.isIP(host) ? undefined : host })
    : net.connect({ host, port })
  return socket.setNoDelay(true)
}

function listen(server: net.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}
