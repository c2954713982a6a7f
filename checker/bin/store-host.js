#!/usr/bin/env node
// Holds session stores of somebody's code and calls them as express-session would. It tells what they did; what that is
// worth is decided elsewhere. Each line of its standard input is a command as JSON, each line it writes to REPLY_FD the
// reply to one. Plain JavaScript with little to load, so that it is there at once.
import net from 'node:net'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import session from 'express-session'
import { setClockAhead } from './store-host/clock.js'
import { measure } from './store-host/measure.js'
import { decode, describe, describeAll, describeError } from './store-host/values.js'

/**
 * A transaction that has not ended by the last look never will: 100 looks are ten seconds. It makes several calls to a
 * store, and such a call has two seconds. Looks are counted, as in store-host/measure.js.
 */
const LOOK_EVERY_MS = 100
const TRANSACTION_LOOKS_MAX = 100

/** Next after that of preload.cjs. */
const REPLY_FD = 4

const METHODS = ['get', 'set', 'touch', 'destroy', 'all', 'length', 'clear']

// Where the size of files is limited, a write that is too large should fail as on a full disk. Node has it so, but a
// package that listens for all signals (signal-exit does) would end the process unless somebody else listens, too.
const listener = () => {}
process.on('SIGXFSZ', listener)
// Without a listener that has been there, the signal ends the process at once, in the middle of the write, and like
// kill -9 leaves no time to tidy up: so nobody else may listen.
if (process.argv.includes('dies-when-full')) {
  process.off('SIGXFSZ', listener)
  const { on } = process
  process.on = (event, ...rest) => (event === 'SIGXFSZ' ? process : on.call(process, event, ...rest))
}

// As usual, also where whoever runs the checks has another one: what a store writes is then not private by itself.
process.umask(0o022)

/** What express-session asks of a store that somebody has opened here, by the number of the store. */
const stores = new Map()
/** The session that each request works on, by the name of the request. */
const requests = new Map()
let testSessions

const commands = {
  /** Makes a store: with `openStore` of the module, or else as a new FileStore. */
  async open({ store, module, options }) {
    const loaded = await import(pathToFileURL(module).href)
    const opened = loaded.openStore ? await loaded.openStore(options) : new loaded.FileStore(options)
    stores.set(store, { opened, loaded })
    return METHODS.filter((method) => typeof opened[method] === 'function')
  },

  /** Calls methods, all of them before the first can have called back. */
  call({ calls }) {
    return Promise.all(calls.map(callMethod))
  },

  clock({ aheadSeconds }) {
    setClockAhead(aheadSeconds)
  },

  /** Does something to a store's storage that only its own module knows how to do. */
  async harm({ store, how, id }) {
    const { opened, loaded } = stores.get(store)
    await loaded[how](opened, id)
  },

  /** Gives an app its sessions, as server.ts of lab 6 does. */
  async useSessions({ module }) {
    const { default: express } = await import('express')
    const loaded = await import(pathToFileURL(module).href)
    testSessions = { loaded, sessions: loaded.useFileSessions(express()) }
  },

  /** Opens a session for a test: notes what is in it, puts something in, and has each text `from` read `to`. */
  async transaction({ cookieHeader, put = {}, from, to }) {
    let seen
    const change = async (one) => {
      seen = describe(one).data
      // Whoever does not wait for this saves the session as it was.
      await new Promise((resolve) => setTimeout(resolve, 5))
      Object.assign(one, put)
      if (from !== undefined) replaceTexts(one, from, to)
    }
    try {
      const { loaded, sessions } = testSessions
      const ending = Promise.resolve(loaded.sessionTransaction(sessions, cookieHeader, change))
      return await Promise.race([
        ending.then((header) => ({ cookieHeader: header, seen })),
        looks(TRANSACTION_LOOKS_MAX).then(() => ({ hung: true, seen })),
      ])
    } catch (error) {
      return { error: describeError(error), seen }
    }
  },
}

async function looks(count) {
  for (let look = 0; look < count; look += 1)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
}

function callMethod({ store: number, method, id, request, session: given, change, meanwhile, ...how }) {
  const { opened: store } = stores.get(number)
  const { next } = how
  if (next) how.next = () => callMethod({ store: number, ...next })
  const held = requests.get(request)
  if (held && change) applyChange(held, change)
  switch (method) {
    case 'load':
      return measure(
        (callback) => store.get(id, callback),
        how,
        (data) => load(store, id, request, data),
      )
    case 'set': {
      const one = given ? newSession(store, id, given) : held
      // A request that has begun a session goes on with it.
      if (request && given) requests.set(request, one)
      const measured = measure((callback) => store.set(id, one, callback), how)
      if (meanwhile) applyChange(one, meanwhile)
      return measured
    }
    case 'touch':
      // express-session does the first before it calls the second.
      held?.touch()
      return measure((callback) => store.touch(id, held ?? newSession(store, id, given), callback), how)
    case 'get':
      return measure((callback) => store.get(id, callback), how, describe)
    case 'destroy':
      return measure((callback) => store.destroy(id, callback), how)
    case 'all':
      return measure((callback) => store.all(callback), how, describeAll)
    default:
      return measure(
        (callback) => store[method](callback),
        how,
        (result) => result,
      )
  }
}

/** What express-session does with what `get` gave: the request works on the object that `createSession` makes of it. */
function load(store, id, request, data) {
  if (!data) return describe(data)
  const req = { sessionID: id, sessionStore: store }
  store.createSession(req, data)
  requests.set(request, req.session)
  return describe(req.session)
}

/** A session of a request that has just begun it. */
function newSession(store, id, { data, maxAgeSeconds }) {
  const one = new session.Session({ sessionID: id, sessionStore: store }, decode(data))
  one.cookie = new session.Cookie({ path: '/', httpOnly: true, sameSite: 'lax' })
  if (maxAgeSeconds !== undefined) one.cookie.maxAge = maxAgeSeconds * 1000
  if (one.itself) one.itself = one
  return one
}

function applyChange(one, { put = {}, push = {}, drop = [] }) {
  for (const [property, item] of Object.entries(push)) one[property].push(item)
  Object.assign(one, decode(put))
  for (const property of drop) delete one[property]
}

function replaceTexts(value, from, to) {
  for (const [property, one] of Object.entries(value)) {
    if (property === 'cookie') continue
    if (one === from) value[property] = to
    else if (typeof one === 'object' && one !== null) replaceTexts(one, from, to)
  }
}

const replies = new net.Socket({ fd: REPLY_FD, readable: false })
replies.on('error', () => process.exit())

for await (const line of createInterface({ input: process.stdin })) {
  const { number, command, ...rest } = JSON.parse(line)
  const reply = (result) => replies.write(`${JSON.stringify({ number, ...result })}\n`)
  Promise.resolve()
    .then(() => commands[command](rest))
    .then(
      (result) => reply({ result }),
      (error) => reply({ error: describeError(error) }),
    )
}
process.exit()
