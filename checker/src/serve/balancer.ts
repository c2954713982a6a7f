// A balancer in front of several instances of an app: the next request goes to the next instance.
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { createProxyServer } from 'http-proxy-3'
import type { Address } from '../http/visitor.ts'

/** No form of a lab is larger. What is sent is held, so that another instance can have it when the first is dead. */
const BODY_MAX_BYTES = 1_000_000

export interface Balancer {
  close(): Promise<void>
}

/**
 * Listens on 127.0.0.1. It tells the instances in X-Forwarded-For, -Proto and -Host who asked, how, and for what.
 * An instance that takes no connection is passed over. When none does, the answer is a 502.
 * @param instances asked in this order, the first one first
 */
export function startBalancer(port: number, instances: Address[]): Promise<Balancer> {
  const proxy = createProxyServer({ preserveHeaderKeyCase: true })
  proxy.on('proxyRes', (answer, _req, res) => {
    // Whether the connection to the instance ends is none of the browser's business.
    delete answer.headers.connection
    // An instance that ends in the middle of its answer would leave the browser waiting.
    answer.on('error', () => res.destroy())
  })
  let turn = 0
  const server = http.createServer(async (req, res) => {
    const body = await bodyOf(req)
    if (!body) return sayTrouble(res, 413, 'This request is too large.')
    forward(req)
    const first = turn
    for (let tries = 0; tries < instances.length; tries++) {
      const next = (first + tries) % instances.length
      const instance = instances[next] as Address
      if (takesTurn(req)) turn = (next + 1) % instances.length
      const trouble = await pass(req, res, instance, body)
      if (!trouble) return
      if (trouble.code !== 'ECONNREFUSED') {
        return sayTrouble(res, 502, `Instance ${instance.name} ended while it was at work on this request.`)
      }
    }
    sayTrouble(
      res,
      502,
      'No instance answers: all of them are stopped, or did not start. Look into the terminal.',
    )
  })

  /** @returns why no answer came; undefined when there is one */
  function pass(req: IncomingMessage, res: ServerResponse, { host, port }: Address, body: Buffer) {
    return new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      res.once('close', () => resolve(undefined))
      const target = { host, port, protocol: 'http:' }
      proxy.web(req, res, { target, buffer: Readable.from([body]) }, resolve)
    })
  }

  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const close = () =>
        new Promise<void>((closed) => {
          server.close(() => closed())
          server.closeAllConnections()
        })
      resolve({ close })
    })
  })
}

/**
 * A style sheet or an icon takes no turn. If it did, a page with one style sheet would always come from the same
 * instance, and nobody would see that there are two. Curl sends no such header; each of its requests takes a turn.
 */
function takesTurn({ headers }: IncomingMessage): boolean {
  const wanted = headers['sec-fetch-dest']
  return wanted === undefined || wanted === 'document' || wanted === 'empty'
}

/** What a client says of itself counts for nothing, except for the addresses that it came through before. */
function forward({ headers, socket }: IncomingMessage): void {
  const before = headers['x-forwarded-for']
  headers['x-forwarded-for'] = [before, socket.remoteAddress].filter(Boolean).join(', ')
  headers['x-forwarded-proto'] = 'http'
  headers['x-forwarded-host'] = headers.host ?? ''
}

/** @returns undefined when it is too large */
async function bodyOf(req: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of req) {
    bytes += chunk.length
    if (bytes > BODY_MAX_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function sayTrouble(res: ServerResponse, status: number, sentence: string): void {
  if (res.headersSent) return void res.destroy()
  res.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
  res.end(`${status}: ${sentence}\n`)
}
