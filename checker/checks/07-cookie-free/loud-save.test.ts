// Whether an app says so when it is asked to save a session that nothing leads back to.
import { expect, test } from 'vitest'
import { openApp, type SessionAnswer } from '../../../solutions/07-cookie-free/app.ts'

test('saving a session that was opened without a token', async () => {
  const { sessions, close } = await openApp({ sessionInterface: 'token' })
  const answer: SessionAnswer = {}
  const saved = await sessions
    .open({})
    .then((session) => sessions.save(session, answer))
    .then(
      () => 'ends without an error',
      (error) => (error instanceof Error ? 'throws an Error' : 'throws no Error'),
    )
  await close()
  expect(saved).toBe('throws an Error')
  expect(answer).toEqual({})
})
