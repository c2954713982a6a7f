// Where a visitor stands after `withSession`: what the seven given tests do not ask of it.
import { expect, test } from 'vitest'
import { startApp, visit, withSession } from '../../../solutions/07-cookie-free/session-helper.ts'

test('a visitor goes on after withSession, also when the grace is over', async () => {
  const app = await startApp()
  const visitor = await visit(app)
  await withSession(visitor, (data) => {
    data.captcha = '12'
  })
  app.step(app.settings.graceSeconds + 60)
  const answer = await visitor.post('/reflections')
  expect(answer.status).toBe(200)
})

test('so does one whose withSession was followed by a request of somebody else', async () => {
  const app = await startApp()
  const visitor = await visit(app)
  await withSession(visitor, (data) => {
    data.captcha = '12'
  })
  // Time enough for a save that withSession has not waited for.
  await visit(app)
  await visit(app)
  app.step(app.settings.graceSeconds + 60)
  const answer = await visitor.post('/reflections')
  expect(answer.status).toBe(200)
})
