// Lab 5: what students get wrong, each as a change to the solution.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the changes are pieces of source text
import type { Mistake } from '../src/verify/mistake.ts'

const OPTIONS = '{ client: commands, prefix: redisPrefix, ttl: sessionSeconds }'
const DESTROY = '  await calledBack((done) => req.session.destroy(done))\n'
const CLEAR = '  res.clearCookie(SESSION_COOKIE, cookieOptions(req))\n'
const NAME = '      name: SESSION_COOKIE,\n'
const GET = 'get: (key: string) => inTime(client.get(key), reconnect),'
const SET =
  'set: (key: string, value: string, options: SetOptions) =>\n    inTime(client.set(key, value, options), reconnect),'
const EXPIRE =
  'expire: (key: string, ttlSeconds: number) => inTime(client.expire(key, ttlSeconds), reconnect),'
const DEL = 'del: (keys: string[]) => inTime(client.del(keys), reconnect),'
const TIMEOUT = ' socketTimeout: 1000,'
const RECONNECT = 'reconnectStrategy: 500'
const LISTEN = "  client.on('error', reportTrouble)\n"
const CONNECT = `${LISTEN}  client.connect().catch(reportTrouble)\n`

export const mistakes: Mistake[] = [
  {
    id: 'instance-not-named',
    says: 'The page does not say which instance has made it.',
    fails: 'opens',
    file: 'pages.ts',
    change: [['Served by instance ${instanceName}.', 'Served by this instance.']],
  },
  {
    id: 'cacheable',
    says: 'Cache-Control is missing, so a browser may show an old page.',
    fails: 'opens',
    file: 'server.ts',
    change: [["  res.set('Cache-Control', 'no-store')\n", '']],
  },
  {
    id: 'no-health',
    says: 'The balancer’s page /health is gone, so it takes the instance for dead.',
    fails: 'opens',
    file: 'server.ts',
    change: [["app.get('/health'", "app.get('/healthy'"]],
  },
  {
    id: 'module-level-value',
    says: 'The value is in a variable of the module, one for all visitors.',
    fails: 'own-value',
    file: 'server.ts',
    change: [
      ['const app = createApp()\n', 'const app = createApp()\nlet latest: string | undefined\n'],
      ['valuePage(req.session.value)', 'valuePage((latest = req.session.value ?? latest))'],
    ],
  },
  {
    id: 'first-value-stays',
    says: 'A value that was set once cannot be changed.',
    fails: 'own-value',
    file: 'value.ts',
    change: [['req.session.value = value', 'req.session.value ??= value']],
  },
  {
    id: 'cookie-of-express-session',
    says: 'The name of the cookie is not set, so it is connect.sid.',
    fails: 'own-value',
    file: 'sessions.ts',
    change: [[NAME, '']],
  },
  {
    id: 'not-trimmed',
    says: 'A value of white space is taken for one.',
    fails: 'bad-input',
    file: 'value.ts',
    change: [['typed.trim()', 'typed']],
  },
  {
    id: 'cut-in-silence',
    says: 'A value that is too long is cut, and nobody is told.',
    fails: 'bad-input',
    file: 'value.ts',
    change: [['typed.trim()', 'typed.trim().slice(0, VALUE_MAX_CHARACTERS)']],
  },
  {
    id: 'cleared-first',
    says: 'The old value is thrown away before the new one is looked at.',
    fails: 'bad-input',
    file: 'server.ts',
    change: [['  await setValue(req,', '  delete req.session.value\n  await setValue(req,']],
  },
  {
    id: 'refused-with-500',
    says: 'A value that is too long is answered with 500.',
    fails: 'bad-input',
    file: 'value.ts',
    change: [['new Refusal(400, `That is too long', 'new Error(`That is too long']],
  },
  {
    id: 'unescaped',
    says: 'The value goes into the page as HTML.',
    fails: 'as-text',
    file: 'pages.ts',
    change: [
      ['import { type Html, html,', 'import { Html, html,'],
      [
        '<p class="story">${value === undefined ? \'The session holds nothing.\' : `The session holds: ${value}`}</p>',
        '<p class="story">${new Html(value === undefined ? \'The session holds nothing.\' : `The session holds: ${value}`)}</p>',
      ],
    ],
  },
  {
    id: 'decoded-twice',
    says: 'Express has decoded the address already, and the value is decoded once more.',
    fails: 'as-text',
    file: 'value.ts',
    change: [['typed.trim()', 'decodeURIComponent(typed).trim()']],
  },
  {
    id: 'cookie-decoded',
    says: 'The cookie is decoded by hand, for a log, and nobody catches what decodeURIComponent throws.',
    fails: 'malformed',
    file: 'server.ts',
    change: [
      [
        '  res.send(valuePage',
        "  console.log(decodeURIComponent(req.get('Cookie') ?? ''))\n  res.send(valuePage",
      ],
    ],
  },
  {
    id: 'not-http-only',
    says: 'Scripts can read the cookie.',
    fails: 'attributes',
    file: 'sessions.ts',
    change: [['httpOnly: true', 'httpOnly: false']],
  },
  {
    id: 'no-same-site',
    says: 'SameSite is missing.',
    fails: 'attributes',
    file: 'sessions.ts',
    change: [[" sameSite: 'lax',", '']],
  },
  {
    id: 'same-site-none',
    says: 'SameSite=None sends the cookie with the forms of other sites.',
    fails: 'attributes',
    file: 'sessions.ts',
    change: [["sameSite: 'lax'", "sameSite: 'none'"]],
  },
  {
    id: 'cleared-without-attributes',
    says: 'The cookie is cleared without the attributes that it was set with.',
    fails: 'attributes',
    file: 'sessions.ts',
    change: [[CLEAR, '  res.clearCookie(SESSION_COOKIE)\n']],
  },
  {
    id: 'flags-lost-on-renewal',
    says: 'When the cookie is sent again, it is no longer HttpOnly.',
    fails: 'attributes',
    file: 'sessions.ts',
    change: [
      [
        'Object.assign(req.session.cookie, cookieOptions(req))',
        'Object.assign(req.session.cookie, cookieOptions(req), { httpOnly: req.session.value === undefined })',
      ],
    ],
  },
  {
    id: 'origin-not-asked',
    says: 'Forms from other sites are taken.',
    fails: 'cross-site',
    file: 'server.ts',
    change: [['app.use(refuseCrossSite)\n', '']],
  },
  {
    id: 'only-fetch-metadata',
    says: 'Browsers that say only Origin are believed.',
    fails: 'cross-site',
    file: 'origin.ts',
    change: [["'cross-site' ||\n    (origin", "'cross-site' &&\n    (origin"]],
  },
  {
    id: 'own-form-refused',
    says: 'The app’s own form is refused as well, because its Origin has a scheme and the Host has none.',
    fails: 'cross-site',
    file: 'origin.ts',
    change: [['hostOf(origin) !== req.host?.toLowerCase()', 'origin !== req.host']],
  },
  {
    id: 'never-secure',
    says: 'The cookie is never Secure.',
    fails: 'secure',
    file: 'sessions.ts',
    change: [['secure: req.secure', 'secure: false']],
  },
  {
    id: 'every-proxy-trusted',
    says: 'Whoever sends X-Forwarded-Proto is taken for the proxy.',
    fails: 'secure',
    file: 'sessions.ts',
    change: [["app.set('trust proxy', trustedProxies)", "app.set('trust proxy', true)"]],
  },
  {
    id: 'no-proxy-trusted',
    says: '"trust proxy" is not set, so the app takes every connection for one over http.',
    fails: 'secure',
    file: 'sessions.ts',
    change: [["  app.set('trust proxy', trustedProxies)\n", '']],
  },
  {
    id: 'secure-as-it-began',
    says: 'The cookie stays as it was when the session began, also over https.',
    fails: 'secure',
    file: 'sessions.ts',
    change: [['    Object.assign(req.session.cookie, cookieOptions(req))\n', '']],
  },
  {
    id: 'file-store',
    says: 'The sessions are still in files, one folder per instance.',
    fails: 'every-other',
    file: 'store.ts',
    change: [
      [`return new RedisStore(${OPTIONS})`, 'return openFileStore()'],
      [
        "import { inTime, reportTrouble } from './outage.ts'",
        "import { openFileStore } from './file-store.ts'\nimport { inTime, reportTrouble } from './outage.ts'",
      ],
    ],
  },
  {
    id: 'memory-store',
    says: 'The store option is missing, so the sessions are in the memory of each instance.',
    fails: 'every-other',
    file: 'sessions.ts',
    change: [['      store: await openStore(),\n', '']],
  },
  {
    id: 'redis-not-passed-on',
    says: 'The client connects, but the store is a new MemoryStore.',
    fails: 'every-other',
    file: 'store.ts',
    change: [
      [`return new RedisStore(${OPTIONS})`, 'return new session.MemoryStore()'],
      [
        "import type { Store } from 'express-session'",
        "import session, { type Store } from 'express-session'",
      ],
    ],
  },
  {
    id: 'in-the-cookie',
    says: 'The value itself is in a signed cookie: all instances can read it, and nobody can end it.',
    fails: 'every-other',
    file: 'sessions.ts',
    change: [
      [
        '  app.use(\n    session({\n      store: await',
        '  app.use(inTheCookie as never)\n  void (async () =>\n    session({\n      store: await',
      ],
      ['      cookie: cookieOptions,\n    }),\n  )\n', '      cookie: cookieOptions,\n    }))\n'],
      [
        '/** Gives every request',
        `const seal = (text: string) => createHmac('sha256', sessionSecrets()[0]).update(text).digest('base64url')

function inTheCookie(req: Request, res: Response, next: () => void): void {
  const [, text = '', signature] = /\\bsid=([\\w-]*)\\.([\\w-]*)/.exec(req.headers.cookie ?? '') ?? []
  const value = signature === seal(text) ? Buffer.from(text, 'base64url').toString() : undefined
  const set = (value = '') => {
    const text = Buffer.from(value).toString('base64url')
    res.cookie(SESSION_COOKIE, text + '.' + seal(text), cookieOptions(req))
  }
  const save = (done: () => void) => {
    set(req.session.value)
    done()
  }
  req.session = { value, cookie: {}, save, destroy: (done: () => void) => done() } as never
  next()
}

/** Gives every request`,
      ],
      [
        'import type { CookieOptions',
        "import { createHmac } from 'node:crypto'\nimport type { CookieOptions",
      ],
    ],
  },
  {
    id: 'default-prefix',
    says: 'The store gets no prefix, so its keys begin with "sess:".',
    fails: 'prefix',
    file: 'store.ts',
    change: [[OPTIONS, '{ client: commands, ttl: sessionSeconds }']],
  },
  {
    id: 'fixed-prefix',
    says: 'The prefix is written into the program, whatever REDIS_PREFIX says.',
    fails: 'prefix',
    file: 'store.ts',
    change: [[OPTIONS, "{ client: commands, prefix: 'session-labs:', ttl: sessionSeconds }"]],
  },
  {
    id: 'counter-beside',
    says: 'A counter of visits is a key of its own, without the prefix.',
    fails: 'prefix',
    file: 'store.ts',
    change: [
      [
        EXPIRE,
        `expire: async (key: string, ttlSeconds: number) => {
    await inTime(client.incr('visits'))
    return inTime(client.expire(key, ttlSeconds))
  },`,
      ],
    ],
  },
  {
    id: 'unset-destroys',
    says: 'Unsetting the value destroys the whole session.',
    fails: 'unset',
    file: 'value.ts',
    change: [
      [
        '  delete req.session.value\n  await calledBack((done) => req.session.save(done))\n',
        '  await calledBack((done) => req.session.destroy(done))\n',
      ],
    ],
  },
  {
    id: 'unset-empties',
    says: 'Unsetting sets the value to an empty text.',
    fails: 'unset',
    file: 'value.ts',
    change: [['delete req.session.value', "req.session.value = ''"]],
  },
  {
    id: 'unset-new-session',
    says: 'Unsetting begins a new session in place of the old one.',
    fails: 'unset',
    file: 'value.ts',
    change: [
      [
        '  delete req.session.value\n  await calledBack((done) => req.session.save(done))\n',
        '  await calledBack((done) => req.session.regenerate(done))\n  await calledBack((done) => req.session.save(done))\n',
      ],
    ],
  },
  {
    id: 'unset-hides',
    says: 'Unsetting only marks the value as unset, and Redis keeps it.',
    fails: 'unset',
    file: 'value.ts',
    change: [
      [
        '  delete req.session.value\n',
        '  Object.assign(req.session, { old: req.session.value })\n  delete req.session.value\n',
      ],
    ],
  },
  {
    id: 'save-uninitialized',
    says: 'saveUninitialized is true: a key and a cookie for everybody who only looks.',
    fails: 'nothing-stored',
    file: 'sessions.ts',
    change: [['saveUninitialized: false', 'saveUninitialized: true']],
  },
  {
    id: 'unset-stores',
    says: 'Unsetting stores a session for somebody who has none.',
    fails: 'nothing-stored',
    file: 'value.ts',
    change: [['  if (req.session.value === undefined) return\n', '']],
  },
  {
    id: 'visits-noted',
    says: 'Every session notes its last visit, so every visitor has one.',
    fails: 'nothing-stored',
    file: 'server.ts',
    change: [
      ['  res.send(valuePage', '  Object.assign(req.session, { seen: Date.now() })\n  res.send(valuePage'],
    ],
  },
  {
    id: 'counted-ids',
    says: 'The ids are the time and a counter.',
    fails: 'ids',
    file: 'sessions.ts',
    change: [
      [NAME, `${NAME}      genid: () => \`\${process.pid}-\${Date.now()}-\${(count += 1)}\`,\n`],
      ['/** Gives every request', 'let count = 0\n\n/** Gives every request'],
    ],
  },
  {
    id: 'math-random',
    says: 'The ids come from Math.random(), which can be computed from a few of them.',
    fails: 'ids',
    file: 'sessions.ts',
    change: [[NAME, `${NAME}      genid: () => Math.random().toString(36).slice(2),\n`]],
  },
  {
    id: 'time-ordered-ids',
    says: 'The ids are made as uuid v7: the time, and only 74 bits of chance.',
    fails: 'ids',
    file: 'sessions.ts',
    change: [
      [
        NAME,
        `${NAME}      genid: () => Date.now().toString(16).padStart(12, '0') + '7' + randomUUID().replaceAll('-', '').slice(13),\n`,
      ],
      [
        'import type { CookieOptions',
        "import { randomUUID } from 'node:crypto'\nimport type { CookieOptions",
      ],
    ],
  },
  {
    id: 'short-ids',
    says: 'The ids have 64 bits.',
    fails: 'ids',
    file: 'sessions.ts',
    change: [
      [NAME, `${NAME}      genid: () => randomBytes(8).toString('hex'),\n`],
      [
        'import type { CookieOptions',
        "import { randomBytes } from 'node:crypto'\nimport type { CookieOptions",
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
        NAME,
        `${NAME}      genid: (req) => {
        const [, sent] = /\\bsid=(?:s%3A)?([\\w-]{32,36})/.exec(req.headers.cookie ?? '') ?? []
        return req.path.startsWith('/session/set') && sent ? sent : randomUUID()
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
    id: 'random-secret',
    says: 'Each process draws its own secret.',
    fails: 'one-secret',
    file: 'sessions.ts',
    change: [
      ['secret: sessionSecrets(),', 'secret: randomUUID(),'],
      ["import { sessionSecrets } from '#kit/config.ts'", "import { randomUUID } from 'node:crypto'"],
    ],
  },
  {
    id: 'secret-of-the-instance',
    says: 'The name of the instance is a part of the secret.',
    fails: 'one-secret',
    file: 'sessions.ts',
    change: [['secret: sessionSecrets(),', 'secret: `${sessionSecrets()[0]} ${process.env.INSTANCE_NAME}`,']],
  },
  {
    id: 'prefix-of-the-instance',
    says: 'Each instance has keys of its own: its name is a part of the prefix.',
    fails: 'one-secret',
    file: 'store.ts',
    change: [
      [OPTIONS, '{ client: commands, prefix: `${redisPrefix}${instanceName}:`, ttl: sessionSeconds }'],
      ['import { redisPrefix,', 'import { instanceName, redisPrefix,'],
    ],
  },
  {
    id: 'bound-to-its-instance',
    says: 'A value is shown only by the instance on which it was set.',
    fails: 'one-secret',
    file: 'server.ts',
    change: [
      [
        '  res.send(valuePage(req.session.value))',
        '  const { home } = req.session as { home?: number }\n  res.send(valuePage(home === listenPort ? req.session.value : undefined))',
      ],
      [
        '  await setValue(req, parseValue(req.params.value))\n',
        '  const value = parseValue(req.params.value)\n  Object.assign(req.session, { home: listenPort })\n  await setValue(req, value)\n',
      ],
    ],
  },
  {
    id: 'list-as-one-secret',
    says: 'The text in SESSION_SECRET is taken for one secret, commas and all.',
    fails: 'rotation',
    file: 'sessions.ts',
    change: [
      ['secret: sessionSecrets(),', "secret: process.env.SESSION_SECRET ?? '',"],
      ["import { sessionSecrets } from '#kit/config.ts'\n", ''],
    ],
  },
  {
    id: 'first-secret-only',
    says: 'Only the first secret is used, so a new one logs everybody out.',
    fails: 'rotation',
    file: 'sessions.ts',
    change: [['secret: sessionSecrets(),', 'secret: sessionSecrets()[0],']],
  },
  {
    id: 'last-secret-signs',
    says: 'The list of secrets is turned around, so the oldest one signs.',
    fails: 'rotation',
    file: 'sessions.ts',
    change: [['secret: sessionSecrets(),', 'secret: sessionSecrets().reverse(),']],
  },
  {
    id: 'secret-in-the-source',
    says: 'The secret is written into the program, whatever SESSION_SECRET says.',
    fails: 'rotation',
    file: 'sessions.ts',
    change: [
      ['secret: sessionSecrets(),', "secret: 'keyboard cat',"],
      ["import { sessionSecrets } from '#kit/config.ts'\n", ''],
    ],
  },
  {
    id: 'cache-in-front',
    says: 'Each instance remembers what it has read, and does not see what the others write.',
    fails: 'balanced',
    file: 'store.ts',
    change: [
      [
        GET,
        `get: async (key: string) => {
    const value = known.get(key) ?? (await inTime(client.get(key)))
    if (value !== null) known.set(key, value)
    return value
  },`,
      ],
      [
        SET,
        `set: (key: string, value: string, options: SetOptions) => {
    known.set(key, value)
    return inTime(client.set(key, value, options))
  },`,
      ],
      [
        DEL,
        `del: (keys: string[]) => {
    for (const key of keys) known.delete(key)
    return inTime(client.del(keys))
  },`,
      ],
      ['/** The four commands', 'const known = new Map<string, string>()\n\n/** The four commands'],
    ],
  },
  {
    id: 'cache-never-cleared',
    says: 'Each instance remembers what it has read and written, also when the session has ended.',
    fails: 'balanced',
    file: 'store.ts',
    change: [
      [
        GET,
        `get: async (key: string) => {
    const value = known.get(key) ?? (await inTime(client.get(key)))
    if (value !== null) known.set(key, value)
    return value
  },`,
      ],
      [
        SET,
        `set: (key: string, value: string, options: SetOptions) => {
    known.set(key, value)
    return inTime(client.set(key, value, options))
  },`,
      ],
      ['/** The four commands', 'const known = new Map<string, string>()\n\n/** The four commands'],
    ],
  },
  {
    id: 'value-remembered',
    says: 'The value is also in the memory of the instance that has shown it, and is shown from there.',
    fails: 'balanced',
    file: 'server.ts',
    change: [
      ['const app = createApp()\n', 'const app = createApp()\nconst known = new Map<string, string>()\n'],
      [
        '  res.send(valuePage(req.session.value))',
        '  const value = req.session.value && (known.get(req.sessionID) ?? req.session.value)\n  if (value) known.set(req.sessionID, value)\n  res.send(valuePage(value))',
      ],
      [
        '  await setValue(req, parseValue(req.params.value))\n',
        '  await setValue(req, parseValue(req.params.value))\n  known.set(req.sessionID, parseValue(req.params.value))\n',
      ],
      ['  await unsetValue(req)\n', '  known.delete(req.sessionID)\n  await unsetValue(req)\n'],
    ],
  },
  {
    id: 'home-instance',
    says: 'A session belongs to the instance that set its value, and ends when that one is dead.',
    fails: 'dead-instance',
    file: 'server.ts',
    change: [
      [
        "app.get('/', (req, res) => {\n  res.send(valuePage(req.session.value))",
        `app.get('/', async (req, res) => {
  const { home } = req.session as { home?: number }
  const ask = () => fetch('http://127.0.0.1:' + home + '/health')
  const lives = home === undefined || (await ask().then(() => true, () => false))
  res.send(valuePage(lives ? req.session.value : undefined))`,
      ],
      [
        '  await setValue(req, parseValue(req.params.value))\n',
        '  const value = parseValue(req.params.value)\n  Object.assign(req.session, { home: listenPort })\n  await setValue(req, value)\n',
      ],
    ],
  },
  {
    id: 'tidied-at-the-start',
    says: 'The first instance removes all sessions from Redis when it starts.',
    fails: 'dead-instance',
    file: 'store.ts',
    change: [
      [
        CONNECT,
        `${LISTEN}  if (process.env.INSTANCE_NAME === 'A') {
    await client.connect()
    for await (const keys of client.scanIterator({ MATCH: redisPrefix + '*' })) if (keys.length > 0) await client.del(keys)
  } else client.connect().catch(reportTrouble)
`,
      ],
    ],
  },
  {
    id: 'cookie-only',
    says: 'Only the browser forgets: the session stays in Redis, and a copy of the cookie opens it.',
    fails: 'ended',
    file: 'sessions.ts',
    change: [[DESTROY, '  delete (req as Partial<Request>).session\n']],
  },
  {
    id: 'cookie-stays',
    says: 'destroy() ends the session, and the browser keeps its cookie.',
    fails: 'ended',
    file: 'sessions.ts',
    change: [[CLEAR, '']],
  },
  {
    id: 'value-only',
    says: 'The value is taken out and the cookie cleared, but the session goes on.',
    fails: 'ended',
    file: 'sessions.ts',
    change: [
      [
        DESTROY,
        '  const { value } = req.session\n  delete (req.session as { value?: string }).value\n  if (value !== undefined) await calledBack((done) => req.session.save(done))\n  delete (req as Partial<Request>).session\n',
      ],
    ],
  },
  {
    id: 'end-is-a-link',
    says: 'A GET ends the session as well.',
    fails: 'ended',
    file: 'server.ts',
    change: [["app.post('/session/end'", "app.all('/session/end'"]],
  },
  {
    id: 'everybody-ended',
    says: 'Ending one session ends all of them.',
    fails: 'ended',
    file: 'store.ts',
    change: [
      [
        DEL,
        `del: async (_keys: string[]) => {
    let count = 0
    for await (const keys of client.scanIterator({ MATCH: redisPrefix + '*' })) {
      if (keys.length > 0) count += await inTime(client.del(keys))
    }
    return count
  },`,
      ],
    ],
  },
  {
    id: 'resave',
    says: 'resave is true: a page that only reads writes the session again after its end.',
    fails: 'in-flight',
    file: 'sessions.ts',
    change: [['resave: false', 'resave: true']],
  },
  {
    id: 'saved-to-be-safe',
    says: 'Every page saves the session, to be on the safe side.',
    fails: 'in-flight',
    file: 'server.ts',
    change: [['  res.send(valuePage', '  if (req.session.value) req.session.save()\n  res.send(valuePage']],
  },
  {
    id: 'no-max-age',
    says: 'The cookie has no age, so it ends when the browser closes.',
    fails: 'cookie-age',
    file: 'sessions.ts',
    change: [[' maxAge: sessionSeconds * 1000,', '']],
  },
  {
    id: 'max-age-in-minutes',
    says: 'SESSION_SECONDS are taken for minutes.',
    fails: 'cookie-age',
    file: 'sessions.ts',
    change: [['sessionSeconds * 1000', 'sessionSeconds * 60 * 1000']],
  },
  {
    id: 'max-age-in-seconds',
    says: 'The age of the cookie is given in seconds, and express-session counts in milliseconds.',
    fails: 'cookie-age',
    file: 'sessions.ts',
    change: [['sessionSeconds * 1000', 'sessionSeconds']],
  },
  {
    id: 'fixed-age',
    says: 'The age of the cookie is written into the program, whatever SESSION_SECONDS says.',
    fails: 'cookie-age',
    file: 'sessions.ts',
    change: [['sessionSeconds * 1000', '30 * 60 * 1000']],
  },
  {
    id: 'no-ttl',
    says: 'disableTTL is set, so the keys never end.',
    fails: 'ttl',
    file: 'store.ts',
    change: [[OPTIONS, '{ client: commands, prefix: redisPrefix, disableTTL: true }']],
  },
  {
    id: 'set-without-ttl',
    says: 'The command SET forgets the TTL that it is given.',
    fails: 'ttl',
    file: 'store.ts',
    change: [
      [SET, 'set: (key: string, value: string, _options: SetOptions) => inTime(client.set(key, value)),'],
    ],
  },
  {
    id: 'ttl-in-milliseconds',
    says: 'The TTL is given in milliseconds, and Redis counts in seconds.',
    fails: 'ttl',
    file: 'store.ts',
    change: [[OPTIONS, '{ client: commands, prefix: redisPrefix, ttl: () => sessionSeconds * 1000 }']],
  },
  {
    id: 'touched-in-milliseconds',
    says: 'A request without a change renews the key with PEXPIRE, which counts in milliseconds.',
    fails: 'ttl',
    file: 'store.ts',
    change: [['client.expire(key, ttlSeconds)', 'client.pExpire(key, ttlSeconds)']],
  },
  {
    id: 'a-day',
    says: 'The keys live for a day, whatever the cookie says.',
    fails: 'ttl',
    file: 'store.ts',
    change: [[OPTIONS, '{ client: commands, prefix: redisPrefix, ttl: () => 24 * 60 * 60 }']],
  },
  {
    id: 'endless-list',
    says: 'A list of all sessions is a key that never ends.',
    fails: 'ttl',
    file: 'store.ts',
    change: [
      [
        SET,
        `set: async (key: string, value: string, options: SetOptions) => {
    await inTime(client.sAdd(redisPrefix + 'all', key))
    return inTime(client.set(key, value, options))
  },`,
      ],
    ],
  },
  {
    id: 'ttl-lost-on-touch',
    says: 'A request without a change takes the TTL away from the key.',
    fails: 'ttl',
    file: 'store.ts',
    change: [[EXPIRE, 'expire: (key: string, _ttlSeconds: number) => inTime(client.persist(key)),']],
  },
  {
    id: 'not-rolling',
    says: 'The cookie is not sent again, so the browser drops it in the middle of the work.',
    fails: 'renewed',
    file: 'sessions.ts',
    change: [['rolling: true', 'rolling: false']],
  },
  {
    id: 'no-touch',
    says: 'disableTouch is set, so only a change of the session renews its key.',
    fails: 'renewed',
    file: 'store.ts',
    change: [[OPTIONS, '{ client: commands, prefix: redisPrefix, ttl: sessionSeconds, disableTouch: true }']],
  },
  {
    id: 'touch-only-first',
    says: 'EXPIRE is sent with NX, which never renews a TTL.',
    fails: 'renewed',
    file: 'store.ts',
    change: [['client.expire(key, ttlSeconds)', "client.expire(key, ttlSeconds, 'NX')"]],
  },
  {
    id: 'at-least-a-minute',
    says: 'No key lives for less than a minute.',
    fails: 'idle',
    file: 'store.ts',
    change: [[OPTIONS, '{ client: commands, prefix: redisPrefix, ttl: () => Math.max(60, sessionSeconds) }']],
  },
  {
    id: 'fixed-ttl',
    says: 'The TTL is written into the program, whatever SESSION_SECONDS says.',
    fails: 'idle',
    file: 'store.ts',
    change: [[OPTIONS, '{ client: commands, prefix: redisPrefix, ttl: () => 1800 }']],
  },
  {
    id: 'nobody-listens',
    says: 'Nobody listens to the client’s event "error", so the end of a connection ends the app.',
    fails: 'outage',
    file: 'store.ts',
    change: [
      [TIMEOUT, ''],
      [LISTEN, ''],
    ],
  },
  {
    id: 'ends-itself',
    says: 'The app ends itself when Redis is away.',
    fails: 'outage',
    file: 'store.ts',
    change: [
      [TIMEOUT, ''],
      ["client.on('error', reportTrouble)", "client.on('error', () => process.exit(1))"],
    ],
  },
  {
    id: 'waits-in-the-queue',
    says: 'The client keeps commands until there is a connection again, and nobody sets a limit.',
    fails: 'outage',
    file: 'store.ts',
    change: [
      ['  disableOfflineQueue: true,\n', ''],
      [GET, 'get: (key: string) => client.get(key),'],
    ],
  },
  {
    id: 'error-500',
    says: 'What the client throws goes on to the page for unknown errors.',
    fails: 'outage',
    file: 'outage.ts',
    change: [['    throw new StoreOutage()\n', '    throw error\n']],
  },
  {
    id: 'outage-is-empty',
    says: 'When Redis fails, the session counts as empty.',
    fails: 'outage',
    file: 'store.ts',
    change: [[GET, 'get: (key: string) => inTime(client.get(key)).catch(() => null),']],
  },
  {
    id: 'said-to-be-ended',
    says: 'An error while the session is removed is swallowed, and the visitor is told that it is over.',
    fails: 'outage',
    file: 'sessions.ts',
    change: [[DESTROY, '  await calledBack((done) => req.session.destroy(done)).catch(() => {})\n']],
  },
  {
    id: 'said-to-be-set',
    says: 'An error while the session is saved is swallowed, and the visitor is told that the value is set.',
    fails: 'outage',
    file: 'value.ts',
    change: [
      [
        '  req.session.value = value\n  // Otherwise it is saved when the redirect is on its way, and the next request can be faster than the store.\n  await calledBack((done) => req.session.save(done))\n',
        '  req.session.value = value\n  await calledBack((done) => req.session.save(done)).catch(() => {})\n',
      ],
    ],
  },
  {
    id: 'last-known-session',
    says: 'When Redis fails, an instance shows the session as it saw it last.',
    fails: 'outage',
    file: 'store.ts',
    change: [
      [
        GET,
        `get: async (key: string) => {
    const read = async () => {
      const value = await inTime(client.get(key))
      known.set(key, value)
      return value
    }
    return read().catch((error) => {
      if (known.get(key)) return known.get(key) ?? null
      throw error
    })
  },`,
      ],
      ['/** The four commands', 'const known = new Map<string, string | null>()\n\n/** The four commands'],
    ],
  },
  {
    id: 'cookie-of-the-outage',
    says: 'A newcomer gets a cookie with the 503, for a session that was not stored.',
    fails: 'outage',
    file: 'outage.ts',
    change: [['  delete (req as Partial<Request>).session\n', '']],
  },
  {
    id: 'cookie-thrown-away',
    says: 'The 503 clears the cookie.',
    fails: 'outage',
    file: 'outage.ts',
    change: [
      ["  res.set('Retry-After', '1')\n", "  res.set('Retry-After', '1')\n  res.clearCookie('sid')\n"],
    ],
  },
  {
    id: 'no-retry-after',
    says: 'The 503 does not say when to try again.',
    fails: 'outage',
    file: 'outage.ts',
    change: [["  res.set('Retry-After', '1')\n", '']],
  },
  {
    id: 'health-needs-a-session',
    says: '/health comes after the sessions, so the balancer takes every instance for dead when Redis is.',
    fails: 'outage',
    file: 'server.ts',
    change: [
      ["app.get('/health'", "await useSessions(app)\n\napp.get('/health'"],
      ['app.use(refuseCrossSite)\nawait useSessions(app)\n', 'app.use(refuseCrossSite)\n'],
    ],
  },
  {
    id: 'does-not-reconnect',
    says: 'The client was told not to connect again.',
    fails: 'recovers',
    file: 'store.ts',
    change: [
      [TIMEOUT, ''],
      [RECONNECT, 'reconnectStrategy: false'],
    ],
  },
  {
    id: 'gives-up',
    says: 'The client gives up after the first try.',
    fails: 'recovers',
    file: 'store.ts',
    change: [
      [TIMEOUT, ''],
      [RECONNECT, "reconnectStrategy: (tries) => (tries > 0 ? new Error('too often') : 20)"],
    ],
  },
  {
    id: 'tries-twice-a-minute',
    says: 'The client waits for half a minute before it tries again.',
    fails: 'recovers',
    file: 'store.ts',
    change: [
      [TIMEOUT, ''],
      [RECONNECT, 'reconnectStrategy: 30_000'],
    ],
  },
  {
    id: 'no-time-limit',
    says: 'Nobody limits how long a command may take.',
    fails: 'hang',
    file: 'store.ts',
    change: [
      [TIMEOUT, ''],
      [GET, 'get: (key: string) => client.get(key).catch((error) => inTime(Promise.reject(error))),'],
      [
        SET,
        'set: (key: string, value: string, options: SetOptions) => client.set(key, value, options).catch((error) => inTime(Promise.reject(error))),',
      ],
    ],
  },
  {
    id: 'only-reading-is-limited',
    says: 'There is a limit for reading, and none for writing.',
    fails: 'hang',
    file: 'store.ts',
    change: [
      [TIMEOUT, ''],
      [
        SET,
        'set: (key: string, value: string, options: SetOptions) => client.set(key, value, options).catch((error) => inTime(Promise.reject(error))),',
      ],
    ],
  },
  {
    id: 'touch-without-limit',
    says: 'There is no limit for EXPIRE: a page that was read never ends.',
    fails: 'hang',
    file: 'store.ts',
    change: [
      [TIMEOUT, ''],
      [
        EXPIRE,
        'expire: (key: string, ttlSeconds: number) => client.expire(key, ttlSeconds).catch((error) => inTime(Promise.reject(error))),',
      ],
    ],
  },
  {
    id: 'end-without-limit',
    says: 'There is no limit for DEL: who ends a session waits for ever.',
    fails: 'hang',
    file: 'store.ts',
    change: [
      [TIMEOUT, ''],
      [DEL, 'del: (keys: string[]) => client.del(keys).catch((error) => inTime(Promise.reject(error))),'],
    ],
  },
  {
    id: 'no-reconnect-strategy',
    says: 'There is no reconnectStrategy, and with the default one the client gives up after a socketTimeout.',
    fails: 'hang',
    file: 'store.ts',
    change: [[`, ${RECONNECT}`, '']],
  },
  {
    id: 'waits-for-redis',
    says: 'The app waits for the connection before it listens.',
    fails: 'late-redis',
    file: 'store.ts',
    change: [[CONNECT, `${LISTEN}  await client.connect()\n`]],
  },
  {
    id: 'asks-at-the-start',
    says: 'The app asks Redis for a sign of life when it starts, and ends without one.',
    fails: 'late-redis',
    file: 'store.ts',
    change: [
      [
        CONNECT,
        `  const probe = createClient({ url: redisUrl, socket: { reconnectStrategy: false } })
  probe.on('error', reportTrouble)
  await probe.connect()
  probe.destroy()
${CONNECT}`,
      ],
    ],
  },
]
