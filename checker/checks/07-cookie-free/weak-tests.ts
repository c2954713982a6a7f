// A weak test for each wrong app: it is about the rule that the app breaks, and lets the app through all the same.

export interface WeakTest {
  /** The wrong app that passes. */
  lets: string
  name: string
  /** Why it passes. */
  forgets: string
  body: string
}

/** The names are imported from the helper. */
export function textOf({ name, body }: WeakTest): string {
  return `import { expect, test } from 'vitest'
import { publish, startApp, visit, visitAsEditor, withSession } from './session-helper.ts'

test(${JSON.stringify(name)}, async () => {
  const app = await startApp()
  const reflection = await publish(app, 'First')
  const visitor = await visit(app)
${body.trim().replaceAll(/^ */gm, '  ')}
})
`
}

/** As a row of the table in solutions/07-cookie-free/NOTES.md. */
export function rowOf({ name, forgets }: WeakTest, says: string): string {
  return `| ${says} | ${name} | ${forgets} |`
}

export const weakTests: WeakTest[] = [
  {
    lets: 'no-ninja',
    name: 'a reply is published',
    forgets: 'Nobody else replies, so nobody is quicker.',
    body: `
      const answer = await visitor.post('/reply', { reflection, text: 'Mine.', last: 0 })
      expect(answer.outcome).toBe('success')`,
  },
  {
    lets: 'captcha-used-twice',
    name: 'the right answer publishes the reply',
    forgets: 'It sends the answer once.',
    body: `
      await withSession(visitor, (data) => Object.assign(data, { tainted: true, captcha: '7' }))
      const answer = await visitor.post('/reply', { reflection, text: 'Mine.', last: 0, captcha: '7' })
      expect(answer.outcome).toBe('success')`,
  },
  {
    lets: 'quarantine-at-six',
    name: 'votes down hide a reply',
    forgets: 'It looks after ten votes, and not after the fifth.',
    body: `
      const { replies } = await visitor.post('/reply', { reflection, text: 'Mine.', last: 0 })
      for (let count = 0; count < 10; count += 1) {
        app.step(60)
        await visitor.post('/vote', { reply: replies[0].id, vote: 'down' })
      }
      const { reflections } = await visitor.post('/reflections')
      expect(reflections[0].replies).toEqual([])`,
  },
  {
    lets: 'anyone-publishes',
    name: 'visitors are no editors',
    forgets: 'It tries one of the four actions.',
    body: `
      expect((await visitor.post('/admin/teasers')).status).toBe(403)`,
  },
  {
    lets: 'tokens-never-change',
    name: 'every answer brings a token',
    forgets: 'It does not compare it with the one before.',
    body: `
      for (const path of ['/reflections', '/vote', '/reply']) {
        expect((await visitor.post(path)).token).toEqual(expect.any(String))
      }`,
  },
  {
    lets: 'no-grace',
    name: 'parallel requests are answered',
    forgets: 'It looks at the first answer only.',
    body: `
      const [first] = await Promise.all([visitor.post('/reflections'), visitor.post('/reflections')])
      expect(first.status).toBe(200)`,
  },
  {
    lets: 'grace-without-end',
    name: 'an old token is good for the grace',
    forgets: 'It does not come back when the grace is over.',
    body: `
      const old = { token: visitor.token }
      await visitor.post('/reflections')
      app.step(9)
      expect((await visitor.send('/reflections', old)).status).toBe(200)`,
  },
  {
    lets: 'theft-does-not-end',
    name: 'a stolen token is refused',
    forgets: 'It does not ask what becomes of the present one.',
    body: `
      const stolen = { token: visitor.token }
      await visitor.post('/reflections')
      app.step(11)
      expect((await visitor.send('/reflections', stolen)).status).toBe(401)`,
  },
  {
    lets: 'siblings-retired',
    name: 'the tokens of parallel answers go on',
    forgets: 'It goes on at once, within the grace.',
    body: `
      const body = { token: visitor.token }
      const answers = await Promise.all([1, 2].map(() => visitor.send('/reflections', body)))
      for (const { token } of answers) expect((await visitor.send('/reflections', { token })).status).toBe(200)`,
  },
  {
    lets: 'end-does-nothing',
    name: 'a session can be ended',
    forgets: 'It does not send the token once more.',
    body: `
      const answer = await visitor.post('/end')
      expect(answer.status).toBe(200)
      expect(answer.token).toBeUndefined()`,
  },
  {
    lets: 'end-ends-all',
    name: 'a session that was ended is over',
    forgets: 'There is no second visitor.',
    body: `
      await visitor.post('/end')
      expect((await visitor.post('/reflections')).status).toBe(401)`,
  },
  {
    lets: 'no-idle-limit',
    name: 'a session ends when nobody uses it',
    forgets: 'It waits for 13 hours, and then the other limit ends it.',
    body: `
      app.step(13 * 3600)
      expect((await visitor.post('/reflections')).status).toBe(401)`,
  },
  {
    lets: 'absolute-moved',
    name: 'a session ends after twelve hours',
    forgets: 'There is no request in between, so the other limit ends it.',
    body: `
      app.step(12 * 3600)
      expect((await visitor.post('/reflections')).status).toBe(401)`,
  },
  {
    lets: 'login-keeps-session',
    name: 'a login makes an editor',
    forgets: 'It does not send the token of before the login.',
    body: `
      await visitor.post('/admin/login', { password: app.settings.adminPassword })
      expect((await visitor.post('/admin/teasers')).status).toBe(200)`,
  },
  {
    lets: 'adopts-unknown',
    name: 'a made-up token opens nothing',
    forgets: 'Everything but 200 is right for it, and a 403 comes for another reason.',
    body: `
      expect((await visitor.send('/admin/teasers', { token: 'made-up' })).status).not.toBe(200)`,
  },
  {
    lets: 'cookie-as-well',
    name: 'there is no cookie',
    forgets: 'It looks at the header of a request, which no answer has.',
    body: `
      const { headers } = await visitor.post('/reflections')
      expect(headers.get('Cookie')).toBeNull()`,
  },
  {
    lets: 'silent-save',
    name: 'a session without a token is not saved',
    forgets: 'It is content with an error, and without one.',
    body: `
      const answer = {}
      await app.sessions.save(await app.sessions.open({}), answer).catch(() => {})
      expect(answer).toEqual({})`,
  },
]
