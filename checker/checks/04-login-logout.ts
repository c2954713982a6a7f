// Lab 4: the likes list behind a login. Sessions begin, change their id at login, and end.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a hint speaks of templates
import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { developmentEnvironment } from '../src/app/environment.ts'
import { type CheckContext, check } from '../src/check/check.ts'
import { startEarly } from '../src/check/current.ts'
import type { Draw } from '../src/check/draw.ts'
import {
  expectAttributes,
  expectGone,
  expectHides,
  expectNoServerError,
  expectRedirect,
  expectRefusal,
  expectSetsCookie,
  expectSetsNothing,
  expectShows,
  expectStatus,
  expectThat,
  fail,
} from '../src/check/expect.ts'
import type { InstanceOptions } from '../src/check/judged.ts'
import { expectHugeCookieHarmless } from '../src/check/large-cookies.ts'
import { shorten } from '../src/check/shorten.ts'
import type { SetCookie } from '../src/http/jar.ts'
import { visibleText } from '../src/http/page.ts'
import type { Address, Reply, RequestOptions, Visitor } from '../src/http/visitor.ts'
import { type Row, rowLines } from '../src/store/data-folder.ts'
import type { Locker } from '../src/store/lock.ts'

const COOKIE = 'sid'
const IDLE_SECONDS = 1800
const SHORTER_ABSOLUTE_SECONDS = 3000

const NEWER_SECRET = developmentEnvironment.SESSION_SECRET ?? ''
const OLDER_SECRET = 'a-secret-of-last-year-that-is-still-accepted'
const SECOND_AHEAD_SECONDS = 300

/**
 * Another instance on the same data. It stands behind a proxy that it trusts, knows an older secret, and its clock is
 * a little ahead. Its hashes take long enough to be measured, and to keep its disk waiting: one thread does both.
 */
const second: InstanceOptions = {
  data: 'shared',
  clockAheadSeconds: SECOND_AHEAD_SECONDS,
  env: {
    TRUST_PROXY: '1',
    PASSWORD_COST: '13',
    SESSION_SECRET: `${NEWER_SECRET},${OLDER_SECRET}`,
    UV_THREADPOOL_SIZE: '1',
  },
}

/** What begins here has ended by now, if nothing happens: its clock is behind. */
const longAgo: InstanceOptions = { data: 'shared', clockAheadSeconds: -4000 }

startEarly(second, longAgo)

// These start when they are wanted, and before the session that they are asked about begins: as an app starts,
// it may delete what has ended by its clock.
const SOON_SECONDS = 1700
const LATER_SECONDS = 3300
const soon: InstanceOptions = { data: 'shared', clockAheadSeconds: SOON_SECONDS }
const later: InstanceOptions = { data: 'shared', clockAheadSeconds: LATER_SECONDS }
const laterAndLimited: InstanceOptions = {
  ...later,
  env: { ABSOLUTE_SECONDS: String(SHORTER_ABSOLUTE_SECONDS) },
}

/** For an app that takes the time from a source which the shifted clock does not reach. */
const shortIdle: InstanceOptions = { env: { IDLE_SECONDS: '1' } }
const renewable: InstanceOptions = { env: { IDLE_SECONDS: '4' } }
const shortLife: InstanceOptions = { env: { IDLE_SECONDS: '60', ABSOLUTE_SECONDS: '3' } }

interface Credentials {
  username: string
  password: string
}

interface Account extends Credentials {
  /** Of the visitor whose account it is. */
  name: string
}

/** All checks share one table of users, so no two accounts of a run may have the same name. */
function newAccount(draw: Draw, name = draw.name()): Account {
  // The _ stands for any character where names are compared with LIKE.
  const username = `${name}_${draw.words(1)}-${draw.int(10_000, 99_999)}`
  return { name, username, password: newPassword(draw) }
}

function newPassword(draw: Draw): string {
  return `${draw.words(3)} ${draw.int(1_000_000, 9_999_999)}`
}

function newThing(draw: Draw): string {
  return `${draw.words(2)} ${draw.int(1000, 9999)}`
}

function openHome(who: Visitor, options: RequestOptions = {}): Promise<Reply> {
  return who.get('/', { does: 'opens the start page', ...options })
}

function like(who: Visitor, thing: string, options: RequestOptions = {}): Promise<Reply> {
  return who.post('/likes', { likes: thing }, { does: `likes "${shorten(thing)}"`, ...options })
}

function register(who: Visitor, { username, password }: Credentials, options: RequestOptions = {}) {
  return who.post(
    '/register',
    { username, password },
    { does: `registers as "${shorten(username)}"`, ...options },
  )
}

function logIn(who: Visitor, { username, password }: Credentials, options: RequestOptions = {}) {
  return who.post('/login', { username, password }, { does: `logs in as "${shorten(username)}"`, ...options })
}

function logOut(who: Visitor, options: RequestOptions = {}): Promise<Reply> {
  return who.post('/logout', {}, { does: 'logs out', ...options })
}

interface Member {
  who: Visitor
  account: Account
}

/** A visitor who has just registered, and is logged in by that. */
async function newMember({ visitor, draw }: CheckContext, options: RequestOptions = {}): Promise<Member> {
  const who = visitor()
  const account = newAccount(draw, who.name)
  expectRedirect(await register(who, account, options), '/account')
  return { who, account }
}

/** The same user at another browser, logged in there. */
async function otherBrowser({ visitor }: CheckContext, { who, account }: Member): Promise<Visitor> {
  const other = visitor(`${who.name} (other browser)`)
  expectRedirect(await logIn(other, account), '/account')
  return other
}

function showsLogin(reply: Reply): boolean {
  return visibleText(reply.body).includes('Logged in as')
}

function expectLoggedIn(reply: Reply, { username }: Credentials): void {
  expectStatus(reply, 200)
  expectShows(reply, `Logged in as ${username}`, 'The page should say who is logged in')
}

function expectLoggedOut(reply: Reply, because: string): void {
  expectStatus(reply, 200)
  const text = visibleText(reply.body)
  if (text.includes('You are not logged in') && !text.includes('Logged in as')) return
  const shown = text.includes('Logged in as') ? 'Logged in as' : ''
  fail({
    expected: `The page should say "You are not logged in", because ${because}.`,
    got: shown === '' ? 'It does not say so.' : `It says "${shown} …".`,
    exchange: reply.exchange,
    mark: { line: 'body', at: shown, note: 'should be "You are not logged in"' },
  })
}

/** The page lists these things, and in this order. */
function expectLikes(reply: Reply, things: string[], what = 'The page should list it'): void {
  expectStatus(reply, 200)
  for (const thing of things) expectShows(reply, thing, what)
  const text = visibleText(reply.body)
  const places = things.map((thing) => text.indexOf(thing))
  const early = places.findIndex((place, index) => place < (places[index - 1] ?? 0))
  if (early === -1) return
  fail({
    expected: `The likes should stand in the order in which they were added: ${things.map((thing) => `"${shorten(thing)}"`).join(', ')}.`,
    got: `"${shorten(things[early] ?? '')}" stands before "${shorten(things[early - 1] ?? '')}".`,
    exchange: reply.exchange,
    mark: { line: 'body', at: things[early] ?? '', note: 'stands too early' },
  })
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The id in the value of the cookie. express-session writes `s:<id>.<signature>`; other values are ids as they are. */
function idIn(value: string): string {
  const text = percentDecoded(value)
  return text.startsWith('s:') && text.includes('.') ? text.slice(2, text.lastIndexOf('.')) : text
}

/** The id that the visitor's browser has now. */
function idOf(who: Visitor): string {
  return idIn(who.jar.get(COOKIE) ?? '')
}

check(
  'opens',
  {
    name: 'the pages open, and have their forms',
    step: 0,
    points: 1,
    hints: [
      'The starter passes this check. If your app broke, the line that it names is the place to look at.',
      'What do your functions find in the request of a visitor who sends no cookie at all?',
      'GET / says "You are not logged in"; GET /login and GET /register each have a form with the fields "username" and "password".',
    ],
  },
  async ({ visitor }) => {
    const who = visitor()
    expectLoggedOut(await openHome(who), 'nobody has logged in yet')
    for (const path of ['/login', '/register']) {
      const form = await who.get(path)
      expectStatus(form, 200)
      for (const name of ['username', 'password']) {
        if (new RegExp(`<input\\b[^>]*\\bname=["']?${name}\\b`, 'i').test(form.body)) continue
        fail({
          expected: `The page should have a form with a field called "${name}".`,
          got: 'There is no such field.',
          exchange: form.exchange,
          mark: {
            line: 'body',
            at: /<input\b/i.exec(form.body)?.[0] ?? '',
            note: `none has name="${name}"`,
          },
        })
      }
    }
  },
)

check(
  'likes',
  {
    name: 'a visitor’s likes are kept from request to request, in their order',
    step: 1,
    points: 1,
    needs: ['opens'],
    hints: [
      'Where do the likes of somebody who is not logged in belong, and which cookie leads back to them?',
      'Is the session middleware in use before the routes, and with the store? Does keepLike add to the list that is there?',
      'In keepLike, make req.session.likes the likes so far and the new one, and wait until req.session.save has called back.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const things = [newThing(draw), newThing(draw), newThing(draw)]
    for (const [index, thing] of things.entries()) {
      const reply = await like(who, index === 1 ? `  ${thing} ` : thing)
      expectRedirect(reply, '/')
      if (index === 0) expectSetsCookie(reply, COOKIE)
    }
    expectRedirect(await like(who, '   ', { does: 'likes nothing but spaces' }), '/')
    const long = 'm'.repeat(draw.int(201, 300))
    const refused = await like(who, long, { does: `likes a text of ${long.length} characters` })
    expectRefusal(refused, 'a thing has at most 200 characters')
    const page = await openHome(who)
    expectLikes(page, things)
    expectHides(page, long, 'What was refused should not be on the list.')
    expectLoggedOut(page, 'a visitor can like things without a login')
  },
)

check(
  'own-likes',
  {
    name: 'two visitors never see each other’s likes',
    step: 1,
    points: 1,
    needs: ['likes'],
    hints: [
      'Where is the list between two requests?',
      'A variable outside of your functions is one for all visitors.',
      'req.session is the session of this request’s visitor. Nothing may be kept anywhere else.',
    ],
  },
  async ({ visitor, draw }) => {
    const [one, two, three] = [visitor(), visitor(), visitor()]
    const [first, other] = [newThing(draw), newThing(draw)]
    expectRedirect(await like(one, first), '/')
    expectRedirect(await like(two, other), '/')
    for (const [who, own, others] of [
      [one, first, other],
      [two, other, first],
    ] as const) {
      const page = await openHome(who)
      expectLikes(page, [own])
      expectHides(page, others, `${who.name} should see only what ${who.name} likes.`)
    }
    const nobody = await openHome(three)
    expectHides(nobody, first, `${three.name} likes nothing yet.`)
    expectHides(nobody, other, `${three.name} likes nothing yet.`)
  },
)

const VISITOR_MAX_LIKES = 50

check(
  'like-limit',
  {
    name: 'a visitor can like 50 things; one more is refused, and the others stay',
    step: 1,
    points: 1,
    needs: ['own-likes'],
    hints: [
      'How much can somebody who never logs in make you store?',
      'A session is read and written as a whole with every like. Where is the place to say that it is full?',
      'In keepLike, throw a Refusal with status 400 when there are VISITOR_MAX_LIKES already, before anything changes.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const things = Array.from({ length: VISITOR_MAX_LIKES }, (_, index) => `${draw.words(1)} ${index + 1}.`)
    for (const [index, thing] of things.entries()) {
      const last = index === things.length - 1
      const does = `likes ${things.length} things, one after the other`
      expectRedirect(await like(who, thing, { aside: !last, ...(last && { does }) }), '/')
    }
    const oneMore = newThing(draw)
    expectRefusal(await like(who, oneMore), `a visitor can like ${VISITOR_MAX_LIKES} things`)
    const page = await openHome(who)
    expectLikes(page, things)
    expectHides(page, oneMore, 'What was refused should not be on the list.')
  },
)

check(
  'nothing-stored',
  {
    name: 'who only looks gets no cookie',
    step: 1,
    points: 1,
    needs: ['likes'],
    hints: [
      'What is in the session of somebody who has done nothing?',
      'A search engine opens each page once and never brings a cookie back. How many rows would that make? Which option of express-session is about sessions to which nothing was added?',
      'saveUninitialized: false saves a session, and sends its cookie, only when something has been put into it.',
    ],
  },
  async ({ visitor }) => {
    const who = visitor()
    for (const path of ['/', '/login', '/register', '/account']) {
      expectSetsNothing(await who.get(path), `${who.name} has only looked`)
    }
    const stale = await openHome(who, {
      cookie: `${COOKIE}=no-session-has-this-id`,
      does: 'opens the start page with an id that no session has',
    })
    expectSetsNothing(stale, `${who.name} has only looked`)
  },
)

const ID_CHARACTERS = 21

check(
  'ids',
  {
    name: 'ids are long and cannot be guessed',
    step: 1,
    points: 1,
    needs: ['own-likes'],
    hints: [
      'Who knows the id of somebody’s session is that somebody. Could you guess the next one?',
      'Which part of your ids is another each time? express-session makes good ids by itself when it is not told otherwise.',
      'Leave the option genid out. By hand: randomUUID() or randomBytes(16) from node:crypto; no counter, no time, no Math.random().',
    ],
  },
  async ({ visitor, draw }) => {
    const ids: string[] = []
    let last: Reply | undefined
    for (let count = 0; count < 12; count += 1) {
      const who = visitor(`Visitor ${count + 1}`)
      last = await like(who, draw.words(1))
      expectSetsCookie(last, COOKIE)
      ids.push(idOf(who))
    }
    if (!last) return
    expectThat(
      new Set(ids).size === ids.length,
      last,
      'Every session should have an id of its own.',
      `Of ${ids.length} sessions, some have the same.`,
    )
    const shortest = Math.min(...ids.map((id) => id.length))
    const places = Array.from({ length: shortest }, (_, place) => new Set(ids.map((id) => id[place])).size)
    const varied = places.filter((size) => size > 1).length
    expectThat(
      varied >= ID_CHARACTERS,
      last,
      `An id should have at least ${ID_CHARACTERS} characters that chance alone decides: 16 random bytes, written as text.`,
      `From id to id, only ${varied} characters are ever different: ${ids.slice(0, 3).join(', ')} …`,
    )
  },
)

/** The value that express-session would give to the cookie of the session with this id. */
function signed(id: string, secret = NEWER_SECRET): string {
  const signature = createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')
  return encodeURIComponent(`s:${id}.${signature}`)
}

function drawnId(draw: Draw): string {
  return Array.from({ length: 32 }, () => draw.pick([...'0123456789abcdef'])).join('')
}

check(
  'unknown-id',
  {
    name: 'an id that the server never gave out is not adopted',
    step: 1,
    points: 1,
    needs: ['own-likes'],
    hints: [
      'Who chose the id of this session?',
      'Whoever can put an id of their choice into somebody’s browser knows it, and is in the same session (session fixation).',
      'When no session has the id that came, the new session gets a new id. express-session does so by itself: leave genid and the cookie to it.',
    ],
  },
  async ({ visitor, draw }) => {
    const id = drawnId(draw)
    const uuid = `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20)}`
    const chosen: [value: string, what: string][] = [
      [id, 'an id of an attacker’s choice'],
      [uuid, 'a uuid of an attacker’s choice'],
      [signed(drawnId(draw)), 'a signed id that no session has, as of a session that has ended'],
    ]
    for (const [value, what] of draw.shuffle(chosen)) {
      const who = visitor('Victim')
      const cookie = `${COOKIE}=${value}`
      const thing = newThing(draw)
      const reply = await like(who, thing, {
        cookie,
        does: `has ${what} in the cookie, and likes "${thing}"`,
      })
      expectRedirect(reply, '/')
      const given = expectSetsCookie(reply, COOKIE)
      expectThat(
        idIn(given.value) !== idIn(value),
        reply,
        'The session should get a new id.',
        'It gets the one that the browser sent.',
      )
      const seen = await openHome(visitor('Attacker'), {
        cookie,
        does: `opens the start page with the same cookie`,
      })
      expectStatus(seen, 200)
      expectHides(seen, thing, 'Whoever chose that id should not be in the session of the victim.')
    }
  },
)

/** Values of the cookie that no server ever sent. */
const MALFORMED: [value: string, what: string][] = [
  ['', 'nothing'],
  ['%E0%A4', 'a broken percent-encoding'],
  ['%', 'a percent sign'],
  ['s%3A', 's: and nothing'],
  ['s%3A.', 's: and a dot'],
  ['s%3Aabc.%E0', 's: and a broken percent-encoding'],
  ['j%3A%7B', 'j: and broken JSON'],
  ['{"id":1}', 'JSON'],
  ["' OR '1'='1", 'a piece of SQL'],
  ['__proto__', 'a name that every object has'],
  ['../../app.sqlite', 'a path'],
  ['%00', 'a null byte'],
  ['x'.repeat(4000), '4,000 characters'],
]

check(
  'malformed',
  {
    name: 'a cookie that is no session’s does no harm',
    step: 1,
    points: 1,
    needs: ['own-likes'],
    hints: [
      'Who can change what is in a cookie? What can stand in it, then?',
      'Which of the functions that you call throw on bad input? decodeURIComponent and JSON.parse do.',
      'Such a visitor is one without a session. express-session sees to it; code of your own that reads the cookie has to catch what it calls.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const thing = newThing(draw)
    await like(who, thing)
    const own = who.savedCookie()
    const headers: [cookie: string, does: string][] = [
      ...MALFORMED.map(([value, what]): [string, string] => [
        `${COOKIE}=${value}`,
        `opens the start page with a cookie that holds ${what}`,
      ]),
      [COOKIE, 'opens the start page with a cookie that has no value'],
      [`=; ;;${COOKIE}=;`, 'opens the start page with a Cookie header of separators'],
      [`${COOKIE}=abc; ${own}`, 'opens the start page with a broken cookie before the good one'],
      [`${own}; ${COOKIE}=%`, 'opens the start page with a broken cookie behind the good one'],
    ]
    for (const [cookie, does] of draw.shuffle(headers)) {
      expectNoServerError(await openHome(who, { cookie, does }), 'Such a cookie')
    }
    const [value, what] = draw.pick(MALFORMED)
    const reply = await like(who, draw.words(1), {
      cookie: `${COOKIE}=${value}`,
      does: `likes something with a cookie that holds ${what}`,
    })
    expectNoServerError(reply, 'Such a cookie')
    await expectHugeCookieHarmless(COOKIE, (options) => openHome(who, options))
    expectLikes(await openHome(who), [thing])
  },
)

check(
  'restart',
  {
    name: 'sessions survive a restart of the app',
    step: 1,
    points: 1,
    needs: ['own-likes'],
    hints: [
      'What is left of your app’s variables when its process ends?',
      'The session has to be in a file, and the cookie has to be good for the next process as well. Which options of express-session decide about the two?',
      'Give the middleware the store that openStore opens, and for its secret sessionSecrets(), which is the same after every start.',
    ],
  },
  async ({ visitor, draw, restart }) => {
    const who = visitor()
    const thing = newThing(draw)
    expectRedirect(await like(who, thing), '/')
    // Whether it was stored when the answer came is the affair of another check.
    expectLikes(await openHome(who), [thing])
    await restart()
    const page = await openHome(who, { does: 'opens the start page after the app was restarted' })
    expectLikes(page, [thing], 'After a restart, the page should still list it')
  },
)

check(
  'rotation',
  {
    name: 'every secret of the list is accepted, and the first one signs',
    step: 1,
    points: 1,
    needs: ['restart'],
    hints: [
      'What becomes of everybody’s session on the day on which you change the secret?',
      'SESSION_SECRET can have several, the newest first. How many of them does express-session get from you?',
      'Give the whole list to express-session: secret: sessionSecrets(). It signs with the first, and accepts all.',
    ],
  },
  async ({ visitor, draw, instance }) => {
    const at = await instance(second)
    const who = visitor()
    const thing = newThing(draw)
    await like(who, thing)
    const id = idOf(who)
    // Whether it was stored when the answer came is the affair of another check: behind it comes a page.
    await openHome(who, { aside: true })
    // An id without a signature, or with one of another kind, is good whatever the secret.
    if (percentDecoded(who.jar.get(COOKIE) ?? '') !== percentDecoded(signed(id))) return
    const page = await openHome(who, {
      at,
      cookie: `${COOKIE}=${signed(id, OLDER_SECRET)}`,
      does: 'opens the start page of an instance with SESSION_SECRET=new,old, with a cookie that the old one signed',
    })
    expectLikes(page, [thing], 'With the older secret, the page should still list it')
    for (const { header, value } of page.setCookies.filter((one) => one.name === COOKIE)) {
      if (percentDecoded(value) !== percentDecoded(signed(id, OLDER_SECRET))) continue
      fail({
        expected:
          'A cookie that is sent anew should be signed with the first secret of the list, the newest.',
        got: 'It is signed with the last.',
        exchange: page.exchange,
        mark: { line: 'Set-Cookie:', header, at: `${COOKIE}=`, note: 'signed with the old secret' },
      })
    }
  },
)

check(
  'registers',
  {
    name: 'registering stores the user, once',
    step: 2,
    points: 1,
    needs: ['opens'],
    hints: [
      'What does the answer say, and what did your app print?',
      'POST /register hashes the password, stores the user, logs in, and sends the browser to /account. Which of the four fails?',
      'hashPassword returns a text, not a Buffer and not a promise of one that nobody waits for. A name that is taken, in capitals or not, is refused with a 4xx.',
    ],
  },
  async ({ visitor, draw }) => {
    const account = newAccount(draw)
    expectRedirect(await register(visitor(account.name), account), '/account')
    const names = [account.username, account.username.toUpperCase(), account.username.toLowerCase()]
    for (const username of draw.shuffle(names)) {
      const reply = await register(visitor(), { username, password: newPassword(draw) })
      expectRefusal(reply, `${account.username} has registered before`)
    }
  },
)

/** What the table has for this user. */
function storedPassword(rows: Row[], { username }: Account): string {
  const row = rows.find((one) => one.username === username)
  if (row) return String(row.password ?? '')
  fail({
    expected: `The table "users" should have a row whose username is "${username}".`,
    got: 'It has none.',
    detail: rowLines('users', rows),
  })
}

/** The file in which the password can be read, and how. Undefined when there is none. */
function whereReadable(data: CheckContext['data'], password: string): string | undefined {
  const bytes = Buffer.from(password)
  const readable: [text: string, how: string][] = [
    [password, 'as it was typed'],
    [bytes.toString('base64').replace(/=+$/, ''), 'in base64, which everybody can decode'],
    [bytes.toString('hex'), 'in hexadecimal, which everybody can decode'],
  ]
  for (const [text, how] of readable) {
    const [file] = data.filesWith(text)
    if (file !== undefined) return `${file}, ${how}`
  }
  return undefined
}

check(
  'hashed',
  {
    name: 'passwords are stored as salted hashes: none can be read, and equal ones differ',
    step: 2,
    points: 2,
    needs: ['registers'],
    hints: [
      'Databases get stolen. What could a thief do with the column "password"?',
      'Two users have the same password. What is different in what is hashed?',
      'Draw SALT_BYTES random bytes for each password, give them to slowHash, and store them beside the hash: salt and cost are no secret.',
    ],
  },
  async ({ visitor, draw, data }) => {
    const [one, two] = [newAccount(draw), newAccount(draw)]
    const { password } = one
    two.password = password
    expectRedirect(await register(visitor(one.name), one), '/account')
    expectRedirect(await register(visitor(two.name), two), '/account')
    const readable = whereReadable(data, password)
    if (readable !== undefined) {
      fail({
        expected: 'The password should stand in no file in DATA_DIR.',
        got: `It stands in ${readable}.`,
        detail: rowLines('users', await data.rows('app.sqlite', 'users')),
      })
    }
    const rows = await data.rows('app.sqlite', 'users')
    const [first, other] = [storedPassword(rows, one), storedPassword(rows, two)]
    const detail = rowLines(
      'users',
      rows.filter((row) => row.username === one.username || row.username === two.username),
    )
    if (first === '') {
      fail({ expected: 'The column "password" should have the hash.', got: 'It is empty.', detail })
    }
    if (first.includes('[object')) {
      fail({
        expected: 'The column "password" should have the hash.',
        got: 'It has an object that became text. Is an await missing?',
        detail,
      })
    }
    if (first === other) {
      fail({
        expected:
          'Two users with the same password should have different hashes: each gets a random salt of its own.',
        got: 'Both have the same.',
        detail,
      })
    }
    const who = visitor()
    const wrong = newPassword(draw)
    const does = `logs in as "${one.username}" with a wrong password`
    // Whether these are let in is the affair of another check.
    await logIn(who, { ...one, password: wrong }, { does })
    await logIn(who, one)
    for (const [typed, which] of [
      [wrong, 'wrong'],
      [password, 'right'],
    ] as const) {
      const file = whereReadable(data, typed)
      if (file === undefined) continue
      fail({
        expected:
          'What somebody types as a password at the login should stand in no file in DATA_DIR, also when it is wrong: often it is the right one with a slip.',
        got: `The ${which} password stands in ${file}.`,
      })
    }
  },
)

check(
  'log-in',
  {
    name: 'the right password is accepted, and no other',
    step: 3,
    points: 1,
    needs: ['registers'],
    hints: [
      'What is stored, and what does the form send? They cannot be compared as they are.',
      'The hash comes out the same only with the same salt and the same cost. Where do you get these from?',
      'Take salt, cost and hash from the stored text, hash the password that was given with this salt and cost, and compare the two hashes with timingSafeEqual.',
    ],
  },
  async ({ visitor, draw, instance }) => {
    const [account, other] = [newAccount(draw), newAccount(draw)]
    expectRedirect(await register(visitor(account.name), account), '/account')
    expectRedirect(await register(visitor(other.name), other), '/account')
    const { username, password } = account
    const wrong: [password: string, what: string][] = [
      [other.password, 'somebody else’s password'],
      [password.toUpperCase(), 'the password in capitals'],
      [password.slice(0, -1), 'the password without its last character'],
      [`${password}!`, 'the password with one more character'],
      [`${password} `, 'the password and a space'],
      ['', 'an empty password'],
    ]
    const who = visitor()
    for (const [given, what] of draw.shuffle(wrong)) {
      const reply = await logIn(
        who,
        { username, password: given },
        { does: `logs in as "${username}" with ${what}` },
      )
      expectStatus(reply, 401, 'because the password is wrong')
    }
    expectRedirect(await logIn(who, account), '/account')
    const long = { ...newAccount(draw), password: password.padEnd(128, 'p') }
    expectRedirect(await register(visitor(long.name), long), '/account')
    const cut = { ...long, password: `${long.password.slice(0, -1)}!` }
    const last = `logs in as "${long.username}", whose password has 128 characters, with another last one`
    expectStatus(await logIn(who, cut, { does: last }), 401, 'because the password is wrong')
    expectRedirect(await logIn(who, long), '/account')
    const at = await instance(second)
    const does = `logs in as "${username}" after PASSWORD_COST was raised from 4 to 13`
    const raised = await logIn(who, account, { at, does })
    expectStatus(raised, 303, 'because the password is right; the cost that it was hashed with is stored')
  },
)

check(
  'alike',
  {
    name: 'an unknown user and a wrong password get the same answer',
    step: 3,
    points: 1,
    needs: ['log-in'],
    hints: [
      'What does the answer tell somebody who tries names?',
      'A page that says "no such user" is a list of all users, to be had by asking.',
      'Both get status 401 and the same page, with one sentence that fits both.',
    ],
  },
  async ({ visitor, draw }) => {
    const account = newAccount(draw)
    expectRedirect(await register(visitor(account.name), account), '/account')
    const who = visitor()
    const guess = newAccount(draw)
    const wrong = await logIn(
      who,
      { ...account, password: guess.password },
      { does: `logs in as "${account.username}" with a wrong password` },
    )
    expectStatus(wrong, 401, 'because the password is wrong')
    const unknown = await logIn(who, guess, { does: `logs in as "${guess.username}", which nobody is` })
    expectStatus(unknown, 401, 'as for a wrong password')
    const text = (reply: Reply, { username }: Account) => visibleText(reply.body).replaceAll(username, 'NAME')
    const [first, other] = [text(wrong, account), text(unknown, guess)]
    if (first === other) return
    const words = other.split(' ')
    const place = words.findIndex((word, index) => word !== first.split(' ')[index])
    fail({
      expected: 'The page should be the same for an unknown user as for a wrong password.',
      got: `They differ: here it says "… ${shorten(words.slice(Math.max(0, place - 2), place + 8).join(' '))} …".`,
      exchange: unknown.exchange,
      mark: { line: 'body', at: '', note: 'differs from the page for a wrong password' },
    })
  },
)

/** How long it takes, in milliseconds. */
async function timed(request: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await request()
  return performance.now() - begin
}

/**
 * With PASSWORD_COST=13, scrypt takes from 15 ms (p=1) to 50 ms (p=3). A whole login with a fast hash can take longer
 * than this on a busy machine, but one of several does not; one with a slow hash never takes less.
 */
const HASH_MIN_MS = 6
const HASH_TRIES = 10
const HASH_TRIES_MAX = 40

/** The rest of a login is less than the hash with PASSWORD_COST=13, and next to all of it with 4. */
const COST_RATIO_MIN = 2

check(
  'slow-hash',
  {
    name: 'a hash takes its time, so that guessing does, too',
    step: 3,
    points: 1,
    needs: ['hashed', 'log-in'],
    hints: [
      'A graphics card makes thousands of millions of SHA-256 hashes in a second. How many passwords can somebody try who has stolen the table?',
      'There are hashes that are slow on purpose. Which one came with this lab?',
      'slowHash takes a cost, which is passwordCost from the settings. Use it for each password, at registration and at login.',
    ],
  },
  async ({ visitor, draw, instance }) => {
    const at = await instance(second)
    const account = newAccount(draw)
    const who = visitor(account.name)
    expectRedirect(await register(who, account, { at }), '/account')
    const quick = newAccount(draw)
    expectRedirect(await register(visitor(quick.name), quick), '/account')
    const other = visitor()
    const password = newPassword(draw)
    const does = 'logs in with a wrong password, with PASSWORD_COST=13'
    // The shortest time of many, one kind after the other, so that a busy machine is as busy for both.
    let [low, high] = [Infinity, Infinity]
    for (let count = 0; count < HASH_TRIES_MAX; count += 1) {
      let reply: Reply | undefined
      const took = await timed(async () => {
        reply = await logIn(other, { ...account, password }, { at, aside: true, does })
      })
      if (!reply) return
      expectStatus(reply, 401)
      expectThat(
        took >= HASH_MIN_MS,
        reply,
        'To check a password should take some work: with PASSWORD_COST=13, scrypt takes 15 ms and more.',
        `The whole login took ${took.toFixed(1)} ms.`,
      )
      high = Math.min(high, took)
      low = Math.min(low, await timed(() => logIn(other, { ...quick, password }, { aside: true })))
      if (count + 1 >= HASH_TRIES && low * COST_RATIO_MIN <= high) return
      expectThat(
        count + 1 < HASH_TRIES_MAX,
        reply,
        'PASSWORD_COST should say how much work it is to hash a password: with 13 it is 512 times as much as with 4.',
        `A login takes about as long with both: ${high.toFixed(0)} ms with 13, and ${low.toFixed(0)} ms with 4.`,
      )
    }
  },
)

const TRIES = 3
const ROUNDS = 12

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2
}

/** Two hashes instead of one are nearly twice the time. */
const TIME_RATIO_MAX = 1.5

check(
  'same-time',
  {
    name: 'an unknown user and a wrong password take the same time',
    step: 3,
    points: 1,
    needs: ['slow-hash'],
    hints: [
      'How long does your app take when there is no such user, and what does it not do then?',
      'A hash takes a tenth of a second, which can be measured from the other end of the world. Whoever answers without one says that nobody has this name.',
      'Hash the password that was given also when nothing is stored: against the hash of a password that nobody knows, made once at the start.',
    ],
  },
  async ({ visitor, draw, instance }) => {
    const at = await instance(second)
    const account = newAccount(draw)
    expectRedirect(await register(visitor(account.name), account, { at }), '/account')
    const who = visitor()
    const wrong = { ...account, password: newPassword(draw) }
    const nobody = newAccount(draw)
    // The shortest time of many: a machine that is busy makes some of them longer, and none shorter.
    let [known, unknown] = [Infinity, Infinity]
    const ratios: number[] = []
    const isSame = (ratio: number) => ratio <= TIME_RATIO_MAX && ratio >= 1 / TIME_RATIO_MAX
    for (let round = 0; round < ROUNDS && !isSame(unknown / known); round += 1) {
      let [knownNow, unknownNow] = [Infinity, Infinity]
      for (let count = 0; count < TRIES; count += 1) {
        knownNow = Math.min(knownNow, await timed(() => logIn(who, wrong, { at, aside: true })))
        unknownNow = Math.min(unknownNow, await timed(() => logIn(who, nobody, { at, aside: true })))
      }
      ratios.push(unknownNow / knownNow)
      known = Math.min(known, knownNow)
      unknown = Math.min(unknown, unknownNow)
    }
    const ms = (time: number) => `${time.toFixed(0)} ms`
    // A machine that was idle for one login, and busy ever since, makes the shortest times differ, and few rounds.
    if (isSame(unknown / known) || isSame(median(ratios))) {
      // A wait of fixed length is as long as the hash on one machine only, and with one cost.
      const does = `logs in as "${nobody.username}", which nobody is, with PASSWORD_COST=4`
      let quick = Infinity
      for (let count = 0; count < ROUNDS * TRIES && quick * TIME_RATIO_MAX > unknown; count += 1) {
        quick = Math.min(quick, await timed(() => logIn(who, nobody, { aside: true, does })))
      }
      if (quick * TIME_RATIO_MAX <= unknown) return
      const { exchange } = await logIn(who, nobody, { does })
      fail({
        expected:
          'An unknown user should take as long as a hash, and a hash is quick with PASSWORD_COST=4: a wait of fixed length is not the same time.',
        got: `It takes ${ms(quick)} with PASSWORD_COST=4, and ${ms(unknown)} with 13.`,
        exchange,
      })
    }
    const reply = await logIn(who, nobody, {
      at,
      does: `logs in as "${nobody.username}", which nobody is, ${ROUNDS * TRIES} times, and as often with a wrong password`,
    })
    fail({
      expected: 'Both should take about the same time: one not more than half as long again as the other.',
      got: `An unknown user takes ${ms(unknown)}, a wrong password ${ms(known)}.`,
      exchange: reply.exchange,
    })
  },
)

check(
  'logged-in',
  {
    name: 'registering and logging in log this visitor in, and nobody else',
    step: 4,
    points: 1,
    needs: ['log-in', 'own-likes'],
    hints: [
      'How does the next request know who logged in?',
      'What logIn puts into the session has to be saved before the answer goes. And a variable outside of your functions is one for all visitors.',
      'After the new session has begun, set req.session.username, and wait for req.session.save before logIn returns.',
    ],
  },
  async (context) => {
    const { visitor, draw } = context
    const one = await newMember(context)
    expectLoggedIn(await openHome(one.who), one.account)
    const two = await newMember(context)
    expectLoggedIn(await openHome(two.who), two.account)
    const other = await otherBrowser(context, one)
    expectLoggedIn(await openHome(other), one.account)
    const [thing, theirs] = [newThing(draw), newThing(draw)]
    expectRedirect(await like(one.who, thing), '/')
    expectRedirect(await like(two.who, theirs), '/')
    const page = await openHome(other)
    expectLikes(page, [thing], `What ${one.account.username} likes should be there at each browser`)
    expectHides(page, theirs, `The page should show only what ${one.account.username} likes.`)
    expectLoggedOut(await openHome(visitor()), 'this visitor never logged in')
  },
)

check(
  'new-id',
  {
    name: 'the session gets a new id at login, and the old id is dead',
    step: 4,
    points: 2,
    needs: ['logged-in'],
    hints: [
      'Which id had the browser before the login, and which one after it? Who may know the first?',
      'An attacker can visit your app, and put the cookie that they got into somebody’s browser. What can they see after that somebody logs in?',
      'req.session.regenerate ends the old session and begins a new one under a new id. Put the username in after it has called back.',
    ],
  },
  async (context) => {
    const { visitor, draw } = context
    const known = await newMember(context)
    for (const way of draw.shuffle(['login', 'register'])) {
      const who = visitor()
      const account = way === 'login' ? known.account : newAccount(draw, who.name)
      const thing = newThing(draw)
      await like(who, thing)
      const [cookie, id] = [who.savedCookie(), idOf(who)]
      const reply = await (way === 'login' ? logIn(who, account) : register(who, account))
      expectRedirect(reply, '/account')
      const given = expectSetsCookie(reply, COOKIE)
      expectThat(
        idIn(given.value) !== id,
        reply,
        'The answer should give the browser a new id.',
        'It is the id from before the login.',
      )
      const old = await openHome(visitor('Attacker'), {
        cookie,
        does: 'opens the start page with the cookie from before that',
      })
      expectLoggedOut(old, 'the old id is no longer one')
      expectHides(old, thing, 'The session with the old id should be gone, and its likes with it.')
      expectLoggedIn(await openHome(who), account)
    }
    // The attacker's own login, planted in somebody's browser: there are no likes to move, and the id is new all the same.
    const attacker = await newMember(context)
    const planted = attacker.who.savedCookie()
    const reply = await logIn(attacker.who, known.account)
    expectRedirect(reply, '/account')
    const before = await openHome(visitor('Attacker'), {
      cookie: planted,
      does: `opens the start page with the cookie from before ${known.account.username} logged in over it`,
    })
    expectThat(
      !visibleText(before.body).includes(`Logged in as ${known.account.username}`),
      before,
      'The old id should not be logged in as the one who came after.',
      'It is.',
    )
    expectLoggedIn(await openHome(attacker.who), known.account)
  },
)

check(
  'likes-moved',
  {
    name: 'what the visitor liked becomes the user’s, as rows in the table',
    step: 4,
    points: 1,
    needs: ['logged-in'],
    hints: [
      'Where were the likes before the login, and what becomes of that session?',
      'regenerate throws away all that was in the session. What do you need from it?',
      'Keep the visitor’s likes in a constant before you call regenerate, and give them to storeLikes after it.',
    ],
  },
  async (context) => {
    const { visitor, draw, data } = context
    const member = await newMember(context)
    const first = newThing(draw)
    expectRedirect(await like(member.who, first), '/')
    const other = visitor(`${member.who.name} (other browser)`)
    const things = [newThing(draw), newThing(draw)]
    for (const thing of things) expectRedirect(await like(other, thing), '/')
    expectRedirect(await logIn(other, member.account), '/account')
    expectLikes(await openHome(other), [first, ...things], 'After the login, the page should list it')
    expectLikes(await openHome(member.who), [first, ...things], 'The page should list it at each browser')
    const rows = await data.rows('app.sqlite', 'likes')
    for (const thing of [first, ...things]) {
      const count = rows.filter(
        (row) => row.thing === thing && row.username === member.account.username,
      ).length
      if (count === 1) continue
      fail({
        expected: `The table "likes" should have one row with thing "${thing}" and username "${member.account.username}".`,
        got: `It has ${count}.`,
        detail: rowLines('likes', rows),
      })
    }
    expectRedirect(await logIn(other, member.account, { does: 'logs in once more' }), '/account')
    const again = await openHome(other)
    expectThat(
      visibleText(again.body).split(things[0] ?? '').length === 2,
      again,
      'Likes are moved once: after another login, each should be on the list as often as before.',
      `"${things[0]}" is there twice.`,
    )
    const late = visitor()
    const early = newThing(draw)
    expectRedirect(await like(late, early), '/')
    expectRedirect(await register(late, newAccount(draw, late.name)), '/account')
    expectLikes(await openHome(late), [early], 'After the registration, the page should list it')
  },
)

const BUSY_VISITORS = 4

/** What a user has logged in at. */
const BROWSERS = ['phone', 'desk', 'tablet', 'laptop', 'library']

/**
 * Does something while others try passwords for that user at that instance, so that its disk is slow: a thread that
 * hashes writes nothing. What was not awaited is then done long after the answer.
 */
async function whileBusy(
  { visitor, draw }: CheckContext,
  { username }: Account,
  at: Address,
  act: () => Promise<void>,
): Promise<void> {
  let done = false
  const guess = { username, password: newPassword(draw) }
  const others = Array.from({ length: BUSY_VISITORS }, async (_, index) => {
    const other = visitor('Others')
    // A login begins with a quick look for the user, a registration with the hash: there is always one at work.
    const attempt = index % 2 === 0 ? logIn : register
    try {
      while (!done) await attempt(other, guess, { at, aside: true })
    } catch {
      // An app that does not answer them may still answer the one that counts, or fails there.
    }
  })
  try {
    await act()
  } finally {
    done = true
    await Promise.all(others)
  }
}

const PAGES_MEANWHILE = 10
const WAIT_MAX_MS = 500

/**
 * What is answered with a redirect has to be in the file by then: while nobody can write to it, there is no such answer.
 * How long to wait for one is measured in pages, because a machine that is busy takes longer for them as well.
 */
async function expectWaitsForWrite(
  { visitor }: CheckContext,
  locker: Locker,
  file: string,
  act: (does: string) => Promise<Reply>,
): Promise<void> {
  const reader = visitor('Others')
  await locker.lock(file)
  let reply: Reply | undefined
  let answer: Promise<unknown> | undefined
  let early = false
  try {
    answer = act(`while another program has locked ${file}`).then((one) => {
      reply = one
    })
    const pages = async () => {
      for (let count = 0; count < PAGES_MEANWHILE && !reply; count += 1)
        await openHome(reader, { aside: true })
    }
    // An app that does one thing after the other opens no page either.
    await Promise.race([answer, pages(), sleep(WAIT_MAX_MS)])
    early = reply !== undefined
  } finally {
    await Promise.all([locker.unlock(), answer])
  }
  // Another answer than this, such as a refusal, says that nothing was stored.
  if (!reply || !early || reply.status !== 303) return
  fail({
    expected: `What the answer speaks of should be in ${file} before the answer is sent.`,
    got: `The answer came while nobody could write to ${file}. Is an await missing before the call that stores it?`,
    exchange: reply.exchange,
  })
}

check(
  'saved-first',
  {
    name: 'what an answer speaks of is stored before it is sent, so the next request finds it',
    step: 4,
    points: 1,
    needs: ['rotation', 'logged-in'],
    hints: [
      'A browser follows a redirect as soon as it has read the headers. What has your app stored by then?',
      'When does express-session save by itself: before the headers of the answer are sent, or after it?',
      'In keepLike and in logIn, wait with await until req.session.save has called back. Wait for storeLikes, too. Then comes the redirect.',
    ],
  },
  async (context) => {
    const { visitor, draw, data, instance } = context
    const at = await instance(second)
    const locker = data.locker()
    try {
      // By hand, the sessions may be in another file.
      if (data.filesWith('SQLite format 3').includes('sessions.sqlite')) {
        await expectWaitsForWrite(context, locker, 'sessions.sqlite', (does) =>
          like(visitor(), newThing(draw), { early: true, does: `likes something ${does}` }),
        )
      }
      const { who, account } = await newMember(context)
      await expectWaitsForWrite(context, locker, 'app.sqlite', (does) =>
        like(who, newThing(draw), { early: true, does: `likes something ${does}` }),
      )
      const guest = visitor()
      expectRedirect(await like(guest, newThing(draw)), '/')
      await expectWaitsForWrite(context, locker, 'app.sqlite', (does) =>
        logIn(guest, account, { early: true, does: `logs in as "${account.username}" ${does}` }),
      )
    } finally {
      locker.end()
    }
    const account = newAccount(draw)
    expectRedirect(await register(visitor(account.name), account), '/account')
    await whileBusy(context, account, at, async () => {
      // Several times, because there can be moments in which nobody keeps the disk waiting.
      for (const browser of BROWSERS) {
        const user = visitor(`${account.name} (${browser})`)
        const does = `logs in as "${account.username}" at a busy instance`
        expectRedirect(await logIn(user, account, { at, early: true, does }))
        const page = await openHome(user, {
          does: 'is sent on, and opens the start page at another instance',
        })
        expectStatus(page, 200)
        expectShows(
          page,
          `Logged in as ${account.username}`,
          'The login should be stored when the answer comes; the page should say',
        )
      }
    })
  },
)

check(
  'attributes',
  {
    name: 'every Set-Cookie is HttpOnly, SameSite=Lax, Path=/ and has no Domain',
    step: 1,
    points: 1,
    needs: ['likes'],
    hints: [
      'Look at the Set-Cookie line above: the caret is where something is missing.',
      'The cookie is set at several places: with the first like, at login, with every answer, and at logout. Which of them is this?',
      'cookieOptions returns httpOnly: true, sameSite: "lax" and path: "/". express-session and res.clearCookie both get them from there.',
    ],
  },
  async ({ visitor, draw, aboutStep }) => {
    const who = visitor()
    const account = newAccount(draw, who.name)
    expectAttributes(await like(who, newThing(draw)))
    expectAttributes(await openHome(who))
    expectAttributes(await register(who, account))
    expectAttributes(await openHome(who))
    aboutStep(5)
    expectAttributes(await logOut(who))
    aboutStep(4)
    expectAttributes(await logIn(who, account))
    aboutStep(9)
    expectAttributes(await who.post('/logout-everywhere', {}, { does: 'logs out everywhere' }))
  },
)

check(
  'logout',
  {
    name: 'logging out ends the session on the server, and clears the cookie',
    step: 5,
    points: 2,
    needs: ['logged-in', 'nothing-stored'],
    hints: [
      'A browser forgets a cookie when it is told to. Who else may have a copy of it?',
      'There are two things to end: the session on the server, and the cookie in the browser. Which one is left?',
      'Wait until req.session.destroy has called back; then res.clearCookie with the name and the options that the cookie was set with. Only in POST /logout.',
    ],
  },
  async (context) => {
    const { who, account } = await newMember(context)
    const cookie = who.savedCookie()
    await who.get('/logout', { does: 'follows a link to /logout' })
    const still = await openHome(who)
    expectStatus(still, 200)
    expectShows(still, `Logged in as ${account.username}`, 'A GET should change nothing; the page should say')
    const reply = await logOut(who)
    expectRedirect(reply, '/')
    expectGone(reply, who, COOKIE)
    expectLoggedOut(await openHome(who), `${who.name} has logged out`)
    const replayed = await openHome(context.visitor('Thief'), {
      cookie,
      does: `opens the start page with a copy of ${who.name}’s old cookie`,
    })
    expectLoggedOut(replayed, 'the session has ended')
    expectThat(
      replayed.setCookies.length === 0,
      replayed,
      'The old cookie should open no session at all: the logout deletes it, with all that is in it.',
      'The answer sets the cookie anew, so there still is a session for it.',
    )
    expectRedirect(await logOut(who, { does: 'logs out once more' }), '/')
    const thing = newThing(context.draw)
    expectRedirect(await like(who, thing), '/')
    expectLikes(await openHome(who), [thing])
    const ofVisitor = who.savedCookie()
    expectRedirect(await logOut(who, { does: 'sends POST /logout without being logged in' }), '/')
    await openHome(who)
    const copied = await openHome(context.visitor('Thief'), {
      cookie: ofVisitor,
      does: `opens the start page with a copy of ${who.name}’s cookie from before`,
    })
    expectHides(
      copied,
      thing,
      'POST /logout should also end the session of a visitor who is not logged in: the old cookie should open nothing.',
    )
  },
)

check(
  'other-devices',
  {
    name: 'logging out at one browser leaves all others in',
    step: 5,
    points: 1,
    needs: ['logout'],
    hints: [
      'Which sessions does your logout end?',
      'The same user can be logged in at a phone and at a desk, and other users are there, too.',
      'req.session.destroy ends one session: that of this request. Nothing else has to be deleted.',
    ],
  },
  async (context) => {
    const member = await newMember(context)
    const other = await otherBrowser(context, member)
    const stranger = await newMember(context)
    const guest = context.visitor()
    const thing = newThing(context.draw)
    expectRedirect(await like(guest, thing), '/')
    expectRedirect(await logOut(other), '/')
    expectLoggedIn(await openHome(member.who), member.account)
    expectLoggedIn(await openHome(stranger.who), stranger.account)
    expectLikes(await openHome(guest), [thing], 'A visitor’s likes should stay')
  },
)

const PAGES_IN_FLIGHT = 8

check(
  'in-flight',
  {
    name: 'a page that loads during the logout does not bring the session back',
    step: 5,
    points: 1,
    needs: ['logout'],
    hints: [
      'Two requests are at work at the same time: one ends the session, one only reads it. What does the second do last?',
      'A request that has read the session before the logout, and writes it after the logout, makes the row anew. Which option of express-session makes it write what did not change?',
      'resave: false. Then a request that changed nothing writes nothing.',
    ],
  },
  async (context) => {
    const { who, account } = await newMember(context)
    for (let round = 0; round < 3; round += 1) {
      const cookie = who.savedCookie()
      const pages = Array.from({ length: PAGES_IN_FLIGHT }, () => openHome(who, { cookie, aside: true }))
      const [reply] = await Promise.all([
        logOut(who, {
          cookie,
          does: `logs out while ${PAGES_IN_FLIGHT} pages of the same browser are loading`,
        }),
        ...pages,
      ])
      expectRedirect(reply, '/')
      const after = await openHome(who, { cookie, does: 'opens the start page with the cookie from before' })
      expectLoggedOut(after, 'the session has ended, and the pages only read it')
      if (round < 2) expectRedirect(await logIn(who, account), '/account')
    }
  },
)

check(
  'instances',
  {
    name: 'two instances share the sessions: a logout on one is a logout on the other',
    step: 5,
    points: 1,
    needs: ['rotation', 'logout'],
    hints: [
      'Two processes of your app run on the same files. What does one of them know that the other does not?',
      'Is something of the session kept in memory, if only to be faster?',
      'Read the session from the store at each request. Another process can have ended it a moment ago.',
    ],
  },
  async (context) => {
    const at = await context.instance(second)
    const { who, account } = await newMember(context)
    expectLoggedIn(await openHome(who, { at, does: 'opens the start page on another instance' }), account)
    const thing = newThing(context.draw)
    expectRedirect(await like(who, thing, { at, does: `likes "${thing}" there` }), '/')
    expectLikes(await openHome(who), [thing])
    // Several times, because there can be moments in which nobody keeps the disk waiting.
    const users = [who]
    while (users.length < BROWSERS.length) users.push(await otherBrowser(context, { who, account }))
    await whileBusy(context, account, at, async () => {
      for (const user of users) {
        const cookie = user.savedCookie()
        const does = 'logs out on the other instance, which is busy'
        expectRedirect(await logOut(user, { at, early: true, does }), '/')
        const replayed = await openHome(user, {
          cookie,
          does: 'opens the start page on the first instance with the old cookie',
        })
        expectLoggedOut(replayed, `${user.name} has logged out on the other instance`)
      }
    })
  },
)

check(
  'account',
  {
    name: 'the account page is for users; all others are sent to the login',
    step: 6,
    points: 1,
    needs: ['restart', 'logout'],
    hints: [
      'What does a visitor see at /account who has never logged in?',
      'A visitor who likes something has a session, too. What makes a session one of a user?',
      'In requireLogin: without a current user, redirect with 303 to /login, and do not call next().',
    ],
  },
  async (context) => {
    const { visitor, draw } = context
    expectRedirect(await visitor().get('/account'), '/login')
    const guest = visitor()
    const thing = newThing(draw)
    await like(guest, thing)
    const refused = await guest.get('/account', {
      does: 'opens /account with a session in which nobody logged in',
    })
    expectRedirect(refused, '/login')
    const everywhere = await guest.post('/logout-everywhere', {}, { does: 'sends POST /logout-everywhere' })
    expectRedirect(everywhere, '/login')
    const page = await openHome(guest)
    expectLikes(
      page,
      [thing],
      'Whoever is sent to the login keeps the session; the page should still list it',
    )
    const { who, account } = await newMember(context)
    expectLoggedIn(await who.get('/account'), account)
    const cookie = who.savedCookie()
    await logOut(who)
    expectRedirect(
      await who.get('/account', { cookie, does: 'opens /account with the cookie from before' }),
      '/login',
    )
  },
)

/** How long the browser keeps the cookie, in seconds. Null when it has no age. */
function ageOf({ maxAge, expires }: SetCookie): number | null {
  return maxAge ?? (expires ? (expires.getTime() - Date.now()) / 1000 : null)
}

/** Two minutes of slack, for a machine that is busy, and for whole seconds. */
const AGE_SLACK_SECONDS = 120

/** @param aheads by how much the clock that counted may be ahead */
function expectIdleAge(reply: Reply, aheads = [0]): void {
  const cookie = expectSetsCookie(reply, COOKIE)
  const age = ageOf(cookie)
  const wanted = aheads.map((ahead) => IDLE_SECONDS + ahead)
  if (age !== null && wanted.some((one) => Math.abs(age - one) < AGE_SLACK_SECONDS)) return
  fail({
    expected: `The browser should keep the cookie for IDLE_SECONDS: ${IDLE_SECONDS} seconds from now.`,
    got: age === null ? 'It has neither Max-Age nor Expires.' : `It keeps it for ${Math.round(age)} seconds.`,
    exchange: reply.exchange,
    mark: {
      line: 'Set-Cookie:',
      header: cookie.header,
      at: /;\s*((?:Max-Age|Expires)=[^;]*)/i.exec(cookie.header)?.[1] ?? '',
      note: age === null ? 'Max-Age or Expires is missing' : `should be ${IDLE_SECONDS} seconds from now`,
    },
  })
}

check(
  'cookie-age',
  {
    name: 'the browser keeps the cookie for IDLE_SECONDS',
    step: 7,
    points: 1,
    needs: ['logged-in'],
    hints: [
      'How long does the browser keep this cookie?',
      'A cookie without an age ends when the browser closes, and connect-sqlite3 then takes a day for the session. What tells both of them the limit?',
      'maxAge in cookieOptions is idleMs. express-session counts it in milliseconds, as the name says.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    expectIdleAge(await like(who, newThing(draw)))
    expectIdleAge(await register(who, newAccount(draw, who.name)))
  },
)

function laterText(seconds: number): string {
  return `${seconds.toLocaleString('en')} seconds later`
}

/** The same with a short limit and a real wait, whatever clock the app goes by. */
async function expectIdleEndsAfterWait(context: CheckContext): Promise<void> {
  const at = await context.instance(shortIdle)
  const { who } = await newMember(context, { at })
  const cookie = who.savedCookie()
  // A time in whole seconds can make a second of two.
  await sleep(2_200)
  const page = await openHome(who, {
    at,
    cookie,
    does: 'waits more than two seconds, with IDLE_SECONDS=1, and opens the start page',
  })
  expectLoggedOut(page, 'nothing happened for longer than IDLE_SECONDS')
}

check(
  'idle',
  {
    name: 'the server ends a session after IDLE_SECONDS without a request',
    step: 7,
    points: 1,
    needs: ['restart', 'cookie-age'],
    hints: [
      'A browser can be told when to drop a cookie. Who makes sure that it does?',
      'Where does the server note when the session was used last, and who compares that with the present time?',
      'The store takes the age of the cookie for the age of the row: maxAge in cookieOptions is idleMs, and the store must not return a row whose time is over.',
    ],
  },
  async (context) => {
    const [, at] = await Promise.all([soon, later, laterAndLimited].map((one) => context.instance(one)))
    const { who } = await newMember(context)
    const page = await openHome(who, {
      at,
      cookie: who.savedCookie(),
      aside: true,
      does: `opens the start page ${laterText(LATER_SECONDS)}`,
    })
    if (showsLogin(page)) return expectIdleEndsAfterWait(context)
    expectLoggedOut(page, `nothing happened for ${IDLE_SECONDS} seconds`)
  },
)

async function expectIdleRenewedAfterWait(context: CheckContext): Promise<void> {
  const at = await context.instance(renewable)
  const { who, account } = await newMember(context, { at })
  for (const does of ['waits', 'waits once more']) {
    await sleep(2_400)
    const page = await openHome(who, {
      at,
      does: `${does} for two and a half seconds, with IDLE_SECONDS=4, and opens the start page`,
    })
    expectLoggedIn(page, account)
  }
}

check(
  'renewed',
  {
    name: 'each request starts the idle time anew, on the server and in the browser',
    step: 7,
    points: 1,
    needs: ['idle'],
    hints: [
      'How long has this user done nothing?',
      'The limit is for doing nothing, so the last request counts: for the row, and for the cookie, which the browser drops by its own clock.',
      'rolling: true sends the cookie again with every answer. The store’s touch does the same for the row.',
    ],
  },
  async (context) => {
    const at = await context.instance(soon)
    const last = await context.instance(later)
    const { who, account } = await newMember(context)
    const page = await openHome(who, { at, does: `opens the start page ${laterText(SOON_SECONDS)}` })
    expectLoggedIn(page, account)
    expectIdleAge(page, [0, SOON_SECONDS])
    const reply = await openHome(who, {
      at: last,
      aside: true,
      does: `opens it again ${laterText(LATER_SECONDS - SOON_SECONDS)}`,
    })
    if (!showsLogin(reply)) return expectIdleRenewedAfterWait(context)
    expectLoggedIn(reply, account)
    const guest = context.visitor()
    const thing = newThing(context.draw)
    expectRedirect(await like(guest, thing), '/')
    const does = `opens the start page ${laterText(SOON_SECONDS)}`
    expectIdleAge(await openHome(guest, { at, does }), [0, SOON_SECONDS])
    const kept = await openHome(guest, {
      at: last,
      does: `opens it again ${laterText(LATER_SECONDS - SOON_SECONDS)}`,
    })
    expectLikes(
      kept,
      [thing],
      'A visitor’s session should be renewed like a user’s; the page should still list it',
    )
  },
)

async function expectLifeEndsAfterWait(context: CheckContext): Promise<void> {
  const at = await context.instance(shortLife)
  const { who } = await newMember(context, { at })
  const cookie = who.savedCookie()
  await sleep(2_000)
  await who.get('/account', { at, cookie, does: 'waits two seconds and opens /account' })
  // Less than the limit since then, and more than it since the login, also for a time in whole seconds.
  await sleep(2_200)
  const page = await openHome(who, {
    at,
    cookie,
    does: 'waits two more seconds, with ABSOLUTE_SECONDS=3, and opens the start page',
  })
  expectLoggedOut(page, 'the login is older than ABSOLUTE_SECONDS')
}

check(
  'absolute',
  {
    name: 'a login ends after ABSOLUTE_SECONDS, whatever happens meanwhile',
    step: 7,
    points: 2,
    needs: ['renewed'],
    hints: [
      'When did this login begin? Does any request change the answer?',
      'Who has stolen a cookie can keep the session awake for ever. Which time is it that activity must not move?',
      'logIn notes beganMs once. hasEnded compares the age of the login, Date.now() minus beganMs, with absoluteMs, and nothing else ever writes beganMs.',
    ],
  },
  async (context) => {
    const at = await context.instance(soon)
    const last = await context.instance(laterAndLimited)
    const { visitor, draw, aboutStep } = context
    const { who, account } = await newMember(context)
    const old = await otherBrowser(context, { who, account })
    const guest = visitor()
    const thing = newThing(draw)
    expectRedirect(await like(guest, thing), '/')
    const page = await who.get('/account', { at, does: `opens /account ${laterText(SOON_SECONDS)}` })
    expectLoggedIn(page, account)
    const does = `opens the start page ${laterText(SOON_SECONDS)}`
    for (const one of [old, guest]) await openHome(one, { at, does })
    const reply = await openHome(who, {
      at: last,
      aside: true,
      does: `opens the start page ${laterText(LATER_SECONDS - SOON_SECONDS)}, with ABSOLUTE_SECONDS=${SHORTER_ABSOLUTE_SECONDS}`,
    })
    if (showsLogin(reply)) await expectLifeEndsAfterWait(context)
    else {
      expectLoggedOut(reply, 'the login is older than ABSOLUTE_SECONDS')
      const laterStill = `${laterText(LATER_SECONDS - SOON_SECONDS)}, with ABSOLUTE_SECONDS=${SHORTER_ABSOLUTE_SECONDS}`
      const kept = await openHome(guest, { at: last, does: `opens the start page ${laterStill}` })
      expectLikes(
        kept,
        [thing],
        'The limit is for logins, and this visitor never logged in; the page should still list it',
      )
      aboutStep(9)
      const fresh = visitor(`${who.name} (new browser)`)
      expectRedirect(await logIn(fresh, account, { at: last, does: `logs in ${laterStill}` }), '/account')
      const list = await fresh.get('/account', { at: last, does: 'opens /account there' })
      expectStatus(list, 200)
      const count = entriesOf(list).length
      expectThat(
        count <= 1,
        list,
        'The page should list only the login that has just begun, because the two before are older than ABSOLUTE_SECONDS.',
        `It lists ${count}.`,
      )
    }
    // Their clocks are ahead: what they sweep from time to time may be in use in the checks to come.
    for (const one of [soon, later, laterAndLimited]) await (await context.instance(one)).stop()
  },
)

const HTTPS = { 'X-Forwarded-Proto': 'https' }

/** The cookie is Secure exactly when it should be. */
function expectSecure(reply: Reply, secure: boolean, because: string): void {
  for (const cookie of reply.setCookies.filter((one) => one.name === COOKIE)) {
    if (cookie.secure === secure) continue
    fail({
      expected: `The cookie should ${secure ? '' : 'not '}be Secure, because ${because}.`,
      got: secure ? 'Secure is missing.' : 'It is Secure.',
      exchange: reply.exchange,
      mark: {
        line: 'Set-Cookie:',
        header: cookie.header,
        at: secure ? '' : (/;\s*(Secure)\b/i.exec(cookie.header)?.[1] ?? ''),
        note: secure ? 'Secure is missing' : 'should not be here',
      },
    })
  }
}

check(
  'secure',
  {
    name: 'the cookie is Secure exactly when a trusted proxy says that the browser came over https',
    step: 8,
    points: 2,
    needs: ['restart', 'logged-in'],
    hints: [
      'Between browser and proxy the connection is encrypted, between proxy and your app it is not. How does your app learn of the first?',
      'Everybody can send X-Forwarded-Proto. When is it the proxy’s word? Express knows it by its setting "trust proxy".',
      'Set "trust proxy" to trustedProxies; then req.secure is the answer, for each request. Without TRUST_PROXY=1, the header counts for nothing.',
    ],
  },
  async ({ visitor, draw, instance }) => {
    const at = await instance(second)
    const over = 'over https, through the proxy of an instance with TRUST_PROXY=1'
    const who = visitor()
    const liked = await like(who, newThing(draw), { at, headers: HTTPS, does: `likes something ${over}` })
    expectSetsCookie(liked, COOKIE)
    expectSecure(liked, true, 'the browser came over https')
    const account = newAccount(draw, who.name)
    const registered = await register(who, account, { at, headers: HTTPS })
    expectSetsCookie(registered, COOKIE)
    expectSecure(registered, true, 'the browser came over https')
    const page = await openHome(who, { at, headers: HTTPS, does: 'opens the start page over https' })
    expectLoggedIn(page, account)
    expectSecure(page, true, 'the browser came over https')
    const plain = visitor()
    const reply = await like(plain, newThing(draw), {
      at,
      headers: { 'X-Forwarded-Proto': 'http' },
      does: 'likes something over http, through the same proxy',
    })
    expectSetsCookie(reply, COOKIE)
    expectSecure(reply, false, 'the browser came over http, and would drop it')
    const moved = await openHome(plain, { at, headers: HTTPS, does: 'opens the start page over https' })
    expectSecure(moved, true, 'this time the browser came over https')
    const liar = visitor()
    const claimed = await like(liar, newThing(draw), {
      headers: HTTPS,
      does: 'likes something, and sends X-Forwarded-Proto to an instance without TRUST_PROXY',
    })
    expectSetsCookie(claimed, COOKIE)
    expectSecure(claimed, false, 'without TRUST_PROXY=1 the header is nobody’s word')
  },
)

check(
  'cross-site',
  {
    name: 'a POST from another site is refused with 403, and changes nothing',
    step: 8,
    points: 2,
    needs: ['logged-in'],
    hints: [
      'A form on another site can send its fields to your app. Whose cookies go with it?',
      'Browsers say where a POST comes from, in two headers that a page cannot change. Which ones are in the request above?',
      'Refuse with 403 when Sec-Fetch-Site is "cross-site", or when there is an Origin and its host is not the one in the header Host.',
    ],
  },
  async (context) => {
    const { visitor, draw } = context
    const { who, account } = await newMember(context)
    const newcomer = newAccount(draw)
    const thing = newThing(draw)
    const origin = `https://${draw.words(1)}.example`
    const kinds: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'cross-site' },
      { Origin: origin },
      { Origin: `${origin}:3004` },
      { Origin: 'null' },
      { Origin: origin, 'Sec-Fetch-Site': 'cross-site' },
      { Host: 'localhost:3004', Origin: 'http://localhost:3005', 'Sec-Fetch-Site': 'same-site' },
      { Host: 'likes.example', Origin: 'https://likes.example.evil.example' },
      { Host: 'likes.example', Origin: 'https://evil-likes.example' },
    ]
    const forms: [path: string, form: Record<string, string>][] = [
      ['/likes', { likes: thing }],
      ['/logout', {}],
      ['/logout-everywhere', {}],
      ['/register', { username: newcomer.username, password: newcomer.password }],
      ['/login', { username: account.username, password: account.password }],
    ]
    for (const headers of draw.shuffle(kinds)) {
      for (const [path, form] of draw.shuffle(forms)) {
        const cookie = path === '/login' || path === '/register' ? null : who.savedCookie()
        const does = `opens another site, which sends POST ${path}`
        const reply = await who.post(path, form, { headers, cookie, does })
        expectStatus(reply, 403, 'because the form came from another site')
      }
    }
    const page = await openHome(who)
    expectLoggedIn(page, account)
    expectHides(page, thing, 'What another site sent should not be on the list.')
    const unknown = await logIn(visitor(newcomer.name), newcomer)
    expectRefusal(unknown, 'another site sent that registration')
    const own: string[] = []
    for (const [address, host] of [
      ['http://localhost:3004', 'localhost:3004'],
      ['https://likes.example', 'likes.example'],
    ] as const) {
      const ours = newThing(draw)
      own.push(ours)
      const headers = { Host: host, Origin: address, 'Sec-Fetch-Site': 'same-origin' }
      const does = `likes "${ours}" on the app’s own page, at ${address}`
      expectRedirect(await like(who, ours, { headers, does }), '/')
    }
    const link = await openHome(who, {
      headers: { 'Sec-Fetch-Site': 'cross-site' },
      does: 'follows a link on another site to the start page',
    })
    expectLoggedIn(link, account)
    expectLikes(link, own)
  },
)

/**
 * Two users whose names are nearly that of the member, and a visitor who likes that name: one name begins with it, and
 * one has another character where it has a _, which LIKE takes for any.
 */
async function newNamesakes({ visitor, draw }: CheckContext, { account }: Member) {
  const { username } = account
  const strangers: Member[] = []
  for (const name of [`${username}2`.slice(-30), username.replace('_', '.')]) {
    const who = visitor()
    const namesake = { ...newAccount(draw, who.name), username: name }
    expectRedirect(await register(who, namesake), '/account')
    strangers.push({ who, account: namesake })
  }
  const guest = visitor()
  const thing = username
  expectRedirect(await like(guest, thing), '/')
  return { strangers, guest, thing }
}

/** How many entries of lists and tables the page has. */
function countEntries({ body }: Reply): number {
  return body.match(/<(?:li|tr|article|dt)\b/gi)?.length ?? 0
}

/** /account has this many entries more than at first, and one of them is "this browser". */
async function expectMoreEntries(who: Visitor, first: number, more: number, because: string): Promise<void> {
  const page = await who.get('/account')
  expectStatus(page, 200)
  const marks = visibleText(page.body).match(/this browser/gi)?.length ?? 0
  expectThat(
    marks === 1,
    page,
    'One entry, and no other, should be marked with "this browser".',
    `"this browser" is ${marks} times on the page.`,
  )
  const count = countEntries(page) - first
  expectThat(
    count === more,
    page,
    `The page should list ${more + 1} ${more === 0 ? 'session' : 'sessions'}, because ${because}.`,
    `It lists ${count + 1}.`,
  )
}

check(
  'session-list',
  {
    name: 'the account page lists the user’s sessions, and which one is this browser',
    step: 9,
    points: 1,
    needs: ['account', 'other-devices'],
    hints: [
      'Which sessions are this user’s? Look into the table with the sqlite3 command, or print the rows.',
      'The column sess is JSON. Which key of it says who is logged in, and which column is the id of the session?',
      "Select the rows whose sess ->> '$.username' is the current user; isThisBrowser is whether its sid is req.sessionID.",
    ],
  },
  async (context) => {
    const member = await newMember(context)
    const { who } = member
    const first = countEntries(await who.get('/account'))
    expectThat(
      first > 0,
      await who.get('/account', { aside: true }),
      'The page should list the user’s sessions, each as an <li>, or a <tr> of a table.',
      'There is no such list.',
    )
    await newNamesakes(context, member)
    await expectMoreEntries(who, first, 0, 'this user has logged in at one browser')
    const other = await otherBrowser(context, member)
    await otherBrowser(context, member)
    await expectMoreEntries(who, first, 2, 'this user has logged in at three browsers')
    await expectMoreEntries(other, first, 2, 'this user has logged in at three browsers')
    const page = await who.get('/account')
    for (const id of [idOf(who), idOf(other)]) {
      expectThat(
        id === '' || !page.body.includes(id),
        page,
        'The page should show no id of a session: whoever reads it there is in that session.',
        `It has the id ${id}.`,
      )
    }
    expectRedirect(await logOut(other), '/')
    await expectMoreEntries(who, first, 1, 'one of three has logged out')
  },
)

interface Entry {
  beganMs: number
  lastSeenMs: number
  isThisBrowser: boolean
}

/** The times in the entries of /account, in their order. */
function entriesOf(page: Reply): Entry[] {
  const rows = page.body.split(/(?=<(?:li|tr|article|dt)\b)/i).slice(1)
  // Without the tags: a <time datetime="…"> has the same time once more.
  return rows.map(visibleText).flatMap((text) => {
    const times = [...text.matchAll(/(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/g)]
    const [beganMs, lastSeenMs] = times.map(([, day, time]) => Date.parse(`${day}T${time}Z`))
    if (beganMs === undefined || lastSeenMs === undefined) return []
    return [{ beganMs, lastSeenMs, isThisBrowser: /this browser/i.test(text) }]
  })
}

/** The page lists so many sessions, each with its two times. */
function expectEntries(page: Reply, count: number, because: string): Entry[] {
  expectStatus(page, 200)
  const entries = entriesOf(page)
  expectThat(
    entries.length === count,
    page,
    `The page should list ${count} sessions, each with two times such as "2026-11-20 12:00:00", because ${because}.`,
    `It lists ${entries.length} of this kind.`,
  )
  return entries
}

function isAbout(ms: number, wantedMs: number): boolean {
  return Math.abs(ms - wantedMs) < (SECOND_AHEAD_SECONDS * 1000) / 3
}

check(
  'session-times',
  {
    name: 'the list has the newest login first, tells when each was last seen, and leaves out what has ended',
    step: 9,
    points: 1,
    needs: ['session-list', 'renewed'],
    hints: [
      'Which rows of the table are sessions that somebody could still use?',
      'expired is when the row ends, and each request moves it. What does it say about the last request? And what, when it is over?',
      'Ask for rows whose expired is not over, and whose beganMs is not too long ago, ORDER BY beganMs DESC. lastSeenMs is expired minus idleMs.',
    ],
  },
  async (context) => {
    const { visitor } = context
    const [at, past] = await Promise.all([context.instance(second), context.instance(longAgo)])
    const { who, account } = await newMember(context)
    const old = visitor(`${who.name} (old browser)`)
    expectRedirect(
      await logIn(old, account, { at: past, does: 'logged in more than an hour ago' }),
      '/account',
    )
    const later = `${SECOND_AHEAD_SECONDS / 60} minutes later`
    const last = visitor(`${who.name} (new browser)`)
    expectRedirect(await logIn(last, account, { at, does: `logs in ${later}` }), '/account')
    const other = await otherBrowser(context, { who, account })
    const seen = await openHome(who, { at, does: `opens the start page ${later}` })
    expectLoggedIn(seen, account)
    const page = await other.get('/account')
    const entries = expectEntries(page, 3, 'three are open; the one in the old browser has ended')
    expectThat(
      entries.every(({ beganMs }, index) => index === 0 || beganMs <= (entries[index - 1]?.beganMs ?? 0)),
      page,
      'The sessions should stand in the order in which they began, the newest login first.',
      'They stand in another order.',
    )
    // An app whose times come from another clock than its own, such as SQLite's, knows nothing of "later".
    const nowMs = Date.now()
    const laterMs = nowMs + SECOND_AHEAD_SECONDS * 1000
    const hasClock = entries.some(({ beganMs }) => isAbout(beganMs, laterMs))
    const here = entries.find(({ isThisBrowser }) => isThisBrowser)
    expectThat(
      !hasClock || !here || isAbout(here.beganMs, nowMs),
      page,
      'The entry with "this browser" should be that of the browser which opens the page.',
      'It is that of the one which logged in five minutes later.',
    )
    const seenLater = entries.filter(({ lastSeenMs }) => isAbout(lastSeenMs, laterMs)).length
    const seenNow = entries.filter(({ lastSeenMs }) => isAbout(lastSeenMs, nowMs)).length
    expectThat(
      hasClock ? seenLater === 2 && seenNow === 1 : seenNow === 3,
      page,
      'The second time of each session should be that of its last request: this one is of now, and the other two of five minutes later.',
      `They are ${entries.map(({ lastSeenMs }) => new Date(lastSeenMs).toISOString().slice(0, 19).replace('T', ' ')).join(', ')}.`,
    )
  },
)

check(
  'logout-everywhere',
  {
    name: 'logging out everywhere ends all sessions of this user, and no others',
    step: 9,
    points: 2,
    needs: ['other-devices', 'instances'],
    hints: [
      'Whose sessions are ended, and which ones are left?',
      'Somebody has lost a phone. It has to be logged out from here, and nobody else’s may.',
      "Delete the rows whose sess ->> '$.username' is the current user, and then log out as usual.",
    ],
  },
  async (context) => {
    const member = await newMember(context)
    const others = [await otherBrowser(context, member), await otherBrowser(context, member)]
    const { strangers, guest, thing } = await newNamesakes(context, member)
    const cookie = member.who.savedCookie()
    const reply = await member.who.post('/logout-everywhere', {}, { does: 'logs out everywhere' })
    expectRedirect(reply, '/')
    expectGone(reply, member.who, COOKIE)
    for (const who of others) {
      expectLoggedOut(await openHome(who), `${member.account.username} has logged out everywhere`)
    }
    const replayed = await openHome(member.who, {
      cookie,
      does: 'opens the start page with the cookie from before',
    })
    expectLoggedOut(replayed, 'this session has ended as well')
    for (const { who, account } of strangers) expectLoggedIn(await openHome(who), account)
    expectLikes(await openHome(guest), [thing], 'A visitor’s likes should stay')
    expectRedirect(await logIn(member.who, member.account), '/account')
  },
)

check(
  'bad-input',
  {
    name: 'names and passwords that are too short or too long are refused',
    step: 0,
    points: 1,
    needs: ['logged-in'],
    hints: [
      'users.ts and server.ts refuse these for you. Have you changed them?',
      'A refusal is a page with a status from 400 to 499, and nobody is registered.',
      'A username has 1 to 30 characters, a password 8 to 128. A missing field is refused as well.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const { username, password } = newAccount(draw, who.name)
    const bad: [form: Record<string, string>, what: string][] = [
      [{ username: '', password }, 'an empty username'],
      [{ username: '   ', password }, 'a username of spaces'],
      [{ username: 'n'.repeat(draw.int(31, 90)), password }, 'a username of more than 30 characters'],
      [{ username, password: '' }, 'an empty password'],
      [{ username, password: password.slice(0, 7) }, 'a password of 7 characters'],
      [{ username, password: 'p'.repeat(draw.int(129, 900)) }, 'a password of more than 128 characters'],
      [{ username }, 'no field "password"'],
      [{ password }, 'no field "username"'],
    ]
    for (const [form, what] of draw.shuffle(bad)) {
      const reply = await who.post('/register', form, { does: `registers with ${what}` })
      expectRefusal(reply, 'a username has 1 to 30 characters, and a password 8 to 128')
    }
    const missing = await who.post('/login', { username }, { does: 'logs in without the field "password"' })
    expectRefusal(missing, 'the field "password" is missing')
    const longest = {
      username: `${username}${'n'.repeat(30)}`.slice(0, 30),
      password: `${password}${'p'.repeat(128)}`.slice(0, 128),
    }
    const does = 'registers with a username of 30 characters and a password of 128'
    expectRedirect(await register(who, longest, { does }), '/account')
    expectLoggedIn(await openHome(who), longest)
  },
)

check(
  'as-text',
  {
    name: 'what users type is text: never HTML on a page, never SQL in a statement',
    step: 0,
    points: 1,
    needs: ['logged-in', 'restart'],
    hints: [
      'The pages and the statements were given to you. Have you changed them?',
      'Text becomes HTML or SQL where it is glued to some. Look for a value inside of a statement, or outside of the html`…` tag.',
      'Every value goes into a statement through a ?, and into a page through ${…} of html`…`, never through new Html(…).',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const plain = newAccount(draw, who.name)
    expectRedirect(await register(visitor(plain.name), plain), '/account')
    const password = newPassword(draw)
    const sql = await logIn(who, { username: `${plain.username}' -- `, password })
    expectRefusal(sql, 'nobody has this name')
    const tricky = { username: `${draw.int(1000, 9999)}'"; <b>${draw.words(1)}</b>&amp;`, password }
    const thing = `'); DROP TABLE likes; -- <i>${draw.words(1)}</i> & "${draw.int(1000, 9999)}" &amp; <script>alert(1)</script>`
    const guestThing = `<u>${draw.words(1)}</u> ${draw.int(1000, 9999)} ' "`
    expectRedirect(await like(who, guestThing), '/')
    expectLikes(await openHome(who), [guestThing], 'The page should show it as it was typed')
    expectRedirect(await register(who, tricky), '/account')
    expectLoggedIn(await openHome(who), tricky)
    expectRedirect(await like(who, thing), '/')
    expectLikes(await openHome(who), [thing], 'The page should show it as it was typed')
    expectLoggedIn(await who.get('/account'), tricky)
    expectRedirect(await logOut(who), '/')
    expectRedirect(await logIn(who, tricky), '/account')
    expectRedirect(await who.post('/logout-everywhere', {}, { does: 'logs out everywhere' }), '/')
  },
)
