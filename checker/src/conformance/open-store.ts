// A store that is open in a process, and the requests that use it.
import path from 'node:path'
import { shorten } from '../check/shorten.ts'
import { Shortfall } from './finding.ts'
import { shownJson } from './shown.ts'
import type { StoreProcess } from './store-process.ts'
import type { Called, Change, Data, GivenSession, GivenSessions } from './store-under-test.ts'

/** How a method is called. */
export interface How {
  /** `none`: without a callback. `throws`: with one that throws when it is called. */
  callback?: 'none' | 'throws'
  /** How long to wait for a second call of the callback. */
  settleMs?: number
  /** After how many tenths of a second it hangs, instead of 20. */
  looksMax?: number
  /** A call that is made in the callback, at once: what the first one has not done by then is seen. */
  next?: Call
}

/** A call that has still to be made. */
export interface Call extends How {
  method: string
  /** As a student would write it. */
  says: string
  /** The id of the session. */
  id?: string
  /** The request whose session it is about. */
  request?: string
  session?: { data: Data; maxAgeSeconds?: number }
  change?: Change
  /** What the request changes as soon as the method has returned, and before it has called back. */
  meanwhile?: Change
}

/** Calls, to be made at once with `together` or one at a time. */
export const calls = {
  get: (id: string, how?: How): Call => ({ method: 'get', says: `get(${quoted(id)})`, id, ...how }),
  /** A request begins: `get`, and then `createSession` with what it gave. */
  load: (id: string, request: string): Call => ({
    method: 'load',
    says: `request ${request}: get(${quoted(id)})`,
    id,
    request,
  }),
  /** A request ends that has begun a session. */
  set: (id: string, data: Data, how?: How & { maxAgeSeconds?: number }): Call => ({
    method: 'set',
    says: `set(${quoted(id)}, ${shown(data)})`,
    id,
    session: { data, maxAgeSeconds: how?.maxAgeSeconds },
    ...how,
  }),
  /** A request ends that has loaded its session and changed it. */
  save: (id: string, request: string, change: Change): Call => ({
    method: 'set',
    says: `request ${request}${changed(change)}: set(${quoted(id)}, …)`,
    id,
    request,
    change,
  }),
  /** The same for a request that has not ended: it changes its session once more, while `set` is at work. */
  saveAndChange: (id: string, request: string, change: Change, meanwhile: Change): Call => ({
    ...calls.save(id, request, change),
    says: `request ${request}${changed(change)}: set(${quoted(id)}, …), and before that has called back${changed(meanwhile)}`,
    meanwhile,
  }),
  /** A request has begun a session, stores it, and goes on. */
  begin: (id: string, request: string, data: Data): Call => ({
    method: 'set',
    says: `request ${request} begins a session: set(${quoted(id)}, ${shown(data)})`,
    id,
    request,
    session: { data },
  }),
  /** A request ends that has loaded its session and changed nothing. */
  touch: (id: string, request: string): Call => ({
    method: 'touch',
    says: `request ${request} has changed nothing: touch(${quoted(id)}, …)`,
    id,
    request,
  }),
  /** The same for a session that is not loaded. */
  touchWith: (id: string, data: Data, how?: How): Call => ({
    method: 'touch',
    says: `touch(${quoted(id)}, …)`,
    id,
    session: { data },
    ...how,
  }),
  destroy: (id: string, how?: How): Call => ({
    method: 'destroy',
    says: `destroy(${quoted(id)})`,
    id,
    ...how,
  }),
  all: (how?: How): Call => ({ method: 'all', says: 'all()', ...how }),
  length: (how?: How): Call => ({ method: 'length', says: 'length()', ...how }),
  clear: (how?: How): Call => ({ method: 'clear', says: 'clear()', ...how }),
}

export interface OpenStoreParts {
  /** The folder in which it keeps its files. For a store that has none, a name that is as good. */
  place: string
  process: StoreProcess
  /** Its number in the process. */
  number: number
  /** The methods that it has. */
  methods: string[]
  /** Given what is done, as sentences. */
  tell(says: string): void
}

export class OpenStore {
  readonly place: string
  readonly process: StoreProcess
  readonly tell: (says: string) => void
  readonly #number: number
  readonly #methods: string[]

  constructor({ place, process, number, methods, tell }: OpenStoreParts) {
    this.place = place
    this.process = process
    this.tell = tell
    this.#number = number
    this.#methods = methods
  }

  /** express-session asks for `get`, `set` and `destroy`; all others are optional. */
  has(method: string): boolean {
    return this.#methods.includes(method)
  }

  get = (id: string) => this.#one<GivenSession>(calls.get(id))
  load = (id: string, request: string) => this.#one<GivenSession>(calls.load(id, request))
  set = (id: string, data: Data, how?: How & { maxAgeSeconds?: number }) =>
    this.#one(calls.set(id, data, how))
  save = (id: string, request: string, change: Change) => this.#one(calls.save(id, request, change))
  begin = (id: string, request: string, data: Data) => this.#one(calls.begin(id, request, data))
  touch = (id: string, request: string) => this.#one(calls.touch(id, request))
  destroy = (id: string) => this.#one(calls.destroy(id))
  all = () => this.#one<GivenSessions>(calls.all())
  length = () => this.#one<number>(calls.length())
  clear = () => this.#one(calls.clear())

  /** Makes a call, and another one in its callback. */
  async followed<Result>(first: Call, next: Call): Promise<[Called, Called<Result>]> {
    const says = `${first.says}, and in its callback ${next.says}`
    const [called] = (await this.together([{ ...first, says, next }])) as [Called]
    return [
      { ...called, says: first.says },
      { ...(called.next as Called<Result>), says: next.says },
    ]
  }

  /** Makes calls at once: none has called back before all are made. */
  async together(list: Call[]): Promise<Called<unknown>[]> {
    const [first, ...others] = list.map(({ says }) => says)
    this.tell(others.length === 0 ? `${first}` : `At once: ${list.map(({ says }) => says).join('; ')}`)
    const made = list.map(({ says, ...call }) => ({ ...call, store: this.#number }))
    const called = (await this.process.ask('call', { calls: made })) as Called<unknown>[]
    if (!Array.isArray(called) || called.length !== list.length) {
      throw new Shortfall(
        'The process in which the store is should tell what came of each call.',
        'It does not.',
      )
    }
    return called.map((one, index) => ({ ...one, says: list[index]?.says ?? '' }))
  }

  /** Puts the clock of its process so far ahead of the real one. */
  async setClockAhead(seconds: number): Promise<void> {
    this.tell(`The clock is put ${seconds} seconds ahead.`)
    await this.process.ask('clock', { aheadSeconds: seconds })
  }

  /** Does to its storage what its module knows how to do. */
  async harm(how: string, id?: string): Promise<void> {
    this.tell(`(${how})`)
    await this.process.ask('harm', { store: this.#number, how, id })
  }

  async #one<Result = null>(call: Call): Promise<Called<Result>> {
    const [called] = await this.together([call])
    return called as Called<Result>
  }
}

function quoted(id: string): string {
  // A path from the root goes through folders of this run, which say nothing.
  const isPath = path.isAbsolute(id) && path.dirname(id) !== path.parse(id).root
  return JSON.stringify(isPath ? `/…/${path.basename(id)}` : shorten(id, 24))
}

function shown(data: Data): string {
  const text = shownJson(data)
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`
}

function changed({ put = {}, push = {}, drop = [] }: Change): string {
  const puts = Object.entries(put).map(([name, value]) => `${name} = ${shorten(shownJson(value), 30)}`)
  const pushes = Object.entries(push).map(([name, item]) => `${name}.push(${shorten(shownJson(item), 30)})`)
  const all = [...puts, ...pushes, ...drop.map((name) => `delete ${name}`)]
  return all.length === 0 ? '' : ` (${all.join(', ')})`
}
