// Wrong apps for the student's tests, each as a change to the solution: a good test fails with one of them.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the changes are pieces of source text
import type { Mistake } from '../../src/verify/mistake.ts'

/**
 * `says` is what the app does wrong, as the student reads it when no test has noticed.
 * `fails` is the check that fails then: `tests-given` for what the seven given tests are about.
 */
export type WrongApp = Mistake

export const wrongApps: WrongApp[] = [
  {
    id: 'no-reply-limit',
    says: 'It takes one reply after the other from the same visitor, and never asks the CAPTCHA.',
    fails: 'tests-given',
    file: 'replies.ts',
    change: [['lastReplyMs !== undefined && now()', 'lastReplyMs === 0 && now()']],
  },
  {
    id: 'tainted-replies',
    says: 'It takes the reply of a tainted session without the CAPTCHA.',
    fails: 'tests-given',
    file: 'replies.ts',
    change: [['return tainted === true || (', 'return tainted === undefined && (']],
  },
  {
    id: 'captcha-takes-anything',
    says: 'It takes any answer to the CAPTCHA for the right one.',
    fails: 'tests-given',
    file: 'human.ts',
    change: [['|| answer.trim() !== data.captcha', "|| answer.trim() === ''"]],
  },
  {
    id: 'tainted-votes',
    says: 'It counts the vote of a tainted session.',
    fails: 'tests-given',
    file: 'votes.ts',
    change: [['if (data.tainted && !solveCaptcha(data, fields.captcha)) return askCaptcha(data)', '']],
  },
  {
    id: 'reply-not-noted',
    says: 'It does not note on the session when the visitor has replied.',
    fails: 'tests-given',
    file: 'replies.ts',
    change: [['    data.lastReplyMs = settings.now()\n', '']],
  },
  {
    id: 'speed-not-noticed',
    says: 'It does not taint the session of somebody who votes twice in half a second.',
    fails: 'tests-given',
    file: 'human.ts',
    change: [['humanSeconds * 1000) data.tainted = true', 'humanSeconds * 100) data.tainted = true']],
  },
  {
    id: 'bump-does-nothing',
    says: 'It answers the editors’ bump, and leaves the reflection where it was.',
    fails: 'tests-given',
    file: 'admin.ts',
    change: [['SET publishAt = ? WHERE id = ?', 'SET publishAt = MIN(publishAt, ?) WHERE id = ?']],
  },
  {
    id: 'no-ninja',
    says: 'It publishes a reply at once, and does not tell its author that somebody else replied meanwhile.',
    fails: 'tests-refuse',
    file: 'replies.ts',
    change: [['if (meanwhile.length > 0)', 'if (meanwhile.length > 1000)']],
  },
  {
    id: 'captcha-used-twice',
    says: 'It takes the right answer to the CAPTCHA again with each further reply.',
    fails: 'tests-refuse',
    file: 'human.ts',
    change: [['  data.captcha = undefined\n', '']],
  },
  {
    id: 'quarantine-at-six',
    says: 'It hides a reply one vote down too late.',
    fails: 'tests-refuse',
    file: 'votes.ts',
    change: [['votes <= -settings.quarantineVotes', 'votes < -settings.quarantineVotes']],
  },
  {
    id: 'anyone-publishes',
    says: 'It lets everybody publish, not only the editors.',
    fails: 'tests-refuse',
    file: 'admin.ts',
    change: [
      [
        "  api.post('/admin/publish', async (call) => {\n    requireAdmin(call)\n",
        "  api.post('/admin/publish', async (call) => {\n",
      ],
    ],
  },
  {
    id: 'tokens-never-change',
    says: 'It answers with the same token every time.',
    fails: 'tests-refuse',
    file: 'tokens.ts',
    change: [
      ["randomBytes(TOKEN_BYTES).toString('base64url')", 'hashOf(`the token of ${id}`)'],
      ["'INSERT INTO tokens", "'INSERT OR IGNORE INTO tokens"],
      ['AND generation <= ? AND retiredMs', 'AND generation < ? * 0 AND retiredMs'],
    ],
  },
  {
    id: 'no-grace',
    says: 'It has no grace: of two requests with the same token at the same time, the second gets a 401.',
    fails: 'tests-refuse',
    file: 'tokens.ts',
    change: [['const graceMs = settings.graceSeconds * 1000', 'const graceMs = 0']],
  },
  {
    id: 'grace-without-end',
    says: 'It takes an old token for as long as the session lives, also long after the grace.',
    fails: 'tests-refuse',
    file: 'tokens.ts',
    change: [['now() >= row.retiredMs + graceMs', 'row.retiredMs < 0']],
  },
  {
    id: 'theft-does-not-end',
    says: 'It refuses a token whose grace is over, but the session goes on for whoever has the present one.',
    fails: 'tests-refuse',
    file: 'tokens.ts',
    change: [['        await sessions.end(session)\n        return nobody()', '        return nobody()']],
  },
  {
    id: 'siblings-retired',
    says: 'Of two requests at once with one token, it lets only the token of the last answer live longer than the grace. A page that keeps the other one is locked out.',
    fails: 'tests-refuse',
    file: 'tokens.ts',
    change: [
      [
        'session = ? AND generation <= ? AND retiredMs IS NULL',
        'session = ? AND ? >= 0 AND retiredMs IS NULL AND rowid <> (SELECT MAX(rowid) FROM tokens)',
      ],
    ],
  },
  {
    id: 'end-does-nothing',
    says: 'It answers the request to end the session, and the token of before stays good.',
    fails: 'tests-refuse',
    file: 'app.ts',
    change: [['    await sessions.end(call.session)\n', '']],
  },
  {
    id: 'end-ends-all',
    says: 'When one visitor ends a session, it ends everybody’s.',
    fails: 'tests-refuse',
    file: 'app.ts',
    change: [
      [
        'await sessions.end(call.session)',
        "await sessions.end(call.session)\n    await db.run('DELETE FROM sessions')",
      ],
    ],
  },
  {
    id: 'no-idle-limit',
    says: 'It keeps a session that nobody has used for half an hour.',
    fails: 'tests-refuse',
    file: 'tokens.ts',
    change: [
      ['const idleMs = settings.idleSeconds * 1000', 'const idleMs = settings.absoluteSeconds * 1000'],
    ],
  },
  {
    id: 'absolute-moved',
    says: 'It lets a session live for ever, if only there is a request now and then.',
    fails: 'tests-refuse',
    file: 'tokens.ts',
    change: [
      [
        "'UPDATE sessions SET data = ?, seenMs = ? WHERE id = ?', JSON.stringify(data), now(), id",
        "'UPDATE sessions SET data = ?, seenMs = ?, beganMs = seenMs WHERE id = ?', JSON.stringify(data), now(), id",
      ],
    ],
  },
  {
    id: 'login-keeps-session',
    says: 'It keeps the session at a login: whoever knows the token of before is an editor, too.',
    fails: 'tests-refuse',
    file: 'admin.ts',
    change: [['    call.session = await sessions.renew(call.session)\n', '']],
  },
  {
    id: 'adopts-unknown',
    says: 'It begins a session for somebody who sends a token that it never gave out, in place of a 401.',
    fails: 'tests-refuse',
    file: 'tokens.ts',
    change: [
      [
        '      if (!row) return nobody()\n',
        "      if (!row) return typeof body?.token === 'string' ? sessions.begin() : nobody()\n",
      ],
    ],
  },
  {
    id: 'cookie-as-well',
    says: 'It sends the token in a cookie as well.',
    fails: 'tests-refuse',
    file: 'api.ts',
    change: [
      [
        '        if (answer.setCookie !== undefined)',
        "        if (answer.token !== undefined) res.set('Set-Cookie', `session=${answer.token}; HttpOnly`)\n        if (answer.setCookie !== undefined)",
      ],
    ],
  },
  {
    id: 'silent-save',
    says: 'It says nothing when a session is saved that no token leads back to, and drops it.',
    fails: 'tests-refuse',
    file: 'tokens.ts',
    change: [
      [
        `throw new Error(
          'This session cannot be saved: it was opened without a token, so nothing leads back to it.',
        )`,
        'return',
      ],
    ],
  },
]

/** @throws Error when there is none of this id */
export function findWrongApp(id: string): WrongApp {
  const found = wrongApps.find((app) => app.id === id)
  if (found) return found
  throw new Error(`There is no wrong app "${id}".`)
}
