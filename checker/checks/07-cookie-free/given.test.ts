// What the reflections promise, with either session interface.
import { describe, expect, test } from 'vitest'
import {
  publish,
  startApp,
  type Visitor,
  visit,
  withSession,
} from '../../../solutions/07-cookie-free/session-helper.ts'

/** The titles that a visitor sees, from the top. */
async function titles(visitor: Visitor): Promise<string[]> {
  const { reflections = [] } = await visitor.post('/reflections')
  return reflections.map(({ title }) => title)
}

/** An app with one reflection, one reply to it by somebody else, and a visitor who has done nothing yet. */
async function startWithReply() {
  const app = await startApp()
  const reflection = await publish(app, 'First')
  const { replies = [] } = await (await visit(app)).post('/reply', { reflection, text: 'Because.', last: 0 })
  const reply = replies[0]?.id ?? 0
  return { app, reflection, reply, visitor: await visit(app) }
}

describe('with values on the session', () => {
  test('a second reply within ten minutes needs the CAPTCHA', async () => {
    const { app, reflection, reply, visitor } = await startWithReply()
    await withSession(visitor, (data) => {
      data.lastReplyMs = app.nowMs() - 60_000
    })
    const answer = await visitor.post('/reply', { reflection, text: 'Again.', last: reply })
    expect(answer.outcome).toBe('captcha')
  })

  test('a tainted session needs the CAPTCHA for its first reply', async () => {
    const { reflection, reply, visitor } = await startWithReply()
    await withSession(visitor, (data) => {
      data.tainted = true
    })
    const answer = await visitor.post('/reply', { reflection, text: 'Beep.', last: reply })
    expect(answer.outcome).toBe('captcha')
  })

  test('a wrong answer to the CAPTCHA brings another question', async () => {
    const { reflection, reply, visitor } = await startWithReply()
    await withSession(visitor, (data) => {
      data.tainted = true
      data.captcha = '7'
    })
    const answer = await visitor.post('/reply', { reflection, text: 'Beep.', last: reply, captcha: '8' })
    expect(answer.question).toMatch(/^How much is \d plus \d\?$/)
  })

  test('the vote of a tainted session does not count', async () => {
    const { reply, visitor } = await startWithReply()
    await withSession(visitor, (data) => {
      data.tainted = true
    })
    await visitor.post('/vote', { reply, vote: 'up' })
    const { reflections = [] } = await visitor.post('/reflections')
    expect(reflections[0]?.replies[0]?.votes).toBe(0)
  })

  test('a reply is noted, with its time', async () => {
    const { app, reflection, reply, visitor } = await startWithReply()
    await visitor.post('/reply', { reflection, text: 'So.', last: reply })
    let lastReplyMs: number | undefined
    await withSession(visitor, (data) => {
      lastReplyMs = data.lastReplyMs
    })
    expect(lastReplyMs).toBe(app.nowMs())
  })

  test('a vote half a second after another taints the session', async () => {
    const { app, reply, visitor } = await startWithReply()
    await withSession(visitor, (data) => {
      data.lastActMs = app.nowMs() - 500
    })
    const answer = await visitor.post('/vote', { reply, vote: 'up' })
    expect(answer.outcome).toBe('captcha')
  })
})

describe('the editors', () => {
  test('bump a reflection to the top', async () => {
    const app = await startApp()
    const first = await publish(app, 'First')
    app.step(60)
    await publish(app, 'Second')
    app.step(60)
    const editor = await visit(app)
    await withSession(editor, (data) => {
      data.isAdmin = true
    })
    await editor.post('/admin/bump', { id: first })
    expect(await titles(await visit(app))).toEqual(['First', 'Second'])
  })
})

// TODO(5): write tests for the rules that these seven leave open: of tokens, of the CAPTCHA, of votes, of the editors.
