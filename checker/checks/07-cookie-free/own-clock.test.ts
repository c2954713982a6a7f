// Whether the student's own app takes all its times from the clock that a test gives it.
import { expect, test } from 'vitest'
import { openApp, type SessionAnswer, type Settings } from '../../../solutions/07-cookie-free/app.ts'

const START_MS = Date.UTC(2030, 0, 1)
/** None is as in the environment, or as when nobody sets it. */
const GRACE_SECONDS = 7
const IDLE_SECONDS = 500
const ABSOLUTE_SECONDS = 5000

/** A session in an app whose clock shows what `ask` says. */
async function begin(given: Partial<Settings> = {}) {
  let nowMs = START_MS
  const { sessions, close } = await openApp({
    sessionInterface: 'token',
    now: () => nowMs,
    graceSeconds: GRACE_SECONDS,
    idleSeconds: IDLE_SECONDS,
    absoluteSeconds: ABSOLUTE_SECONDS,
    ...given,
  })
  /** What a request with the token gets, so many seconds after the start; undefined when it leads to no session. */
  const ask = async (token: unknown, second: number): Promise<SessionAnswer | undefined> => {
    nowMs = START_MS + second * 1000
    const session = await sessions.open({ body: { token } })
    const answer: SessionAnswer = {}
    if (session.id === undefined) return undefined
    await sessions.save(session, answer)
    return answer
  }
  const first: SessionAnswer = {}
  await sessions.save(await sessions.begin(), first)
  return { first: first.token, ask, close }
}

/** As it is said to the student. */
const good = (answer: SessionAnswer | undefined) => (answer ? 'good' : 'refused')

test('grace', async () => {
  const { first, ask, close } = await begin()
  const next = await ask(first, 60)
  expect(good(next), 'a token that nothing has replaced, after 60 seconds').toBe('good')
  const soon = await ask(first, 60 + GRACE_SECONDS - 1)
  expect(
    good(soon),
    `with graceSeconds ${GRACE_SECONDS}, a token that was replaced ${GRACE_SECONDS - 1} seconds ago`,
  ).toBe('good')
  const late = await ask(first, 60 + GRACE_SECONDS)
  expect(
    good(late),
    `with graceSeconds ${GRACE_SECONDS}, a token that was replaced ${GRACE_SECONDS} seconds ago`,
  ).toBe('refused')
  await close()
})

test('idle', async () => {
  const { first, ask, close } = await begin()
  const next = await ask(first, IDLE_SECONDS - 1)
  expect(
    good(next),
    `with idleSeconds ${IDLE_SECONDS}, the token of a session that nobody used for ${IDLE_SECONDS - 1} seconds`,
  ).toBe('good')
  const late = await ask(next?.token, 2 * IDLE_SECONDS)
  expect(
    good(late),
    `with idleSeconds ${IDLE_SECONDS}, the token of a session that nobody used for ${IDLE_SECONDS + 1} seconds`,
  ).toBe('refused')
  await close()
})

test('absolute', async () => {
  const { first, ask, close } = await begin({ idleSeconds: 2 * ABSOLUTE_SECONDS })
  const next = await ask(first, ABSOLUTE_SECONDS - 1)
  expect(
    good(next),
    `with absoluteSeconds ${ABSOLUTE_SECONDS}, the token of a session that began ${ABSOLUTE_SECONDS - 1} seconds ago`,
  ).toBe('good')
  const late = await ask(next?.token, ABSOLUTE_SECONDS + 1)
  expect(
    good(late),
    `with absoluteSeconds ${ABSOLUTE_SECONDS}, the token of a session that began ${ABSOLUTE_SECONDS + 1} seconds ago`,
  ).toBe('refused')
  await close()
})
