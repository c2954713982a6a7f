// What is set is got, as far as JSON can say it.
import { isDeepStrictEqual } from 'node:util'
import { expectNone, resultOf, sessionOf } from '../called.ts'
import { expectThat, property } from '../finding.ts'
import { calls } from '../open-store.ts'
import { shownJson } from '../shown.ts'
import type { Called, Data, GivenSession } from '../store-under-test.ts'

const RICH: Data = {
  text: 'a "quoted" word, a new\nline, \\ and üñí ✓ 💥',
  empty: '',
  number: -1.5,
  zero: 0,
  yes: true,
  no: false,
  nothing: null,
  list: [1, [2, { three: 3 }], []],
  deep: { er: { est: { cake: 'apple', none: {} } } },
  long: 'x'.repeat(2_000),
}

/** The session has exactly these properties, beside its cookie. */
export function expectData(called: Called<GivenSession>, data: Data, because: string): void {
  const given = sessionOf(called, because)
  const names = new Set([...Object.keys(data), ...Object.keys(given.data)])
  for (const name of names) {
    // A store may add a note of its own; what is not there when it should be, or is other than it should be, counts.
    if (!(name in data) || isDeepStrictEqual(given.data[name], data[name])) continue
    expectThat(
      false,
      `${called.says} should give the session with ${name} = ${brief(data[name])}, because ${because}.`,
      name in given.data ? `${name} is ${brief(given.data[name])}.` : `There is no ${name}.`,
      [`it gives: ${brief(given.data)}`],
    )
  }
}

/** The session does not have this property. */
export function expectWithout(called: Called<GivenSession>, name: string, because: string): void {
  const given = sessionOf(called, because)
  expectThat(
    !(name in given.data),
    `${called.says} should give the session without ${name}, because ${because}.`,
    `${name} is ${brief(given.data[name])}.`,
    [`it gives: ${brief(given.data)}`],
  )
}

function brief(value: unknown): string {
  const text = shownJson(value)
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}

export const roundTrip = property('round-trip', 'what was set is got', async (store) => {
  const open = await store.open()
  const [id, second] = [store.newId(), store.newId()]
  resultOf(await open.set(id, RICH))
  expectData(await open.get(id), RICH, 'it was set')
  const [set, got] = await open.followed<GivenSession>(calls.set(second, { cake: 'plum' }), calls.get(second))
  resultOf(set)
  expectData(got, { cake: 'plum' }, 'set has called back, so it should be stored')
  expectData(await open.get(id), RICH, 'another session was set since')
  resultOf(await open.load(id, 'A'))
  resultOf(await open.save(id, 'A', { put: { number: 7, added: [1] }, drop: ['empty'] }))
  const changed = await open.get(id)
  const { empty, ...kept } = RICH
  expectData(changed, { ...kept, number: 7, added: [1] }, 'a request changed it so')
  expectWithout(changed, 'empty', 'a request deleted that')
  const again = await store.open({ beside: open })

  if (store.isShared) {
    expectData(await again.get(id), { ...kept, number: 7, added: [1] }, 'it is the same folder')
  }
})

export const ownCopy = property(
  'own-copy',
  'what a request changes in its session is not stored before it is set',
  async (store) => {
    const open = await store.open()
    const id = store.newId()
    resultOf(await open.set(id, { cake: 'plum', list: [1] }))
    resultOf(await open.load(id, 'A'))
    const [called] = await open.together([
      {
        method: 'get',
        says: `get("${id}"), after request A has changed its copy`,
        id,
        request: 'A',
        change: { put: { cake: 'apple' }, push: { list: 2 } },
      },
    ])
    expectData(called as Called<GivenSession>, { cake: 'plum', list: [1] }, 'nobody has set the change')
  },
)

const DATE = '2026-11-20T12:00:00.000Z'

export const json = property(
  'json',
  'a Date comes back as a Date or as its text, and nothing that JSON cannot say does harm',
  async (store) => {
    const open = await store.open()
    const id = store.newId()
    const odd = {
      date: { $date: DATE },
      gone: { $undefined: true },
      map: { $map: [['a', 1]] },
      cake: 'plum',
    }
    resultOf(await open.set(id, odd))
    const called = await open.get(id)
    expectData(called, { cake: 'plum' }, 'it was set beside values that are no JSON')
    const { date, gone = { $undefined: true } } = sessionOf(called, 'it was set').data
    const isDate = date === DATE || isDeepStrictEqual(date, { $date: DATE })
    expectThat(isDate, `A Date should come back as one, or as the text "${DATE}".`, `It is ${brief(date)}.`)
    expectThat(
      isDeepStrictEqual(gone, { $undefined: true }),
      'What is undefined should come back undefined.',
      `It is ${brief(gone)}.`,
    )
  },
)

export const cookie = property(
  'cookie',
  'a session comes back with its cookie, and that with its attributes and its end',
  async (store) => {
    const open = await store.open()
    const [lasting, unending] = [store.newId(), store.newId()]
    resultOf(await open.set(lasting, { cake: 'plum' }, { maxAgeSeconds: 1000 }))
    resultOf(await open.set(unending, { cake: 'plum' }))
    const called = await open.load(lasting, 'A')
    const given = sessionOf(called, 'it was set').cookie
    const attributes = { httpOnly: given?.httpOnly, path: given?.path, sameSite: given?.sameSite }
    expectThat(
      isDeepStrictEqual(attributes, { httpOnly: true, path: '/', sameSite: 'lax' }),
      'The cookie of a session should have its attributes again: httpOnly, path and sameSite.',
      `They are ${brief(attributes)}.`,
    )
    const { expires, maxAge } = given ?? {}
    const isDate = typeof expires === 'object' && expires !== null && '$date' in expires
    // However slow this computer is, it has not taken 500 seconds.
    const isLeft = typeof maxAge === 'number' && maxAge > 500_000 && maxAge <= 1_000_000
    expectThat(
      isDate && isLeft,
      'A request should find the end of its cookie in session.cookie.expires, as a Date 1000 seconds ahead.',
      `It is ${brief(expires)}.`,
    )
    const without = sessionOf(await open.load(unending, 'B'), 'it was set').cookie?.expires
    expectThat(
      without === null || isDeepStrictEqual(without, { $undefined: true }),
      'A cookie without an end should come back without one.',
      `session.cookie.expires is ${brief(without)}.`,
    )
  },
)

export const unknownId = property(
  'unknown-id',
  'get of an id that no session has calls back without an error, and without a session',
  async (store) => {
    const open = await store.open()
    const called = await open.get(store.newId())
    // Not even an error that express-session would take for it.
    resultOf(called)
    expectNone(called, 'none was ever set')
    const id = store.newId()
    resultOf(await open.set(id, { cake: 'plum' }))
    expectNone(await open.get(store.newId()), 'only another session was set')
    expectNone(await open.get(id.slice(0, -1)), 'no session has this shorter id')
    expectNone(await open.get(`${id}0`), 'no session has this longer id')
  },
)
