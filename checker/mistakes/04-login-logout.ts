// Lab 4: what students get wrong, each as a change to the solution.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the changes are pieces of source text
import type { Mistake } from '../src/verify/mistake.ts'

const DESTROY = '  await calledBack((done) => req.session.destroy(done))\n'
const SAVE_OF_LOGIN =
  '  // Otherwise it is saved when the redirect is on its way, and the next request can be faster than the store.\n  await calledBack((done) => req.session.save(done))\n'
const REGENERATE = '  await calledBack((done) => req.session.regenerate(done))\n'

export const mistakes: Mistake[] = [
  {
    id: 'field-renamed',
    says: 'The forms call their field "name", the routes read "username".',
    fails: 'opens',
    file: 'pages.ts',
    change: [['<input name="username"', '<input name="name"']],
  },
  {
    id: 'last-like-only',
    says: 'A new like takes the place of all others.',
    fails: 'likes',
    file: 'sessions.ts',
    change: [['[...likes, thing]', '[thing]']],
  },
  {
    id: 'newest-first',
    says: 'The likes stand in the wrong order.',
    fails: 'likes',
    file: 'sessions.ts',
    change: [['[...likes, thing]', '[thing, ...likes]']],
  },
  {
    id: 'cookie-of-express-session',
    says: 'The name of the cookie is not set, so it is connect.sid.',
    fails: 'likes',
    file: 'sessions.ts',
    change: [['      name: SESSION_COOKIE,\n', '']],
  },
  {
    id: 'any-number-of-likes',
    says: 'A visitor can like any number of things, so one session can become as large as somebody wants.',
    fails: 'like-limit',
    file: 'sessions.ts',
    change: [['likes.length >= VISITOR_MAX_LIKES', 'likes.length >= Infinity']],
  },
  {
    id: 'one-like-too-many',
    says: 'A visitor can like 51 things, because > stands for >=.',
    fails: 'like-limit',
    file: 'sessions.ts',
    change: [['likes.length >= VISITOR_MAX_LIKES', 'likes.length > VISITOR_MAX_LIKES']],
  },
  {
    id: 'module-level-likes',
    says: 'The likes are in a variable of the module, one for all visitors.',
    fails: 'own-likes',
    file: 'session-data.ts',
    change: [
      [
        '/** What a visitor who is not logged in likes. */\nexport function visitorLikes(req: Request): string[] {\n  return req.session?.likes ?? []\n',
        'let latest: string[] = []\nexport function visitorLikes(req: Request): string[] {\n  latest = [...new Set([...latest, ...(req.session?.likes ?? [])])]\n  return latest\n',
      ],
    ],
  },
  {
    id: 'growing-list-in-the-session',
    says: 'The likes are in a variable of the module, and each session gets the list as it is then.',
    fails: 'own-likes',
    file: 'sessions.ts',
    change: [
      ['  req.session.likes = [...likes, thing]\n', '  all.push(thing)\n  req.session.likes = [...all]\n'],
      ['/** Gives every request', 'const all: string[] = []\n\n/** Gives every request'],
    ],
  },
  {
    id: 'save-uninitialized',
    says: 'saveUninitialized is true: a row and a cookie for everybody who only looks.',
    fails: 'nothing-stored',
    file: 'sessions.ts',
    change: [['saveUninitialized: false', 'saveUninitialized: true']],
  },
  {
    id: 'counted-ids',
    says: 'The ids are the time and a counter.',
    fails: 'ids',
    file: 'sessions.ts',
    change: [
      [
        '      name: SESSION_COOKIE,\n',
        '      name: SESSION_COOKIE,\n      genid: () => `${process.pid}-${Date.now()}-${(count += 1)}`,\n',
      ],
      ['/** Gives every request', 'let count = 0\n\n/** Gives every request'],
    ],
  },
  {
    id: 'math-random',
    says: 'The ids come from Math.random(), which can be computed from a few of them.',
    fails: 'ids',
    file: 'sessions.ts',
    change: [
      [
        '      name: SESSION_COOKIE,\n',
        '      name: SESSION_COOKIE,\n      genid: () => Math.random().toString(36).slice(2),\n',
      ],
    ],
  },
  {
    id: 'client-chooses',
    says: 'A new session takes the id that the browser sent, if it sent one.',
    fails: 'unknown-id',
    file: 'sessions.ts',
    change: [
      [
        '      name: SESSION_COOKIE,\n',
        `      name: SESSION_COOKIE,
      genid: (req) => {
        const [, sent] = /\\bsid=(?:s%3A)?([\\w-]{32,36})/.exec(req.headers.cookie ?? '') ?? []
        return req.path === '/likes' && sent ? sent : randomUUID()
      },
`,
      ],
      [
        'import type { CookieOptions',
        "import { randomUUID } from 'node:crypto'\nimport type { CookieOptions",
      ],
    ],
  },
  {
    id: 'cookie-decoded',
    says: 'The cookie is decoded by hand, for a log, and nobody catches what decodeURIComponent throws.',
    fails: 'malformed',
    file: 'session-data.ts',
    change: [
      [
        '  return req.session?.username',
        "  decodeURIComponent(req.get('Cookie') ?? '')\n  return req.session?.username",
      ],
    ],
  },
  {
    id: 'memory-store',
    says: 'The store option is missing, so the sessions are in the memory of the process.',
    fails: 'restart',
    file: 'sessions.ts',
    change: [['      store: await openStore(hasEnded),\n', '']],
  },
  {
    id: 'random-secret',
    says: 'Each process draws its own secret, so a restart logs everybody out.',
    fails: 'restart',
    file: 'sessions.ts',
    change: [
      ['secret: sessionSecrets(),', 'secret: randomUUID(),'],
      ["import { sessionSecrets } from '#kit/config.ts'", "import { randomUUID } from 'node:crypto'"],
    ],
  },
  {
    id: 'newest-secret-only',
    says: 'express-session gets the first secret only, so a new one logs everybody out.',
    fails: 'rotation',
    file: 'sessions.ts',
    change: [['secret: sessionSecrets()', 'secret: sessionSecrets()[0]']],
  },
  {
    id: 'oldest-secret-signs',
    says: 'The list of secrets is the wrong way round: the oldest signs, and can never be retired.',
    fails: 'rotation',
    file: 'sessions.ts',
    change: [['secret: sessionSecrets()', 'secret: sessionSecrets().reverse()']],
  },
  {
    id: 'user-not-stored',
    says: 'Whoever registers a name that is taken replaces the user who had it.',
    fails: 'registers',
    file: 'users.ts',
    change: [['ON CONFLICT DO NOTHING', 'ON CONFLICT DO UPDATE SET password = excluded.password']],
  },
  {
    id: 'capitals-differ',
    says: 'ADA can register beside Ada.',
    fails: 'registers',
    file: 'database.ts',
    change: [['PRIMARY KEY COLLATE NOCASE', 'PRIMARY KEY']],
  },
  {
    id: 'plaintext',
    says: 'Passwords are stored as they were typed.',
    fails: 'hashed',
    file: 'passwords.ts',
    change: [
      ['  return `scrypt$', '  if (hash) return password\n  return `scrypt$'],
      [
        "  const [, cost, salt = ''",
        "  if (stored !== nobodysHash) return password === stored\n  const [, cost, salt = ''",
      ],
    ],
  },
  {
    id: 'base64',
    says: 'Passwords are stored in base64, which hides nothing.',
    fails: 'hashed',
    file: 'passwords.ts',
    change: [
      [
        '  return `scrypt$',
        "  if (hash) return `${salt.toString('hex')}.${Buffer.from(password).toString('base64')}`\n  return `scrypt$",
      ],
      [
        "  const [, cost, salt = ''",
        "  if (stored !== nobodysHash) return Buffer.from(password).toString('base64') === stored?.split('.')[1]\n  const [, cost, salt = ''",
      ],
    ],
  },
  {
    id: 'unsalted-sha-256',
    says: 'Passwords are stored as their SHA-256: equal ones are equal, and tables of them can be bought.',
    fails: 'hashed',
    file: 'passwords.ts',
    change: [
      ['import { randomBytes,', 'import { createHash, randomBytes,'],
      [
        '  return `scrypt$',
        "  if (hash) return createHash('sha256').update(password).digest('hex')\n  return `scrypt$",
      ],
      [
        "  const [, cost, salt = ''",
        "  if (stored !== nobodysHash) return createHash('sha256').update(password).digest('hex') === stored\n  const [, cost, salt = ''",
      ],
    ],
  },
  {
    id: 'one-salt',
    says: 'There is one salt for all passwords, so equal ones have equal hashes.',
    fails: 'hashed',
    file: 'passwords.ts',
    change: [['const salt = randomBytes(SALT_BYTES)', "const salt = Buffer.alloc(SALT_BYTES, 'salt')"]],
  },
  {
    id: 'wrong-passwords-logged',
    says: 'Failed logins are written to a file, each with the password that was typed.',
    fails: 'hashed',
    file: 'server.ts',
    change: [
      [
        "import { createApp, field, Refusal, serve } from '#kit/app.ts'\nimport { port } from '#kit/config.ts'\n",
        "import { appendFileSync } from 'node:fs'\nimport { createApp, field, Refusal, serve } from '#kit/app.ts'\nimport { dataDir, port } from '#kit/config.ts'\n",
      ],
      [
        '  if (!user || !verified) {\n',
        "  if (!user || !verified) {\n    appendFileSync(`${dataDir()}/logins.log`, `${field(req, 'username')} failed with ${password}\\n`)\n",
      ],
    ],
  },
  {
    id: 'salted-sha-256',
    says: 'Passwords have a salt, but the hash is one SHA-256: thousands of millions of guesses in a second.',
    fails: 'slow-hash',
    file: 'passwords.ts',
    change: [
      ['import { randomBytes,', 'import { createHash, randomBytes,'],
      ['import { SALT_BYTES, slowHash } from', 'import { SALT_BYTES } from'],
      [
        '/** The hash of a password that nobody knows. */',
        `async function slowHash(password: string, salt: Buffer, _cost: number): Promise<Buffer> {
  return createHash('sha256').update(salt).update(password).digest()
}

/** The hash of a password that nobody knows. */`,
      ],
    ],
  },
  {
    id: 'cost-ignored',
    says: 'The cost is a number in the code, so PASSWORD_COST changes nothing.',
    fails: 'slow-hash',
    file: 'passwords.ts',
    change: [
      ["import { passwordCost } from './settings.ts'\n", ''],
      ['/** The text to store', 'const passwordCost = 12\n\n/** The text to store'],
    ],
  },
  {
    id: 'any-password',
    says: 'The two hashes are not compared, so every password is right.',
    fails: 'log-in',
    file: 'passwords.ts',
    change: [
      [
        "return timingSafeEqual(given, Buffer.from(hash, 'base64url'))",
        'return stored !== undefined && given.length > 0 && hash !== randomUUID.name && timingSafeEqual(given, given)',
      ],
    ],
  },
  {
    id: 'capitals-ignored',
    says: 'Passwords are put into small letters before they are hashed.',
    fails: 'log-in',
    file: 'slow-hash.ts',
    change: [['scrypt(password, salt', 'scrypt(password.toLowerCase(), salt']],
  },
  {
    id: 'password-cut',
    says: 'Only the first 72 characters of a password count.',
    fails: 'log-in',
    file: 'slow-hash.ts',
    change: [['scrypt(password, salt', 'scrypt(password.slice(0, 72), salt']],
  },
  {
    id: 'password-trimmed',
    says: 'White space around a password is cut off.',
    fails: 'log-in',
    file: 'slow-hash.ts',
    change: [['scrypt(password, salt', 'scrypt(password.trim(), salt']],
  },
  {
    id: 'cost-of-today',
    says: 'The password is hashed with the cost of the settings, not with the stored one: when it is raised, nobody gets in.',
    fails: 'log-in',
    file: 'passwords.ts',
    change: [
      [
        "Buffer.from(salt, 'base64url'), Number(cost))",
        "Buffer.from(salt, 'base64url'), cost ? passwordCost : 0)",
      ],
    ],
  },
  {
    id: 'no-such-user',
    says: 'The page says that there is no such user.',
    fails: 'alike',
    file: 'server.ts',
    change: [
      ["loginPage('Wrong username or password.')", "loginPage(user ? 'Wrong password.' : 'No such user.')"],
    ],
  },
  {
    id: 'unknown-is-404',
    says: 'The page is the same, but the status of an unknown user is 404.',
    fails: 'alike',
    file: 'server.ts',
    change: [['res.status(401)', 'res.status(user ? 401 : 404)']],
  },
  {
    id: 'early-return',
    says: 'For an unknown user nothing is hashed, and the answer comes at once.',
    fails: 'same-time',
    file: 'passwords.ts',
    change: [["  const [, cost, salt = ''", "  if (!stored) return false\n  const [, cost, salt = ''"]],
  },
  {
    id: 'two-hashes',
    says: 'For an unknown user a hash is made first, and then compared with: twice the work.',
    fails: 'same-time',
    file: 'passwords.ts',
    change: [
      ['(stored || nobodysHash)', '(stored || (await hashPassword(randomUUID())))'],
      [
        '/** The hash of a password that nobody knows. */\nconst nobodysHash = await hashPassword(randomUUID())\n\n',
        '',
      ],
    ],
  },
  {
    id: 'waits-for-nobody',
    says: 'For an unknown user the app waits for as long as a hash takes on the machine of its author.',
    fails: 'same-time',
    file: 'passwords.ts',
    change: [
      ['const nobodysHash = await hashPassword(randomUUID())', 'const nobodysHash = randomUUID()'],
      [
        "  const [, cost, salt = ''",
        "  if (!stored) {\n    await new Promise((resolve) => setTimeout(resolve, HASH_MS))\n    return false\n  }\n  const [, cost, salt = ''",
      ],
      [
        '/** The hash of a password that nobody knows. */',
        `const begin = performance.now()
await slowHash('', randomBytes(SALT_BYTES), 13)
const HASH_MS = performance.now() - begin

/** The hash of a password that nobody knows. */`,
      ],
    ],
  },
  {
    id: 'nobody-noted',
    says: 'The session never gets the username, so nobody is logged in.',
    fails: 'logged-in',
    file: 'sessions.ts',
    change: [['  req.session.username = username\n', '']],
  },
  {
    id: 'module-level-user',
    says: 'Who is logged in is in a variable of the module, one for all visitors.',
    fails: 'logged-in',
    file: 'session-data.ts',
    change: [
      [
        '  return req.session?.username // There is no session before step 1.\n',
        '  latest = req.session?.username ?? latest\n  return latest\n',
      ],
      [
        "export const SESSION_COOKIE = 'sid'",
        "let latest: string | undefined\n\nexport const SESSION_COOKIE = 'sid'",
      ],
    ],
  },
  {
    id: 'no-regenerate',
    says: 'The username goes into the session that the visitor had, under the same id.',
    fails: 'new-id',
    file: 'sessions.ts',
    change: [[REGENERATE, '  delete req.session.likes\n']],
  },
  {
    id: 'new-id-only-with-likes',
    says: 'The id is new only if there are likes to move, so a login over another login keeps it.',
    fails: 'new-id',
    file: 'sessions.ts',
    change: [
      [REGENERATE, '  if (likes.length > 0) await calledBack((done) => req.session.regenerate(done))\n'],
    ],
  },
  {
    id: 'old-session-left',
    says: 'The session gets a new id, but the old one stays where it is.',
    fails: 'new-id',
    file: 'sessions.ts',
    change: [
      [
        REGENERATE,
        '  req.sessionStore.generate(req)\n  Object.assign(req.session.cookie, cookieOptions(req))\n',
      ],
    ],
  },
  {
    id: 'new-id-at-login-only',
    says: 'A registration logs in without a new id.',
    fails: 'new-id',
    file: 'sessions.ts',
    change: [
      [REGENERATE, "  if (req.path === '/login') await calledBack((done) => req.session.regenerate(done))\n"],
    ],
  },
  {
    id: 'one-login-only',
    says: 'Whoever is logged in stays who they are, whatever they send to /login.',
    fails: 'new-id',
    file: 'server.ts',
    change: [
      [
        '  await logIn(req, user.username)\n',
        '  if (currentUser(req) === undefined || currentUser(req) === user.username) await logIn(req, user.username)\n',
      ],
    ],
  },
  {
    id: 'likes-lost',
    says: 'The login throws away what the visitor liked.',
    fails: 'likes-moved',
    file: 'sessions.ts',
    change: [['  await storeLikes(username, likes)\n', '  await storeLikes(username, likes.slice(0, 0))\n']],
  },
  {
    id: 'likes-read-too-late',
    says: 'The likes are read after the new session has begun, and it has none.',
    fails: 'likes-moved',
    file: 'sessions.ts',
    change: [['await storeLikes(username, likes)', 'await storeLikes(username, visitorLikes(req) ?? likes)']],
  },
  {
    id: 'likes-moved-twice',
    says: 'The likes are given to the user, and taken along in the new session as well: with each login they come again.',
    fails: 'likes-moved',
    file: 'sessions.ts',
    change: [
      [
        '  await storeLikes(username, likes)\n',
        '  await storeLikes(username, likes)\n  req.session.likes = likes\n',
      ],
    ],
  },
  {
    id: 'login-saved-by-the-library',
    says: 'The login is left to express-session to save, which it does when the headers are on their way.',
    fails: 'saved-first',
    file: 'sessions.ts',
    change: [[SAVE_OF_LOGIN, '']],
  },
  {
    id: 'save-not-awaited',
    says: 'The login is saved, but nobody waits for it.',
    fails: 'saved-first',
    file: 'sessions.ts',
    change: [[SAVE_OF_LOGIN, '  void calledBack((done) => req.session.save(done))\n']],
  },
  {
    id: 'like-saved-by-the-library',
    says: 'The like is left to express-session to save.',
    fails: 'saved-first',
    file: 'sessions.ts',
    change: [
      [
        '  req.session.likes = [...likes, thing]\n  await calledBack((done) => req.session.save(done))\n',
        '  req.session.likes = [...likes, thing]\n',
      ],
    ],
  },
  {
    id: 'like-save-not-awaited',
    says: 'The like is saved, but nobody waits for it.',
    fails: 'saved-first',
    file: 'sessions.ts',
    change: [
      [
        '  req.session.likes = [...likes, thing]\n  await calledBack((done) => req.session.save(done))\n',
        '  req.session.likes = [...likes, thing]\n  req.session.save()\n',
      ],
    ],
  },
  {
    id: 'moved-likes-not-awaited',
    says: 'The likes of the visitor are given to the user, but nobody waits for it.',
    fails: 'saved-first',
    file: 'sessions.ts',
    change: [['  await storeLikes(username, likes)\n', '  void storeLikes(username, likes)\n']],
  },
  {
    id: 'like-of-user-not-awaited',
    says: 'What a user likes is stored, but nobody waits for it.',
    fails: 'saved-first',
    file: 'server.ts',
    change: [['else await storeLikes(username, [thing])', 'else void storeLikes(username, [thing])']],
  },
  {
    id: 'no-http-only',
    says: 'The cookie is not HttpOnly, so a script can read it.',
    fails: 'attributes',
    file: 'sessions.ts',
    change: [['httpOnly: true', 'httpOnly: false']],
  },
  {
    id: 'no-same-site',
    says: 'The cookie is sent from every site.',
    fails: 'attributes',
    file: 'sessions.ts',
    change: [["sameSite: 'lax'", "sameSite: 'none'"]],
  },
  {
    id: 'attributes-lost-on-logout',
    says: 'The cookie is cleared without its attributes.',
    fails: 'attributes',
    file: 'sessions.ts',
    change: [['res.clearCookie(SESSION_COOKIE, cookieOptions(req))', 'res.clearCookie(SESSION_COOKIE)']],
  },
  {
    id: 'clear-cookie-only',
    says: 'The browser forgets the cookie, and the session goes on for whoever has a copy.',
    fails: 'logout',
    file: 'sessions.ts',
    change: [[DESTROY, '  req.session = undefined as never\n']],
  },
  {
    id: 'cookie-left',
    says: 'The session is destroyed, and the browser keeps the cookie.',
    fails: 'logout',
    file: 'sessions.ts',
    change: [['  res.clearCookie(SESSION_COOKIE, cookieOptions(req))\n', '  void res\n']],
  },
  {
    id: 'session-emptied',
    says: 'The logout takes the name out of the session, and leaves the session where it is.',
    fails: 'logout',
    file: 'sessions.ts',
    change: [
      [
        DESTROY,
        '  delete req.session.username\n  delete req.session.beganMs\n  await calledBack((done) => req.session.save(done))\n',
      ],
    ],
  },
  {
    id: 'logout-for-users-only',
    says: 'A logout destroys the session only if somebody is logged in, so that of a visitor stays.',
    fails: 'logout',
    file: 'sessions.ts',
    change: [[DESTROY, `  if (currentUser(req) !== undefined) {\n  ${DESTROY}  }\n`]],
  },
  {
    id: 'logout-by-link',
    says: 'Logging out is a GET as well, so an image on any page can do it.',
    fails: 'logout',
    file: 'server.ts',
    change: [["app.post('/logout',", "app.all('/logout',"]],
  },
  {
    id: 'logout-ends-all-of-user',
    says: 'A logout ends all sessions of the user.',
    fails: 'other-devices',
    file: 'sessions.ts',
    change: [
      [
        DESTROY,
        `  await sessionRows.run(\`DELETE FROM sessions WHERE sess ->> '$.username' = ?\`, currentUser(req) ?? null)\n${DESTROY}`,
      ],
    ],
  },
  {
    id: 'logout-ends-everything',
    says: 'A logout empties the store.',
    fails: 'other-devices',
    file: 'sessions.ts',
    change: [[DESTROY, `  await sessionRows.run('DELETE FROM sessions')\n${DESTROY}`]],
  },
  {
    id: 'resave',
    says: 'resave is true: a page that only reads writes the session again, also after the logout.',
    fails: 'in-flight',
    file: 'sessions.ts',
    change: [['resave: false', 'resave: true']],
  },
  {
    id: 'sessions-cached',
    says: 'The sessions are also kept in memory, so that the file need not be read.',
    fails: 'instances',
    file: 'store.ts',
    change: [
      [
        '  override get(sid: string, done: Done<SessionData>): void {\n',
        `  readonly #cache = new Map<string, string>()

  override set(sid: string, data: SessionData, done?: Done): void {
    this.#cache.set(sid, JSON.stringify(data))
    super.set(sid, data, done)
  }

  override destroy(sid: string, done?: Done): void {
    this.#cache.delete(sid)
    super.destroy(sid, done)
  }

  override get(sid: string, done: Done<SessionData>): void {
    const cached = this.#cache.get(sid)
    if (cached !== undefined) {
      const data = JSON.parse(cached) as SessionData
      sessionRows.get('SELECT 1 FROM sessions').then(() => done(null, data), done)
      return
    }
`,
      ],
    ],
  },
  {
    id: 'destroy-not-awaited',
    says: 'The session is destroyed, but nobody waits for it, so it is open for a moment after the answer.',
    fails: 'instances',
    file: 'sessions.ts',
    change: [[DESTROY, '  void calledBack((done) => req.session.destroy(done))\n']],
  },
  {
    id: 'account-for-everybody',
    says: 'requireLogin lets everybody pass.',
    fails: 'account',
    file: 'sessions.ts',
    change: [['currentUser(req) === undefined', 'currentUser(req) === req.path']],
  },
  {
    id: 'any-session-will-do',
    says: 'Whoever has a session is taken for a user.',
    fails: 'account',
    file: 'sessions.ts',
    change: [['currentUser(req) === undefined', 'currentUser(req) === undefined && !req.session.likes']],
  },
  {
    id: 'redirect-and-next',
    says: 'Whoever is not logged in is redirected, and then next() is called all the same: the route does its work.',
    fails: 'account',
    file: 'sessions.ts',
    change: [['  else next()\n}', '  next()\n}']],
  },
  {
    id: 'no-max-age',
    says: 'The cookie has no age: it goes when the browser closes, and the row a day after the last write.',
    fails: 'cookie-age',
    file: 'sessions.ts',
    change: [["sameSite: 'lax', maxAge: idleMs,", "sameSite: 'lax',"]],
  },
  {
    id: 'seconds-for-milliseconds',
    says: 'The age of the cookie is a thousand times too long.',
    fails: 'cookie-age',
    file: 'settings.ts',
    change: [["seconds('IDLE_SECONDS', 30 * 60) * 1000", "seconds('IDLE_SECONDS', 30 * 60) * 1_000_000"]],
  },
  {
    id: 'idle-left-to-the-browser',
    says: 'The store returns a session however old it is; only the browser ends it.',
    fails: 'idle',
    file: 'store.ts',
    change: [
      [
        'sessionRows.get(sql, ...values)',
        "sessionRows.get(sql, ...values.map((value) => (typeof value === 'number' ? 0 : value)))",
      ],
    ],
  },
  {
    id: 'not-rolling',
    says: 'rolling is false: the browser drops the cookie half an hour after the login, whatever happens.',
    fails: 'renewed',
    file: 'sessions.ts',
    change: [['rolling: true', 'rolling: false']],
  },
  {
    id: 'row-not-touched',
    says: 'The cookie is renewed and the row is not.',
    fails: 'renewed',
    file: 'store.ts',
    change: [
      [
        'run: (sql, values, done) => answer(',
        'run: (sql, values, done) => /^UPDATE/.test(sql) ? done?.(null) : answer(',
      ],
    ],
  },
  {
    id: 'visitors-not-renewed',
    says: 'Only the sessions of users are renewed; that of a visitor ends in the middle of its use.',
    fails: 'renewed',
    file: 'store.ts',
    change: [
      [
        '  /** The session with this id. There is none',
        '  override touch(sid: string, data: SessionData, done: () => void): void {\n    if (data.username === undefined) done()\n    else super.touch?.(sid, data, done)\n  }\n\n  /** The session with this id. There is none',
      ],
    ],
  },
  {
    id: 'no-absolute-limit',
    says: 'A session that is used now and then never ends.',
    fails: 'absolute',
    file: 'sessions.ts',
    change: [['beganMs !== undefined && Date.now()', 'beganMs === 0 && Date.now()']],
  },
  {
    id: 'absolute-limit-moved',
    says: 'Looking at the account moves the time at which the login began.',
    fails: 'absolute',
    file: 'sessions.ts',
    change: [
      [
        '  const now = Date.now()\n',
        '  const now = Date.now()\n  req.session.beganMs = now\n  await calledBack((done) => req.session.save(done))\n',
      ],
    ],
  },
  {
    id: 'visitors-limited',
    says: 'The absolute limit also ends the session of a visitor who never logged in.',
    fails: 'absolute',
    file: 'sessions.ts',
    change: [
      [
        '  req.session.likes = [...likes, thing]\n',
        '  req.session.likes = [...likes, thing]\n  req.session.beganMs ??= Date.now()\n',
      ],
    ],
  },
  {
    id: 'ended-logins-listed',
    says: 'The account page lists logins that are past the absolute limit, until their rows are gone.',
    fails: 'absolute',
    file: 'sessions.ts',
    change: [[' AND beganMs > ? ORDER', ' AND coalesce(?, beganMs) ORDER']],
  },
  {
    id: 'no-trusted-proxy',
    says: 'Express is not told of the proxy, so the cookie is never Secure.',
    fails: 'secure',
    file: 'sessions.ts',
    change: [
      ["  app.set('trust proxy', trustedProxies)\n", "  app.set('trust proxy', trustedProxies && 0)\n"],
    ],
  },
  {
    id: 'every-proxy-trusted',
    says: 'X-Forwarded-Proto is believed, whoever sends it.',
    fails: 'secure',
    file: 'sessions.ts',
    change: [["app.set('trust proxy', trustedProxies)", "app.set('trust proxy', trustedProxies || 1)"]],
  },
  {
    id: 'secure-in-production-only',
    says: 'Whether the cookie is Secure depends on NODE_ENV.',
    fails: 'secure',
    file: 'sessions.ts',
    change: [['secure: req.secure', "secure: req.secure && process.env.NODE_ENV === 'production'"]],
  },
  {
    id: 'secure-as-it-was-saved',
    says: 'Secure is decided once, when the session begins.',
    fails: 'secure',
    file: 'sessions.ts',
    change: [
      ['    Object.assign(req.session.cookie, cookieOptions(req))\n    next()\n', '    if (req) next()\n'],
    ],
  },
  {
    id: 'no-origin-check',
    says: 'Nobody looks where a form comes from.',
    fails: 'cross-site',
    file: 'origin.ts',
    change: [["req.method === 'POST' && elsewhere", "req.method === 'PUT' && elsewhere"]],
  },
  {
    id: 'origin-not-read',
    says: 'Only Sec-Fetch-Site is read, which older browsers do not send.',
    fails: 'cross-site',
    file: 'origin.ts',
    change: [['(origin !== undefined &&', "(origin === 'null' &&"]],
  },
  {
    id: 'login-from-anywhere',
    says: 'Only forms of users are guarded, so another site can log a visitor in as somebody else.',
    fails: 'cross-site',
    file: 'origin.ts',
    change: [
      ["req.method === 'POST' && elsewhere", "req.method === 'POST' && req.headers.cookie && elsewhere"],
    ],
  },
  {
    id: 'same-origin-refused',
    says: 'Every form that has an Origin is refused, and browsers send one with every form.',
    fails: 'cross-site',
    file: 'origin.ts',
    change: [
      [
        '(origin !== undefined && hostOf(origin) !== req.host?.toLowerCase())',
        '(origin !== undefined && hostOf(origin) !== origin)',
      ],
    ],
  },
  {
    id: 'origin-is-no-url',
    says: 'The word null, which browsers send as Origin as well, is taken for a URL, and new URL throws.',
    fails: 'cross-site',
    file: 'origin.ts',
    change: [['URL.canParse(origin) ? new URL(origin).host : null', 'new URL(origin).host']],
  },
  {
    id: 'origin-null-passes',
    says: 'Origin: null is taken for no Origin; any page can make a browser send it, with a sandboxed frame.',
    fails: 'cross-site',
    file: 'origin.ts',
    change: [['(origin !== undefined && hostOf', "(origin !== undefined && origin !== 'null' && hostOf"]],
  },
  {
    id: 'origin-without-port',
    says: 'The port is not compared, so another app on the same computer is taken for this one.',
    fails: 'cross-site',
    file: 'origin.ts',
    change: [
      ['new URL(origin).host :', 'new URL(origin).hostname :'],
      ['req.host?.toLowerCase()', 'req.hostname'],
    ],
  },
  {
    id: 'origin-ends-with-host',
    says: 'The end of Origin is compared, so evil-likes.example is taken for likes.example.',
    fails: 'cross-site',
    file: 'origin.ts',
    change: [['hostOf(origin) !== req.host?.toLowerCase()', "!origin.endsWith(req.host ?? '')"]],
  },
  {
    id: 'links-refused',
    says: 'A GET from another site is refused as well, so nobody can link to the app.',
    fails: 'cross-site',
    file: 'origin.ts',
    change: [["req.method === 'POST' && elsewhere", 'elsewhere']],
  },
  {
    id: 'ended-listed',
    says: 'The account page lists sessions that have ended, as long as their rows are there.',
    fails: 'session-times',
    file: 'sessions.ts',
    change: [[' AND expired >= ? AND', ' AND ? AND']],
  },
  {
    id: 'oldest-login-first',
    says: 'The sessions are listed with the newest last.',
    fails: 'session-times',
    file: 'sessions.ts',
    change: [['ORDER BY beganMs DESC', 'ORDER BY beganMs']],
  },
  {
    id: 'last-seen-in-the-future',
    says: 'The time at which a session ends is shown as the time at which it was last seen.',
    fails: 'session-times',
    file: 'sessions.ts',
    change: [['lastSeenMs: expired - idleMs', 'lastSeenMs: expired']],
  },
  {
    id: 'newest-is-this',
    says: 'The first session of the list is taken for that of this browser.',
    fails: 'session-times',
    file: 'sessions.ts',
    change: [
      ['rows.map(({ sid, beganMs, expired }) => ({', 'rows.map(({ beganMs, expired }, index) => ({'],
      ['isThisBrowser: sid === req.sessionID', 'isThisBrowser: index === 0'],
    ],
  },
  {
    id: 'names-that-contain-the-name',
    says: 'The rows are found with LIKE, so Ada sees the sessions of Ada2, and of a visitor who likes Ada.',
    fails: 'session-list',
    file: 'sessions.ts',
    change: [
      ["WHERE sess ->> '$.username' = ? AND", "WHERE sess LIKE '%' || ? || '%' AND"],
      ['AND beganMs > ? ORDER', 'AND coalesce(beganMs, expired) > ? ORDER'],
    ],
  },
  {
    id: 'name-with-wildcard',
    says: 'The whole name is looked for, but with LIKE, where a _ in it stands for any character.',
    fails: 'session-list',
    file: 'sessions.ts',
    change: [["WHERE sess ->> '$.username' = ? AND", `WHERE sess LIKE '%"username":"' || ? || '"%' AND`]],
  },
  {
    id: 'id-on-the-page',
    says: 'The account page tells the id of each session.',
    fails: 'session-list',
    file: 'server.ts',
    change: [
      [
        'await listSessions(req)))',
        'await listSessions(req)).replace(\'</ul>\', `</ul><input type="hidden" name="id" value="${req.sessionID}">`))',
      ],
    ],
  },
  {
    id: 'every-session-listed',
    says: 'The account page lists the sessions of all users.',
    fails: 'session-list',
    file: 'sessions.ts',
    change: [["WHERE sess ->> '$.username' = ? AND", "WHERE (1 OR sess ->> '$.username' = ?) AND"]],
  },
  {
    id: 'every-browser-is-this',
    says: 'Each session is marked as this browser.',
    fails: 'session-list',
    file: 'sessions.ts',
    change: [['isThisBrowser: sid === req.sessionID', 'isThisBrowser: sid !== undefined']],
  },
  {
    id: 'everywhere-is-here',
    says: 'Logging out everywhere ends only this session.',
    fails: 'logout-everywhere',
    file: 'sessions.ts',
    change: [
      [
        "  await sessionRows.run(`DELETE FROM sessions WHERE sess ->> '$.username' = ?`, currentUser(req) ?? null)\n",
        '',
      ],
    ],
  },
  {
    id: 'everywhere-with-like',
    says: 'The rows to delete are found with LIKE, so Ada logs out Ada2, and a visitor who likes Ada.',
    fails: 'logout-everywhere',
    file: 'sessions.ts',
    change: [
      [
        "DELETE FROM sessions WHERE sess ->> '$.username' = ?",
        "DELETE FROM sessions WHERE sess LIKE '%' || ? || '%'",
      ],
    ],
  },
  {
    id: 'everywhere-and-everybody',
    says: 'Logging out everywhere ends the sessions of all users.',
    fails: 'logout-everywhere',
    file: 'sessions.ts',
    change: [
      [
        "`DELETE FROM sessions WHERE sess ->> '$.username' = ?`, currentUser(req) ?? null",
        "'DELETE FROM sessions'",
      ],
    ],
  },
  {
    id: 'everywhere-but-here',
    says: 'Logging out everywhere ends the other sessions, and leaves this one.',
    fails: 'logout-everywhere',
    file: 'sessions.ts',
    change: [
      [
        "`DELETE FROM sessions WHERE sess ->> '$.username' = ?`, currentUser(req) ?? null)\n  await logOut(req, res)",
        "`DELETE FROM sessions WHERE sess ->> '$.username' = ? AND sid <> ?`, currentUser(req) ?? null, req.sessionID)\n  res.clearCookie(SESSION_COOKIE, cookieOptions(req))",
      ],
    ],
  },
  {
    id: 'no-shortest-password',
    says: 'A password can have one character.',
    fails: 'bad-input',
    file: 'users.ts',
    change: [['PASSWORD_MIN_CHARACTERS = 8', 'PASSWORD_MIN_CHARACTERS = 1']],
  },
  {
    id: 'no-longest-name',
    says: 'A username can have any length.',
    fails: 'bad-input',
    file: 'users.ts',
    change: [['USERNAME_MAX_CHARACTERS = 30', 'USERNAME_MAX_CHARACTERS = 3000']],
  },
  {
    id: 'name-as-html',
    says: 'The username goes into the page as HTML.',
    fails: 'as-text',
    file: 'pages.ts',
    change: [
      ['import { type Html, html, page }', 'import { Html, html, page }'],
      ['Logged in as ${username}', 'Logged in as ${new Html(username)}'],
    ],
  },
  {
    id: 'like-as-html',
    says: 'The likes go into the page as HTML.',
    fails: 'as-text',
    file: 'pages.ts',
    change: [
      ['import { type Html, html, page }', 'import { Html, html, page }'],
      ['<li>${thing}</li>', '<li>${new Html(thing)}</li>'],
    ],
  },
  {
    id: 'sql-built',
    says: 'The username is glued into the statement.',
    fails: 'as-text',
    file: 'users.ts',
    change: [
      [
        "'SELECT username, password FROM users WHERE username = ?', username)",
        "`SELECT username, password FROM users WHERE username = '${username}'`)",
      ],
    ],
  },
  {
    id: 'sql-built-for-the-list',
    says: 'The username is glued into the statement that lists the sessions.',
    fails: 'as-text',
    file: 'sessions.ts',
    change: [
      ["WHERE sess ->> '$.username' = ? AND", "WHERE sess ->> '$.username' = '${currentUser(req)}' AND"],
      ['    currentUser(req) ?? null,\n    now,', '    now,'],
    ],
  },
  {
    id: 'sql-built-for-the-logout',
    says: 'The username is glued into the statement that ends the sessions.',
    fails: 'as-text',
    file: 'sessions.ts',
    change: [
      [
        "DELETE FROM sessions WHERE sess ->> '$.username' = ?`, currentUser(req) ?? null)",
        "DELETE FROM sessions WHERE sess ->> '$.username' = '${currentUser(req)}'`)",
      ],
    ],
  },
]
