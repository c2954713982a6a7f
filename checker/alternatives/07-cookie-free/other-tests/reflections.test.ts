// Tests in another style: one story each, and tables of what comes next.
import { assert, beforeEach, expect, it } from 'vitest'
import {
  publish,
  request,
  startApp,
  type TestApp,
  type Visitor,
  visit,
  withSession,
} from './session-helper.ts'

let app: TestApp
let ada: Visitor
let grace: Visitor
let first: number
let because: number

beforeEach(async () => {
  app = await startApp()
  first = await publish(app, 'First')
  ada = await visit(app)
  grace = await visit(app)
  const { replies } = await (await visit(app)).post('/reply', {
    reflection: first,
    text: 'Because.',
    last: 0,
  })
  because = replies?.[0]?.id ?? -1
})

const reply = (who: Visitor, last: number, captcha?: string) =>
  who.post('/reply', { reflection: first, text: 'So.', last, captcha })
const statusOf = async (token: unknown) => (await request(app.port, '/reflections', { token })).status

it('asks who replies often', async () => {
  const mine = (await reply(ada, because)).replies?.at(-1)?.id ?? -1
  app.step(300)
  const { question = '' } = await reply(ada, mine)
  const numbers = question.match(/\d/g)?.map(Number) ?? []
  const sum = numbers.reduce((one, other) => one + other, 0)
  expect(numbers).toHaveLength(2)
  app.step(5)
  assert.strictEqual((await reply(ada, mine, `${sum + 1}`)).outcome, 'captcha')
})

it('asks who is tainted, and does not count', async () => {
  await withSession(ada, (data) => {
    data.tainted = true
  })
  expect(await reply(ada, because)).toHaveProperty('outcome', 'captcha')
  await ada.post('/vote', { reply: because, vote: 'up' })
  const { reflections } = await grace.post('/reflections')
  expect(reflections?.[0]?.replies).toEqual([{ id: because, text: 'Because.', votes: 0 }])
})

it('tells who was too slow, and takes an answer once', async () => {
  expect(await reply(ada, 0)).toMatchObject({ outcome: 'ninja', replies: [{ id: because }] })
  app.step(60)
  const last = (await reply(ada, because)).replies?.at(-1)?.id ?? -1
  await withSession(ada, (data) => {
    data.captcha = '11'
  })
  app.step(60)
  const { outcome, replies } = await reply(ada, last, '11')
  expect(outcome).toBe('success')
  app.step(60)
  expect((await reply(ada, replies?.at(-1)?.id ?? -1, '11')).outcome).toBe('captcha')
})

it('hides at −5', async () => {
  const listed = async () => (await grace.post('/reflections')).reflections?.[0]?.replies.length
  for (const left of [1, 1, 1, 1, 0]) {
    app.step(60)
    await ada.post('/vote', { reply: because, vote: 'down' })
    expect(await listed()).toBe(left)
  }
})

it('is edited by editors', async () => {
  const teaser = { title: 'Mine', text: 'Ha.', publishAt: 0, closesAt: null }
  expect((await ada.post('/admin/publish', teaser)).status).toBe(403)
})

it('taints who is too fast', async () => {
  await grace.post('/vote', { reply: because, vote: 'up' })
  app.step(0.9)
  expect((await grace.post('/vote', { reply: because, vote: 'up' })).outcome).toBe('captcha')
})

it('bumps', async () => {
  app.step(1)
  const second = await publish(app, 'Second')
  const order = async () => (await ada.post('/reflections')).reflections?.map(({ id }) => id)
  expect(await order()).toEqual([second, first])
  app.step(1)
  await withSession(grace, (data) => {
    data.isAdmin = true
  })
  expect((await grace.post('/admin/bump', { id: first })).status).toBe(200)
  expect(await order()).toEqual([first, second])
})

it('knows nobody else', async () => {
  expect(await statusOf('made-up')).toBe(401)
  expect((await ada.post('/reflections')).headers['set-cookie']).toBeUndefined()
  await expect(app.sessions.save({ id: undefined, data: {} }, {})).rejects.toThrow()
})

it('changes the token, and forgives for ten seconds', async () => {
  const old = ada.token
  const [one, other] = await Promise.all([0, 0].map(() => request(app.port, '/reflections', { token: old })))
  expect(new Set([old, one?.token, other?.token]).size).toBeGreaterThan(1)
  expect(one?.token).not.toBe(old)
  expect([one?.status, other?.status]).toEqual([200, 200])
  ada.token = other?.token
  app.step(9)
  expect(await statusOf(old)).toBe(200)
  app.step(2)
  expect(await statusOf(old)).toBe(401)
  expect((await ada.post('/reflections')).status).toBe(401)
  expect((await grace.post('/reflections')).status).toBe(200)
})

it('knows the tokens of two answers, whichever the page keeps', async () => {
  for (const which of [0, 1]) {
    const visitor = await visit(app)
    const answers = await Promise.all(
      [0, 0].map(() => request(app.port, '/reflections', { token: visitor.token })),
    )
    app.step(30)
    expect(await statusOf(answers[which]?.token)).toBe(200)
  }
})

it('ends one session', async () => {
  const copy = ada.token
  await ada.post('/end')
  expect([await statusOf(copy), await statusOf(grace.token)]).toEqual([401, 200])
})

it('ends by itself', async () => {
  for (let hours = 0; hours < 12; hours += 0.4) {
    expect((await ada.post('/reflections')).status).toBe(200)
    app.step(0.4 * 3600)
  }
  expect((await ada.post('/reflections')).status).toBe(401)
  expect((await grace.post('/reflections')).status).toBe(401)
  const other = await visit(app)
  app.step(1801)
  expect((await other.post('/reflections')).status).toBe(401)
})

it('begins anew at a login', async () => {
  const before = ada.token
  await ada.post('/admin/login', { password: app.settings.adminPassword })
  expect((await ada.post('/admin/teasers')).status).toBe(200)
  expect(await statusOf(before)).toBe(401)
})
