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
}

/**
 * Opens a gate on a free port.
 * @param borrowed given when the Redis is the student's own: then only what cannot hurt it passes
 */
export async function openGate(upstream: Upstream, traffic: Traffic, borrowed?: Borrowed): Promise<Gate> {
  const passages = new Set<Passage>()
  let silent = false
  const server = net.createServer({ noDelay: true }, (client) => {
    const passage = new Passage(client, connect(upstream), filter(traffic, borrowed))
    passages.add(passage)
    client.once('close', () => passages.delete(passage))
    if (!silent) passage.flow()
  })
  const port = await freePort()
  await listen(server, port)
  const setSilent = async (wanted: boolean) => {
    silent = wanted
    if (!server.listening) await listen(server, port)
    for (const passage of passages) silent ? passage.rest() : passage.flow()
  }
  return {
    port,
    open: () => setSilent(false),
    fallSilent: () => setSilent(true),
    refuse: () =>
      new Promise((resolve) => {
        if (server.listening) server.close(() => resolve())
        else resolve()
        for (const passage of passages) passage.cut()
      }),
  }
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
    requests.pipe(redis)
    for (const end of [client, redis, requests]) {
      end.on('error', () => this.cut())
      end.once('close', () => this.cut())
    }
  }

  flow(): void {
    if (this.#flows) return
    this.#flows = true
    this.#client.pipe(this.#requests)
    this.#redis.pipe(this.#client)
  }

  /** What comes now waits in the system's buffers. */
  rest(): void {
    this.#flows = false
    this.#client.unpipe(this.#requests)
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
