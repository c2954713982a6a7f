// What the reflections promise, with either session interface; and what the tokens promise.
import { describe, expect, test } from 'vitest'
import {
  publish,
  sessionInterface,
  startApp,
  Visitor,
  visit,
  visitAsEditor,
  withSession,
} from './session-helper.ts'

/** The titles that a visitor sees, from the top. */
async function titles(visitor: Visitor): Promise<string[]> {
  const { reflections = [] } = await visitor.post('/reflections')
  return reflections.map(({ title }) => title)
}

/** An app with one reflection, one reply to it by somebody else, and a visitor who has done nothing yet. */
async function startWithReply(settings: Parameters<typeof startApp>[0] = {}) {
  const app = await startApp(settings)
  const reflection = await publish(app, 'First')
  const { replies = [] } = await (await visit(app)).post('/reply', { reflection, text: 'Because.', last: 0 })
  const reply = replies[0]?.id ?? 0
  return { app, reflection, reply, visitor: await visit(app) }
}

/** What a human answers to "How much is 2 plus 3?". */
function solve(question = ''): string {
  const [one, two] = question.match(/\d+/g) ?? []
  return String(Number(one) + Number(two))
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

describe('a reply', () => {
  test('goes through a second time when somebody else was quicker', async () => {
    const { app, reflection, reply, visitor } = await startWithReply()
    const first = await visitor.post('/reply', { reflection, text: 'Mine.', last: 0 })
    expect(first).toMatchObject({ outcome: 'ninja', replies: [{ id: reply, text: 'Because.', votes: 0 }] })
    app.step(60)
    const second = await visitor.post('/reply', { reflection, text: 'Mine.', last: reply })
    expect(second).toMatchObject({ outcome: 'success', replies: [{ text: 'Mine.', votes: 0 }] })
  })

  test('needs the right answer to the question that was asked last, and the answer is good once', async () => {
    const { app, reflection, reply, visitor } = await startWithReply()
    const again = async (last: number, captcha?: string) => {
      app.step(60)
      return visitor.post('/reply', { reflection, text: 'More.', last, captcha })
    }
    const last = (await again(reply)).replies?.at(-1)?.id ?? 0
    const asked = await again(last)
    expect(asked.outcome).toBe('captcha')
    const askedAgain = await again(last, `${solve(asked.question)}0`)
    expect(askedAgain.outcome).toBe('captcha')
    const right = solve(askedAgain.question)
    const published = await again(last, right)
    expect(published.outcome).toBe('success')
    expect((await again(published.replies?.at(-1)?.id ?? 0, right)).outcome).toBe('captcha')
  })

  test('needs no CAPTCHA when the last one is more than ten minutes old', async () => {
    const { app, reflection, reply, visitor } = await startWithReply()
    const { replies } = await visitor.post('/reply', { reflection, text: 'One.', last: reply })
    app.step(601)
    const answer = await visitor.post('/reply', { reflection, text: 'Two.', last: replies?.at(-1)?.id })
    expect(answer.outcome).toBe('success')
  })

  test.each([
    ['without text', { text: ' \n' }],
    ['with 1,001 characters', { text: 'x'.repeat(1001) }],
    ['to no reflection', { reflection: 99 }],
    ['to something that is no id', { reflection: '1' }],
    ['without the last reply seen', { last: undefined }],
  ])('%s is invalid', async (_what, fields) => {
    const { reflection, reply, visitor } = await startWithReply()
    const answer = await visitor.post('/reply', { reflection, text: 'So.', last: reply, ...fields })
    expect(answer.outcome).toBe('invalid')
  })

  test('can have 1,000 characters', async () => {
    const { reflection, reply, visitor } = await startWithReply()
    const answer = await visitor.post('/reply', { reflection, text: '\u{1f426}'.repeat(1000), last: reply })
    expect(answer.outcome).toBe('success')
  })

  test('and a vote are refused once the reflection has closed', async () => {
    const app = await startApp()
    const reflection = await publish(app, 'Short', 3600)
    const { replies } = await (await visit(app)).post('/reply', { reflection, text: 'Quick.', last: 0 })
    const reply = replies?.[0]?.id
    app.step(3601)
    const visitor = await visit(app)
    expect((await visitor.post('/reply', { reflection, text: 'Late.', last: reply })).outcome).toBe('closed')
    app.step(60)
    expect((await visitor.post('/vote', { reply, vote: 'up' })).outcome).toBe('closed')
    const { reflections } = await visitor.post('/reflections')
    expect(reflections?.[0]).toMatchObject({ open: false, replies: [{ text: 'Quick.', votes: 0 }] })
  })

  test('cannot go to a reflection before it is published', async () => {
    const app = await startApp()
    const editor = await visitAsEditor(app)
    const { id } = await editor.post('/admin/publish', {
      title: 'Later',
      text: 'When?',
      publishAt: app.nowMs() + 60_000,
      closesAt: null,
    })
    const visitor = await visit(app)
    expect(await titles(visitor)).toEqual([])
    expect((await visitor.post('/reply', { reflection: id, text: 'First!', last: 0 })).outcome).toBe(
      'invalid',
    )
    app.step(61)
    expect(await titles(visitor)).toEqual(['Later'])
  })
})

describe('a vote', () => {
  test('down or up changes the votes by one', async () => {
    const { app, reply, visitor } = await startWithReply()
    expect(await visitor.post('/vote', { reply, vote: 'down' })).toMatchObject({
      outcome: 'success',
      votes: -1,
    })
    app.step(60)
    expect(await visitor.post('/vote', { reply, vote: 'up' })).toMatchObject({ outcome: 'success', votes: 0 })
    app.step(60)
    expect((await visitor.post('/vote', { reply, vote: 'sideways' })).outcome).toBe('invalid')
    expect((await visitor.post('/vote', { reply: 99, vote: 'up' })).outcome).toBe('invalid')
  })

  test('down hides a reply when it is the fifth, until an editor releases it', async () => {
    const { app, reply } = await startWithReply()
    const visitor = await visit(app)
    const listed = async () => (await visitor.post('/reflections')).reflections?.[0]?.replies ?? []
    for (const expected of [1, 1, 1, 1, 0]) {
      await (await visit(app)).post('/vote', { reply, vote: 'down' })
      expect(await listed()).toHaveLength(expected)
    }
    const editor = await visitAsEditor(app)
    const { teasers } = await editor.post('/admin/teasers')
    expect(teasers?.[0]?.quarantined).toMatchObject([{ id: reply, text: 'Because.', votes: -5 }])
    await editor.post('/admin/release', { reply })
    expect(await listed()).toEqual([{ id: reply, text: 'Because.', votes: 0 }])
  })

  test('too fast needs the CAPTCHA, and the right answer clears the taint', async () => {
    const { app, reply, visitor } = await startWithReply()
    await visitor.post('/vote', { reply, vote: 'up' })
    const asked = await visitor.post('/vote', { reply, vote: 'up' })
    expect(asked.outcome).toBe('captcha')
    app.step(60)
    expect((await visitor.post('/vote', { reply, vote: 'up' })).outcome).toBe('captcha')
    await withSession(visitor, (data) => {
      expect(data.tainted).toBe(true)
      data.captcha = '12'
    })
    app.step(60)
    const solved = await visitor.post('/vote', { reply, vote: 'up', captcha: '12' })
    expect(solved).toMatchObject({ outcome: 'success', votes: 2 })
    app.step(60)
    expect((await visitor.post('/vote', { reply, vote: 'up' })).outcome).toBe('success')
  })

  test('after two seconds, or with the limit off, taints nothing', async () => {
    for (const [humanSeconds, pause] of [
      [1, 2],
      [0, 0],
    ] as const) {
      const { app, reply, visitor } = await startWithReply({ humanSeconds })
      await visitor.post('/vote', { reply, vote: 'up' })
      app.step(pause)
      expect((await visitor.post('/vote', { reply, vote: 'up' })).outcome).toBe('success')
    }
  })
})

describe('the editors’ part', () => {
  test.each(['teasers', 'publish', 'bump', 'release'])('refuses %s to a visitor', async (action) => {
    const { reflection, reply, visitor } = await startWithReply()
    const fields = { id: reflection, reply, title: 'Mine', text: 'Ha.', publishAt: 0, closesAt: null }
    expect((await visitor.post(`/admin/${action}`, fields)).status).toBe(403)
    expect(await titles(visitor)).toEqual(['First'])
  })

  test.each(['', 'wrong', undefined, 7])('refuses the password %j', async (password) => {
    const visitor = await visit(await startApp())
    expect((await visitor.post('/admin/login', { password })).status).toBe(403)
    expect((await visitor.post('/admin/teasers')).status).toBe(403)
  })

  test('opens for the session that has logged in, and for no other', async () => {
    const app = await startApp()
    const visitor = await visit(app)
    const editor = await visitAsEditor(app)
    expect((await editor.post('/admin/teasers')).status).toBe(200)
    expect((await visitor.post('/admin/teasers')).status).toBe(403)
  })
})

describe('a request', () => {
  test.each([
    ['of another type', 'text/plain', '{}', 415],
    ['of a form', 'application/x-www-form-urlencoded', 'token=x', 415],
    ['that is no JSON', 'application/json', '{', 400],
    ['that is no object', 'application/json', '[]', 400],
    ['of 20 kB', 'application/json', JSON.stringify({ text: 'x'.repeat(20_000) }), 413],
  ])('%s is refused', async (_what, type, body, status) => {
    const app = await startApp()
    const reply = await fetch(`${app.url}/api/start`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body,
    })
    expect(reply.status).toBe(status)
    expect(await reply.json()).toEqual({ error: expect.any(String) })
    expect(reply.headers.get('Cache-Control')).toBe('no-store')
  })
})

describe.runIf(sessionInterface === 'token')('a token', () => {
  test('comes with every answer, is new each time, and comes without a cookie', async () => {
    const { visitor, reply } = await startWithReply()
    const seen = new Set([visitor.token])
    for (const path of ['/reflections', '/vote', '/reply', '/reflections']) {
      const { token, headers } = await visitor.post(path, { reply, vote: 'up' })
      expect(token).toMatch(/^[\w-]{32,}$/)
      seen.add(token)
      expect(headers.get('Set-Cookie')).toBeNull()
      expect(headers.get('Cache-Control')).toBe('no-store')
    }
    expect(seen.size).toBe(5)
  })

  test.each([
    ['none', undefined],
    ['a number', 7],
    ['an object', {}],
    ['an empty text', ''],
    ['one that nobody was sent', 'x'.repeat(43)],
    ['a very long one', 'x'.repeat(9000)],
    ['a piece of SQL', "' OR 1=1 --"],
  ])('leads nowhere when it is %s: the answer is 401', async (_what, token) => {
    const app = await startApp()
    await visit(app)
    const { status, headers, ...rest } = await new Visitor(app).send('/reflections', { token })
    expect(status).toBe(401)
    expect(headers.get('WWW-Authenticate')).toBe('Bearer realm="session-labs"')
    expect(rest).toEqual({ error: expect.any(String) })
  })

  test('belongs to one session', async () => {
    const app = await startApp()
    const [one, other] = [await visit(app), await visit(app)]
    await withSession(one, (data) => {
      data.captcha = '12'
    })
    await withSession(other, (data) => {
      expect(data).toEqual({})
    })
    await withSession(one, (data) => {
      expect(data).toEqual({ captcha: '12' })
    })
  })

  test('opens several requests at once, and each of their answers goes on', async () => {
    const app = await startApp()
    const visitor = await visit(app)
    const body = { token: visitor.token }
    const answers = await Promise.all([1, 2, 3].map(() => visitor.send('/reflections', body)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    // Whichever answer arrives last is the one that the page goes on with, and perhaps much later.
    app.step(60)
    for (const { token } of answers) expect((await visitor.send('/reflections', { token })).status).toBe(200)
  })

  test('is good once more when its answer was lost, and the session goes on from there', async () => {
    const app = await startApp()
    const visitor = await visit(app)
    await visitor.send('/reflections', { token: visitor.token })
    app.step(5)
    expect((await visitor.post('/reflections')).status).toBe(200)
    app.step(60)
    expect((await visitor.post('/reflections')).status).toBe(200)
  })

  test('that is old ends the whole session, also for those who have the present one', async () => {
    const app = await startApp()
    const visitor = await visit(app)
    const stolen = visitor.token
    await visitor.post('/reflections')
    app.step(11)
    expect((await visitor.post('/reflections')).status).toBe(200)
    expect((await visitor.send('/reflections', { token: stolen })).status).toBe(401)
    expect((await visitor.post('/reflections')).status).toBe(401)
  })

  test('does not get more time by being used again', async () => {
    const app = await startApp()
    const visitor = await visit(app)
    const old = { token: visitor.token }
    for (const seconds of [0, 6]) {
      app.step(seconds)
      expect((await visitor.send('/reflections', old)).status).toBe(200)
    }
    app.step(6)
    expect((await visitor.send('/reflections', old)).status).toBe(401)
  })

  test('that a parallel request got is retired when the session has gone on', async () => {
    const app = await startApp()
    const visitor = await visit(app)
    const unused = await visitor.send('/reflections', { token: visitor.token })
    await visitor.post('/reflections')
    await visitor.post('/reflections')
    app.step(11)
    expect((await visitor.send('/reflections', { token: unused.token })).status).toBe(401)
  })

  test('is worth nothing after the end, and other sessions go on', async () => {
    const app = await startApp()
    const [visitor, other] = [await visit(app), await visit(app)]
    const ended = await visitor.post('/end')
    expect(ended.status).toBe(200)
    expect(ended.token).toBeUndefined()
    expect((await visitor.post('/reflections')).status).toBe(401)
    expect((await other.post('/reflections')).status).toBe(200)
  })

  test('is good as long as there is a request every half hour, but not after twelve hours', async () => {
    const app = await startApp()
    const visitor = await visit(app)
    for (let minutes = 29; minutes < 12 * 60; minutes += 29) {
      app.step(29 * 60)
      expect((await visitor.post('/reflections')).status).toBe(200)
    }
    app.step(29 * 60)
    expect((await visitor.post('/reflections')).status).toBe(401)
  })

  test('is worth nothing after half an hour without a request', async () => {
    const app = await startApp()
    const visitor = await visit(app)
    app.step(31 * 60)
    expect((await visitor.post('/reflections')).status).toBe(401)
  })

  test('of before the login is dead at once, and what the session carried goes on', async () => {
    const app = await startApp()
    const visitor = await visit(app)
    await withSession(visitor, (data) => {
      data.captcha = '12'
    })
    const planted = { token: visitor.token }
    await visitor.post('/admin/login', { password: app.settings.adminPassword })
    expect((await visitor.send('/reflections', planted)).status).toBe(401)
    expect((await visitor.post('/admin/teasers')).status).toBe(200)
    await withSession(visitor, (data) => {
      expect(data).toEqual({ captcha: '12', isAdmin: true })
    })
  })

  test('has to be there before a session is saved', async () => {
    const { sessions } = await startApp()
    await expect(sessions.save(await sessions.open({}), {})).rejects.toThrow()
  })
})
