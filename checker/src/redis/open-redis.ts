// The Redis of a run: a private one or the student's own, behind a gate, with a prefix for the run's keys.
import path from 'node:path'
import type { RunFolder } from '../app/run-folder.ts'
import { CheckerError } from '../lab/errors.ts'
import { findRedis, getFromLibrary } from './find.ts'
import { openGate } from './gate.ts'
import type { StoredKey } from './keys.ts'
import { startPrivateRedis } from './private-redis.ts'
import { Traffic } from './traffic.ts'

export interface RunRedis {
  /** What the app gets as REDIS_URL: the gate's address. */
  url: string
  /** What the app gets as REDIS_PREFIX. */
  prefix: string
  /** It is the student's own, from REDIS_URL. */
  borrowed: boolean
  traffic: Traffic
  /** Redis dies: a private one is killed, and nobody gets a connection. */
  stop(): Promise<void>
  /** Redis is there, with the data that it had. */
  start(): Promise<void>
  /** Redis hangs: it takes connections and requests, and answers nothing. */
  hang(): Promise<void>
  /** As `stop`, in the middle of a request: each of these keys can be asked about once before connections are cut. */
  stopAfter(keys: string[]): Promise<void>
  /** As `hang`, in the same way. */
  hangAfter(keys: string[]): Promise<void>
  /** What it holds below the prefix. @throws Error while it is stopped */
  keys(): Promise<StoredKey[]>
  /** Closes the gate for good; what lies behind it ends with the run. */
  close(): Promise<void>
}

/**
 * Gives a run its Redis. It ends with the run: then a private one is gone, and so are the keys in a borrowed one.
 * @param privatePrefix what keys begin with in a private Redis, where nobody else's can be
 * @throws CheckerError when there is no Redis, or it does not answer
 */
export async function openRedis(
  run: RunFolder,
  privatePrefix = `session-labs:${path.basename(run.path)}:`,
): Promise<RunRedis> {
  const found = findRedis()
  if (found.kind === 'url') return borrow(run, found.url)
  const program = found.kind === 'program' ? found.program : await getFromLibrary()
  // While a library loads, the gate in this process passes nothing on, and on a busy machine apps take that for a Redis
  // that hangs. So it is loaded before there is a gate; for a borrowed Redis, the first look at it does so.
  const [server] = await Promise.all([startPrivateRedis(run, program), import('./keys.ts')])
  const traffic = new Traffic(privatePrefix)
  const gate = await openGate({ host: '127.0.0.1', port: server.port, tls: false }, traffic)
  return {
    url: `redis://127.0.0.1:${gate.port}`,
    prefix: privatePrefix,
    borrowed: false,
    traffic,
    stop: async () => {
      await gate.refuse()
      await server.stop()
    },
    start: async () => {
      await server.start()
      await gate.open()
    },
    hang: gate.fallSilent,
    stopAfter: gate.refuseAfter,
    hangAfter: gate.fallSilentAfter,
    keys: () => read(`redis://127.0.0.1:${server.port}`, traffic),
    close: gate.refuse,
  }
}

/** It goes on running, whatever happens: only the gate is closed. */
async function borrow(run: RunFolder, url: URL): Promise<RunRedis> {
  const prefix = `session-labs:${path.basename(run.path)}:`
  const database = url.pathname.slice(1) || '0'
  // The keeper removes them, so that they are gone however the run ends.
  const traffic = new Traffic(prefix, (key) => run.ownKey(url.href, key))
  const upstream = {
    // An IPv6 address has brackets in a URL only.
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 6379),
    tls: url.protocol === 'rediss:',
  }
  await read(url.href, traffic).catch((error: Error) => {
    throw new CheckerError(`The Redis in REDIS_URL does not answer: ${error.message}`)
  })
  const gate = await openGate(upstream, traffic, { prefix, database })
  const own = new URL(url)
  own.protocol = 'redis:'
  own.hostname = '127.0.0.1'
  own.port = String(gate.port)
  return {
    url: own.href,
    prefix,
    borrowed: true,
    traffic,
    stop: gate.refuse,
    start: gate.open,
    hang: gate.fallSilent,
    stopAfter: gate.refuseAfter,
    hangAfter: gate.fallSilentAfter,
    keys: () => read(url.href, traffic),
    close: gate.refuse,
  }
}

/** The library for it is large, and is loaded only for a run with a Redis. */
async function read(url: string, traffic: Traffic): Promise<StoredKey[]> {
  const { readKeys } = await import('./keys.ts')
  return readKeys(url, traffic.written())
}
