// Lab 3: sessions and likes live in the server's database; the visitor's cookie is a key.
import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '../src/app/launch.ts'
import { type CheckContext, check } from '../src/check/check.ts'
import type { Draw } from '../src/check/draw.ts'
import {
  expectAttributes,
  expectGone,
  expectHides,
  expectLastsExactly,
  expectNoServerError,
  expectRedirect,
  expectRefusal,
  expectSetsCookie,
  expectSetsNothing,
  expectShows,
  expectShowsInOrder,
  expectStatus,
  expectThat,
  fail,
} from '../src/check/expect.ts'
import type { InstanceOptions } from '../src/check/judged.ts'
import { expectHugeCookieHarmless, fillers } from '../src/check/large-cookies.ts'
import { areFromMathRandom } from '../src/check/math-random.ts'
import { shorten } from '../src/check/shorten.ts'
import { visibleText } from '../src/http/page.ts'
import { NoReply, type Reply, type RequestOptions, type Visitor } from '../src/http/visitor.ts'
import { type Row, rowLines, type Table } from '../src/store/data-folder.ts'

const SESSION = 'session'
const FILE = 'likes.sqlite'

/** SESSION_SECONDS when nobody sets it: 14 days. */
const DEFAULT_SECONDS = 1_209_600

const LIMIT_SECONDS = 600
/** In the first half of the limit: who renews only what ends soon is seen. */
const SOON_SECONDS = 250
const LATE_SECONDS = 700
const env = { SESSION_SECONDS: String(LIMIT_SECONDS) }
/**
 * Other servers on the same database, whose clocks are apart. What ends there are only sessions that began there:
 * those of the first instance go on for 14 days. The clocks go ahead when the server listens: a time that was read at
 * the start, and kept, is an old one for the first request.
 */
const now: InstanceOptions = { data: 'shared', env }
const soon: InstanceOptions = { data: 'shared', env, clockLeapSeconds: SOON_SECONDS }
const late: InstanceOptions = { data: 'shared', env, clockLeapSeconds: LATE_SECONDS }
/** Started when there is something that has ended, by a clock that is ahead from the first. */
const startedLate: InstanceOptions = { data: 'shared', env, clockAheadSeconds: LATE_SECONDS + 50 }

/** For an app that takes the time from a source which the shifted clock does not reach, such as SQLite. */
const shortLimit: InstanceOptions = { data: 'shared', env: { SESSION_SECONDS: '1' } }
const startedAfterShortLimit: InstanceOptions = { data: 'shared', env: { SESSION_SECONDS: '2' } }
/** A time in whole seconds can make a second of two. */
const SHORT_WAIT_MS = 2_200
const BRIEF_SAID = 'where SESSION_SECONDS=1'
const WAITED = 'more than two seconds later'

function like(who: Visitor, thing: string, options: RequestOptions = {}): Promise<Reply> {
  return who.post('/likes', { likes: thing }, { does: `likes "${shorten(thing)}"`, ...options })
}

function openList(who: Visitor, options: RequestOptions = {}): Promise<Reply> {
  return who.get('/', { does: 'opens the list', ...options })
}

function askToBeForgotten(who: Visitor, options: RequestOptions = {}): Promise<Reply> {
  return who.post('/forget', {}, { does: 'asks to be forgotten', ...options })
}

function someThing(draw: Draw): string {
  return `${draw.words(2)} ${draw.int(1000, 9999)}`
}

/** Different things, whose order is neither that of the alphabet nor its reverse. */
function someThings(draw: Draw): [string, string, string] {
  const [first, middle, last] = [someThing(draw), someThing(draw), someThing(draw)].sort()
  return [middle ?? '', first ?? '', last ?? '']
}

/** A visitor who likes these things. */
async function visitorWho(
  { visitor }: CheckContext,
  things: string[],
  options: RequestOptions = {},
): Promise<Visitor> {
  const who = visitor()
  for (const thing of things) expectRedirect(await like(who, thing, options), '/')
  return who
}

/** The value of the cookie `session` on this reply. */
function keyOn(reply: Reply): string {
  return decoded(expectSetsCookie(reply, SESSION).value)
}

/** The key in the visitor's browser. */
function keyOf(who: Visitor): string {
  return decoded(who.jar.get(SESSION) ?? '')
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** A uuid of version 4 that no server made. */
function chosenKey(draw: Draw): string {
  const hex = (digits: number) => Array.from({ length: digits }, () => draw.int(0, 15).toString(16)).join('')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${draw.pick([...'89ab'])}${hex(3)}-${hex(12)}`
}

function stored({ data }: CheckContext): Promise<{ sessions: Row[]; likes: Row[] }> {
  return data.tables(FILE, 'sessions', 'likes')
}

function withKey(rows: Row[], key: string): Row[] {
  return rows.filter((row) => row.key === key)
}

function expectLikes(reply: Reply, things: string[], what = 'The page should list what this visitor likes') {
  expectStatus(reply, 200)
  expectShowsInOrder(reply, things, what)
}

function expectShowsOnce(page: Reply, thing: string): void {
  const times = visibleText(page.body).split(thing).length - 1
  if (times === 1) return
  fail({
    expected: `Each of the things should be on the list once: "${thing}".`,
    got: `It is there ${times} times.`,
    exchange: page.exchange,
    mark: { line: 'body', at: thing, note: 'should be here once' },
  })
}

/** What the given page says to who has a session. */
const HAS_SESSION = 'You have a session until'

function isEmptyList(reply: Reply): boolean {
  return reply.status === 200 && visibleText(reply.body).includes('You like nothing yet')
}

function expectEmptyList(reply: Reply, because: string): void {
  expectStatus(reply, 200)
  if (!isEmptyList(reply)) {
    fail({
      expected: `The page should say "You like nothing yet", because ${because}.`,
      got: 'It does not say so.',
      exchange: reply.exchange,
      mark: { line: 'body', at: '', note: 'should say "You like nothing yet"' },
    })
  }
  expectHides(reply, HAS_SESSION, `The page should not say until when a session goes on, because ${because}.`)
}

/** The reply sets a key, and not this one. @returns the new key */
function expectOtherKey(reply: Reply, key: string, because: string): string {
  const given = keyOn(reply)
  if (given !== key) return given
  fail({
    expected: `The answer should set a new key, because ${because}.`,
    got: 'It sets the key that came with the request.',
    exchange: reply.exchange,
    mark: { line: 'Set-Cookie:', at: shorten(given, 40), note: 'should be a new key' },
  })
}

/** Rows that are in `after` and not in `before`. */
function added(before: Row[], after: Row[]): Row[] {
  const known = new Set(before.map((row) => JSON.stringify(row)))
  return after.filter((row) => !known.has(JSON.stringify(row)))
}

/** Neither table has a new row. */
function expectNothingStored(
  before: Record<'sessions' | 'likes', Row[]>,
  after: Record<'sessions' | 'likes', Row[]>,
  because: string,
): void {
  for (const table of ['sessions', 'likes'] as const) {
    if (after[table].length <= before[table].length) continue
    const count = after[table].length - before[table].length
    fail({
      expected: `The table "${table}" should have as many rows as before, because ${because}.`,
      got: `It has ${count} more.`,
      detail: rowLines('new rows', added(before[table], after[table]).slice(-count)),
    })
  }
}

check(
  'opens',
  {
    name: 'the list opens, and it asks what you like',
    step: 0,
    points: 1,
    hints: [
      'The starter passes this check. What have you changed since?',
      'GET / shows a form with the field "likes", and to a visitor without a session "You like nothing yet".',
      'Put server.ts and pages.ts side by side with the starter: npx lab-check reset 3 keeps your work and shows where.',
    ],
  },
  async ({ visitor }) => {
    const reply = await openList(visitor())
    expectEmptyList(reply, 'nobody likes anything yet')
    expectThat(
      /<(input|textarea)\b[^>]*\bname=["']?likes\b/i.test(reply.body),
      reply,
      'The page should have a form with a field called "likes".',
      'There is no such field.',
    )
  },
)

/** What SQLite makes of a column, from the name of its type (sqlite.org/datatype3.html, section 3.1). */
function affinity(type: string): 'INTEGER' | 'TEXT' | 'BLOB' | 'REAL' | 'NUMERIC' {
  if (/INT/i.test(type)) return 'INTEGER'
  if (/CHAR|CLOB|TEXT/i.test(type)) return 'TEXT'
  if (type === '' || /BLOB/i.test(type)) return 'BLOB'
  return /REAL|FLOA|DOUB/i.test(type) ? 'REAL' : 'NUMERIC'
}

/** Types of numbers such as DATETIME hold whole numbers as well as INTEGER does. */
function holds(type: string, wanted: 'TEXT' | 'INTEGER'): boolean {
  return affinity(type) === wanted || (wanted === 'INTEGER' && affinity(type) === 'NUMERIC')
}

/** The columns as their CREATE TABLE has them, as a line for people. */
function createdAs(name: string, { columns }: Table): string {
  return `${name}: ${columns.map((column) => `${column.name} ${column.type || '(no type)'}`).join(', ')}`
}

/** The table has these columns, and each has a type of that kind. */
function expectColumns(name: string, table: Table, wanted: Record<string, 'TEXT' | 'INTEGER'>): void {
  const detail = [createdAs(name, table)]
  for (const [column, kind] of Object.entries(wanted)) {
    const type = table.columns.find((one) => one.name === column)?.type
    if (type === undefined) {
      const all = table.columns.map((one) => `"${one.name}"`).join(', ')
      fail({ expected: `The table "${name}" should have a column "${column}".`, got: `It has only ${all}.` })
    }
    if (holds(type, kind)) continue
    const turned = kind === 'TEXT' && affinity(type) !== 'BLOB'
    fail({
      expected: `The column "${column}" of "${name}" should be ${kind === 'TEXT' ? 'a text' : 'a whole number'}: ${column} ${kind}.`,
      got:
        type === ''
          ? 'It has no type.'
          : `It is ${type}${turned ? ', of which SQLite makes a number where it can' : ''}.`,
      detail,
    })
  }
}

/** An app that makes its tables a moment after it listens is no worse. */
const TABLES_GRACE_MS = 300

check(
  'tables',
  {
    name: 'the file likes.sqlite has the tables "sessions" and "likes", with their columns',
    step: 1,
    points: 1,
    needs: ['opens'],
    hints: [
      'Which tables are in the file now? The lines above say what I found.',
      'There are two tables, each with two columns. What is the SQL statement that makes a table?',
      'createTables runs two statements with db.run: CREATE TABLE IF NOT EXISTS, the name, and the columns with their types in brackets. One of the four columns is a PRIMARY KEY.',
    ],
  },
  async ({ data }) => {
    const schema = () => data.schema(FILE, 'sessions', 'likes')
    const { sessions, likes } = await schema().catch(() => sleep(TABLES_GRACE_MS).then(schema))
    expectColumns('sessions', sessions, { key: 'TEXT', expires: 'INTEGER' })
    expectColumns('likes', likes, { thing: 'TEXT', key: 'TEXT' })
    if (!sessions.unique.some((columns) => columns.join() === 'key')) {
      fail({
        expected: 'No two rows of "sessions" should have the same key: "key" should be its primary key.',
        got: 'Nothing keeps a second row with the same key out.',
        detail: [createdAs('sessions', sessions)],
      })
    }
    const alike = likes.unique.find((columns) => columns.every((name) => name === 'thing' || name === 'key'))
    if (!alike) return
    fail({
      expected:
        'The table "likes" should have a row for each like, also when two visitors like the same thing, or one of them likes it twice.',
      got: `It takes no second row with the same ${alike.map((name) => `"${name}"`).join(' and ')}: that is what PRIMARY KEY and UNIQUE are for.`,
      detail: [createdAs('likes', likes)],
    })
  },
)

/** The browser keeps the cookie, and sends it to every page of the app. */
function expectComesBack(reply: Reply, who: Visitor): void {
  const cookie = expectSetsCookie(reply, SESSION)
  const missing = ['/', '/likes', '/forget'].find((page) => !who.jar.headerFor(page)?.includes(`${SESSION}=`))
  if (missing === undefined) return
  const [at, note] = cookie.domain
    ? ['Domain', 'is another host']
    : cookie.path === '/'
      ? [cookie.header, 'the browser drops it']
      : ['Path', 'should be /']
  fail({
    expected: `The browser should keep the cookie "${SESSION}" and send it with every request.`,
    got: `It does not send it to ${missing}.${cookie.path === '/' ? '' : ` It has Path=${cookie.path}.`}`,
    exchange: reply.exchange,
    mark: { line: 'Set-Cookie:', at, note },
  })
}

/** A machine that is busy can take this long between two requests, and from the start of an app to the first. */
const BUSY_SECONDS = 60

/** How far this time is from now, if it is one at all: a wrong number of days shows itself so. */
function fromNow(expires: unknown, now: number): string {
  if (typeof expires !== 'number' || Math.abs(expires - now) > 10 * DEFAULT_SECONDS) return ''
  const seconds = Math.round(expires - now)
  return `, which is ${Math.abs(seconds)} seconds ${seconds < 0 ? 'ago' : 'from now'}`
}

check(
  'new-session',
  {
    name: 'the first like begins a session: a row in "sessions", and its key in the cookie "session"',
    step: 2,
    points: 1,
    needs: ['tables'],
    hints: [
      'Two functions work together here: newSession makes a row and returns its key, sendKey sets the cookie. Which of them does nothing yet?',
      'A row has the key and the last second in which it is good. What does nowSeconds give, and what has to be added?',
      'In newSession: randomUUID from node:crypto, then INSERT INTO sessions with a ? for each of the two values. In sendKey: res.cookie.',
    ],
  },
  async (context) => {
    const who = context.visitor()
    const before = Math.floor(Date.now() / 1000)
    const reply = await like(who, someThing(context.draw))
    const after = Math.floor(Date.now() / 1000)
    expectComesBack(reply, who)
    expectRedirect(reply, '/')
    const key = keyOn(reply)
    const { sessions } = await stored(context)
    const [row] = withKey(sessions, key)
    const wrong: (expected: string, got: string) => never = (expected, got) =>
      fail({
        expected,
        got,
        exchange: reply.exchange,
        mark: { line: 'Set-Cookie:', at: SESSION, note: 'the key' },
        detail: rowLines('sessions', row ? [row] : sessions),
      })
    if (!row) wrong('The table "sessions" should have a row whose "key" is the cookie.', 'It has none.')
    const wanted = before + DEFAULT_SECONDS
    if (
      !Number.isInteger(row.expires) ||
      Number(row.expires) < wanted - BUSY_SECONDS ||
      Number(row.expires) > after + DEFAULT_SECONDS + 1
    ) {
      wrong(
        `"expires" of this row should be the end of the session in whole seconds since 1970: in 14 days, about ${wanted}.`,
        `It is ${row.expires === undefined ? 'not there' : JSON.stringify(row.expires)}${fromNow(row.expires, after)}.`,
      )
    }
  },
)

check(
  'attributes',
  {
    name: 'every Set-Cookie is HttpOnly, SameSite=Lax, Path=/ and has no Domain',
    step: 2,
    points: 1,
    needs: ['new-session'],
    hints: [
      'Look at the Set-Cookie line above: the caret is where something is missing.',
      'The cookie is set with every like, the first one and the later ones, and it is cleared. Which of them is this?',
      'The options are httpOnly: true, sameSite: "lax" and path: "/". Keep them in one constant, for res.cookie and for res.clearCookie.',
    ],
  },
  async ({ visitor, draw, aboutStep }) => {
    const who = visitor()
    expectAttributes(await like(who, someThing(draw)))
    expectAttributes(await like(who, someThing(draw)))
    aboutStep(8)
    expectAttributes(await askToBeForgotten(who))
  },
)

check(
  'max-age',
  {
    name: 'the browser keeps the cookie for SESSION_SECONDS, also when it is closed',
    step: 2,
    points: 1,
    needs: ['new-session'],
    hints: [
      'Which attribute tells a browser how long to keep a cookie? In which unit?',
      'Express counts maxAge in another unit than the Max-Age that it sends.',
      'The option is maxAge, and Express divides it by 1000: give it sessionSeconds in milliseconds.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const first = await like(who, someThing(draw))
    expectLastsExactly(first, expectSetsCookie(first, SESSION), DEFAULT_SECONDS)
    const second = await like(who, someThing(draw))
    for (const cookie of second.setCookies) expectLastsExactly(second, cookie, DEFAULT_SECONDS)
  },
)

const PARALLEL_ROUNDS = 3

const MANY = 20
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i
/** In 20 random keys, a place has fewer than 4 different digits once in 10¹¹ times. */
const DIGITS_MIN = 4
/** Where the version stands, and the variant, of which two bits are given. */
const FIXED_PLACES = [14, 19]

/** The places of these keys where too often the same digit stands. */
function regularPlaces(keys: string[]): number[] {
  return Array.from({ length: 36 }, (_, place) => place).filter(
    (place) =>
      keys[0]?.[place] !== '-' &&
      !FIXED_PLACES.includes(place) &&
      new Set(keys.map((key) => key[place])).size < DIGITS_MIN,
  )
}

check(
  'uuid',
  {
    name: 'nobody can guess a key: it is a uuid of version 4, and no two are alike',
    step: 2,
    points: 2,
    needs: ['new-session'],
    hints: [
      'Whoever knows your key is you. What would somebody try who has seen a few keys?',
      'Counters and times can be guessed, and Math.random was not made to keep secrets. What does node:crypto offer?',
      'randomUUID of node:crypto makes a uuid of version 4, new at each call: call it where the row is made.',
    ],
  },
  async ({ visitor, draw }) => {
    const replies = await Promise.all(
      Array.from({ length: MANY }, (_, index) => {
        const does = `likes something, at the same time as ${MANY - 1} others`
        return like(visitor(), someThing(draw), { does, aside: index > 0 })
      }),
    )
    const keys = replies.map(keyOn)
    const detail = ['some of the keys:', ...keys.slice(0, 4).map((key) => `  ${shorten(key)}`)]
    const wrong = (reply: Reply | undefined, expected: string, got: string, some = detail) =>
      fail({
        expected,
        got,
        exchange: reply?.exchange,
        mark: { line: 'Set-Cookie:', at: SESSION, note: 'not random' },
        detail: some,
      })
    const odd = keys.findIndex((key) => !UUID_V4.test(key))
    if (odd !== -1) {
      wrong(
        replies[odd],
        'The key should be a uuid of version 4: xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx, in hexadecimal digits, y being 8, 9, a or b.',
        `It is "${shorten(keys[odd] ?? '')}".`,
      )
    }
    const again = keys.findIndex((key, index) => keys.indexOf(key) !== index)
    if (again !== -1)
      wrong(replies[again], 'Each visitor should get a key of their own.', 'Two got the same.')
    if (regularPlaces(keys).length > 0) {
      wrong(
        replies[0],
        'All digits of a key should be random, but for the "4" and what stands behind the third hyphen.',
        `In ${MANY} keys, some digits are nearly always the same.`,
      )
    }
    const one = await like(visitor(), someThing(draw))
    const next = await like(visitor(), someThing(draw))
    if (areFromMathRandom(keyOn(one), keyOn(next))) {
      wrong(
        next,
        'The key should come from a generator that was made for secrets.',
        'It comes from Math.random: I have worked out its state from the last two keys, and could tell you all that follow.',
        ['the last two keys:', `  ${keyOn(one)}`, `  ${keyOn(next)}`],
      )
    }
  },
)

/** The page says until when the session goes on, in which form it likes. */
function expectNoBrokenTime(page: Reply): void {
  expectStatus(page, 200)
  const broken = /Invalid Date|NaN|undefined/.exec(visibleText(page.body))?.[0]
  if (broken === undefined) return
  fail({
    expected:
      'The page should say until when the session goes on: it shows "expires" of what findSession returns.',
    got: `It says "${broken}".`,
    exchange: page.exchange,
    mark: { line: 'body', at: broken, note: 'should be a time' },
  })
}

check(
  'find',
  {
    name: 'the key in the cookie finds the session again: a second like begins no other',
    step: 3,
    points: 1,
    needs: ['new-session'],
    hints: [
      'The browser sent the key back. Which function looks it up, and what does it return now?',
      'readCookie gives the key. Which rows of "sessions" have it?',
      'In findSession: without a cookie, undefined; else db.get with SELECT key, expires FROM sessions WHERE key = ?. From step 6 on, its expires has to be later than now, or now, both in seconds. And renewSession has a say: its UPDATE changes the one row with this key.',
    ],
  },
  async (context) => {
    const who = await visitorWho(context, [someThing(context.draw)])
    const before = await stored(context)
    const key = keyOf(who)
    const reply = await like(who, someThing(context.draw))
    expectRedirect(reply, '/')
    const after = await stored(context)
    const known = new Set(before.sessions.map((row) => row.key))
    const fresh = after.sessions.filter((row) => !known.has(row.key))
    const [other] = reply.setCookies.filter((one) => one.name === SESSION && decoded(one.value) !== key)
    if (other || fresh.length > 0) {
      fail({
        expected: 'The second like of a visitor should belong to the session of the first.',
        got: other ? 'The answer sets another key.' : 'The table "sessions" has another row.',
        exchange: reply.exchange,
        mark: other
          ? { line: 'Set-Cookie:', at: SESSION, note: 'should be the key that the browser sent' }
          : undefined,
        detail: [...rowLines('the session', withKey(after.sessions, key)), ...rowLines('new rows', fresh)],
      })
    }
    expectNoBrokenTime(await openList(who))
    const among = await like(who, someThing(context.draw), {
      cookie: `cart=tea; my${SESSION}=abc; ${SESSION}=${key}; ${SESSION}s=3`,
      does: 'likes something, and the browser sends cookies of other apps as well',
    })
    expectRedirect(among, '/')
    const another = among.setCookies.some((one) => one.name === SESSION && decoded(one.value) !== key)
    if (!another) return
    fail({
      expected: `The key should be looked for in the cookie called "${SESSION}", whichever other cookies come with it.`,
      got: 'The session was not found, and the answer sets another key.',
      exchange: among.exchange,
      mark: { line: 'Set-Cookie:', at: SESSION, note: `should be the key of the cookie "${SESSION}"` },
    })
  },
)

check(
  'fake-key',
  {
    name: 'a key that the server never gave out is not adopted: a new one is made',
    step: 3,
    points: 2,
    needs: ['find'],
    hints: [
      'Who made the key in this request? Who else may know it?',
      'An attacker can put a key of their own choice into your browser, and use it later: this is session fixation (CWE-384). Which keys may your server use?',
      'A key that is in no row is worth as much as no cookie: findSession returns undefined, and newSession draws its own.',
    ],
  },
  async (context) => {
    const { draw, visitor } = context
    const who = visitor()
    const chosen = chosenKey(draw)
    const because = 'the server never gave out the one in the request'
    const seen = await openList(who, {
      cookie: `${SESSION}=${chosen}`,
      does: 'opens the list with a key of their own choice',
    })
    expectStatus(seen, 200)
    const given: string[] = []
    for (const key of [chosen, 'abc', '']) {
      const reply = await like(who, someThing(draw), {
        cookie: `${SESSION}=${key}`,
        does: `likes something, with the key "${key}"`,
      })
      expectRedirect(reply, '/')
      given.push(expectOtherKey(reply, key, because))
    }
    const { sessions, likes } = await stored(context)
    for (const [table, rows] of Object.entries({ sessions, likes })) {
      const adopted = [chosen, 'abc', ''].flatMap((key) => withKey(rows, key))
      expectThat(
        adopted.length === 0,
        seen,
        `No row of "${table}" should have a key that a visitor chose.`,
        `There is one: key=${shorten(String(adopted[0]?.key), 12)}.`,
      )
    }
    if (withKey(sessions, given.at(-1) ?? '').length === 1) return
    fail({
      expected: 'The new key should have a row in "sessions".',
      got: 'It has none.',
      detail: rowLines('sessions', sessions),
    })
  },
)

const MALFORMED: [value: string, what: string][] = [
  ['%E0%A4', 'a broken percent-encoding'],
  ['%', 'a percent sign'],
  ['', 'nothing'],
  ['=', 'an equals sign'],
  ['undefined', 'the word "undefined"'],
  ['constructor', 'the name of something that every object has'],
  ['__proto__', 'the name of something that every object has'],
  ['{"key":1}', 'JSON'],
  ['j%3A%7B%22key%22%3A1%7D', 'JSON that some libraries decode'],
  ['[object Object]', 'an object as text'],
  ['9'.repeat(400), 'a long number'],
  ['%F0%9F%91%8D', 'a thumb up'],
  ['x'.repeat(4000), '4 kB of text'],
]

check(
  'malformed',
  {
    name: 'a cookie that is no key at all does no harm',
    step: 3,
    points: 1,
    needs: ['find'],
    hints: [
      'Who can change what is in a cookie? What can stand in it, then?',
      'Which functions that you call throw on bad input? What does decodeURIComponent do with "%E0%A4"?',
      'readCookie was given to you: it returns undefined for what cannot be decoded. Give everything else to SQLite in place of a ?, as it is.',
    ],
  },
  async (context) => {
    const { draw, visitor } = context
    const who = await visitorWho(context, [someThing(draw)])
    for (const [value, what] of draw.shuffle(MALFORMED)) {
      const cookie = `${SESSION}=${value}`
      const reply = await openList(visitor(who.name), {
        cookie,
        does: `opens the list with a key of ${what}`,
      })
      expectNoServerError(reply, 'Such a cookie')
    }
    for (const [value, what] of draw.shuffle(MALFORMED).slice(0, 3)) {
      const cookie = `${SESSION}=${value}`
      const reply = await like(who, someThing(draw), {
        cookie,
        does: `likes something, with a key of ${what}`,
      })
      expectNoServerError(reply, 'Such a cookie')
    }
    const own = who.savedCookie()
    const odd: [cookie: string, does: string][] = [
      [SESSION, 'opens the list with a cookie that has no value'],
      [`=; ;;${SESSION}=;`, 'opens the list with a Cookie header of separators'],
      [`${own}; ${SESSION}=abc`, 'opens the list with a second, broken cookie behind the good one'],
      [`${SESSION}=abc; ${own}`, 'opens the list with a broken cookie before the good one'],
      [`${own}; ${fillers()}`, 'sends 12 kB of cookies'],
    ]
    for (const [cookie, does] of odd) {
      expectNoServerError(await openList(who, { cookie, does }), 'Such a Cookie header')
    }
    await expectHugeCookieHarmless(SESSION, (options) => openList(who, options))
    expectStatus(await openList(who), 200)
  },
)

check(
  'bare-get',
  {
    name: 'who only looks gets no session: no row, no cookie',
    step: 3,
    points: 1,
    needs: ['fake-key', 'malformed'],
    hints: [
      'Search engines open this page every day. How many rows would they leave?',
      'Which route begins a session, and which ones only look for it?',
      'Only POST /likes calls newSession and sendKey. GET / takes what findSession returns, also when that is undefined.',
    ],
  },
  async (context) => {
    const { draw, visitor } = context
    const who = visitor()
    const before = await stored(context)
    const cookies: [cookie: string | null, does: string][] = [
      [null, 'opens the list'],
      [`${SESSION}=${chosenKey(draw)}`, 'opens the list with a key of their own choice'],
      [`${SESSION}=`, 'opens the list with an empty key'],
      [`${SESSION}=%E0%A4`, 'opens the list with a key that cannot be decoded'],
      [
        `${SESSION}=${chosenKey(draw)}; ${SESSION}=${chosenKey(draw)}`,
        'opens the list with two keys of their own choice',
      ],
    ]
    for (const [cookie, does] of cookies) {
      const reply = await openList(who, { cookie, does })
      expectNoServerError(reply, 'Such a cookie')
      expectSetsNothing(reply, 'who only looks needs no session')
    }
    expectNothingStored(before, await stored(context), 'all that was done is to look')
  },
)

/** How many things a list has to hold, apart from the first: more than a page of ten. */
const MORE = 8

check(
  'likes',
  {
    name: 'likes are stored as rows of "likes", and listed in the order they came',
    step: 4,
    points: 1,
    needs: ['find'],
    hints: [
      'Is the like in the table? The rows above say so. If it is there, why is it not on the page?',
      'storeLike adds a row with the thing and the key; listLikes reads the rows of one key. In which order does SQLite give rows if nobody asks for one?',
      'INSERT INTO likes with two ?; then SELECT thing FROM likes WHERE key = ?, ordered by rowid, which rises with every row. What comes back are rows, not texts.',
    ],
  },
  async (context) => {
    const things = someThings(context.draw)
    const who = await visitorWho(context, things)
    const page = await openList(who)
    const { likes } = await stored(context)
    const rows = withKey(likes, keyOf(who))
    if (things.some((thing) => rows.filter((row) => row.thing === thing).length !== 1)) {
      fail({
        expected: `The table "likes" should have a row for each thing that ${who.name} likes, with the thing and the key.`,
        got: rows.length === 0 ? 'No row has this key.' : 'Some of them are missing or not alone.',
        exchange: page.exchange,
        detail: rowLines('likes with this key', rows),
      })
    }
    expectLikes(page, things)
    const [twice] = things
    const again = await like(who, twice, { does: `likes "${twice}" once more` })
    expectRedirect(again, '/')
    // Whether the row is stored when the answer comes is the affair of another check.
    const both = await openList(who)
    const count = withKey((await stored(context)).likes, keyOf(who)).filter(
      (row) => row.thing === twice,
    ).length
    if (count !== 2) {
      fail({
        expected: `The table "likes" should have a row for each like, so two with "${twice}".`,
        got: `It has ${count}.`,
        exchange: again.exchange,
      })
    }
    expectLikes(both, [...things, twice], 'What is liked twice should be on the list twice')
    const more = Array.from({ length: MORE }, () => someThing(context.draw))
    for (const thing of more) expectRedirect(await like(who, thing, { aside: true }), '/')
    const does = `opens the list after liking ${MORE} more things`
    expectLikes(await openList(who, { does }), more, 'The list should be complete, however long it is')
  },
)

/** How many visitors like something at once, and how often. */
const GROUP = 6
const GROUP_ROUNDS = 2

/** The row of this visitor's session has not gone, if that is why the page lists nothing. */
async function expectStillThere(context: CheckContext, who: Visitor, page: Reply): Promise<void> {
  if (!isEmptyList(page)) return
  const { sessions } = await stored(context)
  if (withKey(sessions, keyOf(who)).length > 0) return
  fail({
    expected: `${who.name}'s session should still be there when another visitor's session has begun.`,
    got: 'Its row has gone from "sessions".',
    exchange: page.exchange,
    detail: rowLines('sessions', sessions),
  })
}

/** Requests of several visitors that are served at the same time are not mixed up. */
async function expectApartAtOnce(context: CheckContext): Promise<void> {
  const said = { does: `likes something, at the same time as ${GROUP - 1} others`, aside: true }
  const group = await Promise.all(
    Array.from({ length: GROUP }, async () => {
      const things = [someThing(context.draw)]
      return { things, who: await visitorWho(context, things, said) }
    }),
  )
  for (let round = 0; round < GROUP_ROUNDS; round++) {
    await Promise.all(
      group.map(async ({ who, things }) => {
        const thing = someThing(context.draw)
        things.push(thing)
        expectRedirect(await like(who, thing, said), '/')
      }),
    )
  }
  const opens = { does: `opens the list after ${GROUP} visitors liked things at the same time`, aside: true }
  for (const { who, things } of group) {
    const page = await openList(who, opens)
    for (const { who: other, things: foreign } of group) {
      if (other === who) continue
      for (const thing of foreign)
        expectHides(page, thing, `${who.name} should see only what ${who.name} likes.`)
    }
    for (const thing of things) expectShows(page, thing, `${who.name} likes it, so the page should show it`)
  }
}

check(
  'own-list',
  {
    name: 'two visitors never see each other’s likes',
    step: 4,
    points: 2,
    needs: ['likes', 'uuid'],
    hints: [
      'Whose likes are these? What in the request says who is asking?',
      'A variable outside of your functions is one for all visitors. A SELECT without WHERE is, too.',
      'The key of this request chooses the rows: WHERE key = ?. And a new session leaves the rows of all others alone.',
    ],
  },
  async (context) => {
    const { draw, visitor } = context
    const [a, b, c, d] = [someThing(draw), someThing(draw), someThing(draw), someThing(draw)]
    const one = await visitorWho(context, [a])
    const two = await visitorWho(context, [b])
    expectRedirect(await like(one, c), '/')
    expectRedirect(await like(two, d), '/')
    const first = await openList(one)
    await expectStillThere(context, one, first)
    expectLikes(first, [a, c])
    for (const thing of [b, d])
      expectHides(first, thing, `${one.name} should see only what ${one.name} likes.`)
    const second = await openList(two)
    expectLikes(second, [b, d])
    for (const thing of [a, c])
      expectHides(second, thing, `${two.name} should see only what ${two.name} likes.`)
    const third = visitor()
    expectEmptyList(await openList(third), `${third.name} has no session`)
    await expectApartAtOnce(context)
  },
)

check(
  'escaped',
  {
    name: 'likes are shown as text, never as HTML',
    step: 0,
    points: 1,
    needs: ['own-list'],
    hints: [
      'The pages were given to you with their text escaped. Have you changed pages.ts?',
      'Text between tags has to have &lt; in place of <, and so on.',
      'The html`…` tag of #kit/html.ts escapes every value; new Html(…) does not.',
    ],
  },
  async (context) => {
    const what = context.draw.words(1)
    // Without quotes, which mean something in SQL: they are for the check of that.
    const thing = `<b>${what}</b> & &amp; <script>alert(1)</script><!-- ${what} -->`
    const who = await visitorWho(context, [thing])
    expectLikes(await openList(who), [thing], 'The page should show the like as it was typed')
    const { likes } = await stored(context)
    const rows = withKey(likes, keyOf(who))
    if (rows.some((row) => row.thing === thing)) return
    fail({
      expected: `The thing should be stored as it was typed, and made into HTML only where it is shown: ${thing}`,
      got: `Stored is ${rows.map((row) => row.thing).join(', ')}`,
    })
  },
)

/** Texts that are something else where they get into SQL as they are. */
const SQL_THINGS = [
  "Grandma's tea",
  "'); DROP TABLE likes;--",
  "x', 'somebody') --",
  'a "quoted" word',
  '" OR ""="',
  '? ?1 :thing $thing @thing',
  '100% _under_ \\ back \\\\',
  '/* no comment */ ; --',
]

/** Keys that are something else where they get into SQL as they are, or are compared with LIKE or GLOB. */
const SQL_KEYS = [
  "' OR '1'='1",
  "' OR 1=1 --",
  "x' UNION SELECT key, expires FROM sessions --",
  '" OR ""="',
  '" OR 1=1 --',
  "'",
  '%',
  '________-____-____-____-____________',
  '*',
  'x\0',
]

/** Node sends no header with a control character; a semicolon ends the value. */
function canBeSent(value: string): boolean {
  return !value.includes(';') && !value.includes('\0')
}

check(
  'sql',
  {
    name: 'what a visitor sends is data for SQLite, never a part of the statement',
    step: 4,
    points: 2,
    needs: ['escaped', 'malformed', 'fake-key'],
    hints: [
      'What is your statement, as SQLite gets it, when this text is put in?',
      'A quote in the text ends the text. Both the field and the cookie come from outside: where do they meet SQL?',
      'Write ? where a value belongs, and hand over the values after the statement. Compare keys with =.',
    ],
  },
  async (context) => {
    const { draw, visitor } = context
    const things = draw.shuffle(SQL_THINGS)
    const who = await visitorWho(context, things)
    expectLikes(await openList(who), things, 'The page should list it as it was typed')
    for (const key of draw.shuffle(SQL_KEYS)) {
      for (const value of new Set([key, encodeURIComponent(key)])) {
        if (!canBeSent(value) || (value === key && key.includes('%'))) continue
        const cookie = `${SESSION}=${value}`
        const does = `opens the list with the key ${shorten(value, 80)}`
        expectEmptyList(await openList(visitor(who.name), { cookie, does }), 'this is nobody’s key')
      }
    }
    const forged = `${SESSION}=${encodeURIComponent("' OR '1'='1")}`
    const stranger = visitor()
    await askToBeForgotten(stranger, {
      cookie: forged,
      does: "asks to be forgotten, with the key ' OR '1'='1",
    })
    const liked = await like(stranger, 'nothing much', {
      cookie: forged,
      does: "likes something, with the key ' OR '1'='1",
    })
    expectRedirect(liked, '/')
    const after = await openList(who)
    expectLikes(after, things, 'The page should still list it')
    expectHides(after, 'nothing much', 'The like of a stranger should not be here.')
  },
)

check(
  'names',
  {
    name: 'words like "constructor" and "__proto__" can be liked',
    step: 4,
    points: 1,
    needs: ['likes'],
    hints: [
      'Which of these words is missing? What is {}[word] in JavaScript?',
      'Every object has a constructor before anybody puts one in. Do you keep things as the keys of an object?',
      'Leave the likes in the table and in a list. If you have to look things up by their name, a Map has only what was put in.',
    ],
  },
  async (context) => {
    const words = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']
    const things = [...context.draw.shuffle(words), someThing(context.draw)]
    const who = await visitorWho(context, things)
    expectLikes(await openList(who), things)
  },
)

/** How many like something at once when the app is killed. */
const CROWD = 20

/** Those whose request was not answered are not part of the story. */
function noReply(error: unknown): undefined {
  if (!(error instanceof NoReply)) throw error
}

check(
  'restart',
  {
    name: 'sessions and likes survive a crash: what was answered is on disk',
    step: 4,
    points: 1,
    needs: ['own-list'],
    hints: [
      'I killed your app the moment it had answered, and started it again. What was lost, and where was it then?',
      'Four things can lose rows: tables that are dropped or made anew at the start, a sweep at the start that takes what has not ended, rows kept in memory, and an answer that does not wait for its row.',
      'CREATE TABLE IF NOT EXISTS keeps what is there. And await every call of db.run before the answer is sent.',
    ],
  },
  async (context) => {
    const { draw, visitor, restart, instance } = context
    const things = [someThing(draw), someThing(draw)]
    const who = await visitorWho(context, things)
    const answered: { one: Visitor; thing: string }[] = []
    await new Promise<void>((enough) => {
      const sent = Array.from({ length: CROWD }, async () => {
        const [one, thing] = [visitor(), someThing(draw)]
        const does = `likes "${thing}" at the same time as others, just before your app is killed`
        const gotReply = await like(one, thing, { does, aside: true }).catch(noReply)
        if (gotReply && answered.push({ one, thing }) === CROWD / 2) enough()
      })
      Promise.allSettled(sent).then(() => enough())
    })
    const toBeKept = [...answered]
    await restart()
    const opens = { does: 'opens the list after your app was killed and started again' }
    expectLikes(await openList(who, opens), things)
    for (const { one, thing } of toBeKept) {
      const page = await openList(one, { ...opens, aside: true })
      expectLikes(
        page,
        [thing],
        `${one.name}'s like was answered before the crash, so it should be on the list`,
      )
    }
    // From here on a start is known to leave the rows alone: start what later checks need while others run.
    for (const later of [now, soon, late]) instance(later).catch(() => {})
  },
)

check(
  'parallel',
  {
    name: 'likes that one visitor sends at the same time are all kept',
    step: 4,
    points: 1,
    needs: ['restart'],
    hints: [
      'How many of the likes are there? What does one request do between reading and writing, while the others do the same?',
      'Who reads a list, adds to it and writes it back, writes over what came in between.',
      'One INSERT for each like. SQLite puts them one after the other; nobody has to read what is there.',
    ],
  },
  async (context) => {
    const { draw } = context
    const who = await visitorWho(context, [someThing(draw)])
    // Who writes back all that was read may lose likes, or store them twice: it depends on what comes between.
    // More than one round: on a busy machine, requests that are sent at once may still be served one by one.
    for (let round = 1; round <= PARALLEL_ROUNDS; round++) {
      const things = Array.from({ length: MANY }, (_, index) => `${round}.${index + 1} ${someThing(draw)}`)
      const does = (thing: string) => `likes "${thing}", at the same time as ${MANY - 1} other things`
      const replies = await Promise.all(
        things.map((thing, index) => like(who, thing, { does: does(thing), aside: index > 0 })),
      )
      for (const reply of replies) expectRedirect(reply, '/')
      const page = await openList(who)
      expectStatus(page, 200)
      const missing = things.find((thing) => !visibleText(page.body).includes(thing))
      const { likes } = missing === undefined ? { likes: [] } : await stored(context)
      const detail = likes.some((row) => row.thing === missing)
        ? ['But it is in the table "likes". Does listLikes return all rows?']
        : []
      for (const thing of things) {
        expectShows(page, thing, `All ${MANY} should be on the list. This one is missing`, detail)
        expectShowsOnce(page, thing)
      }
    }
  },
)

check(
  'nothing',
  {
    name: 'what is typed is trimmed; nothing typed, or no field, stores nothing',
    step: 5,
    points: 1,
    needs: ['own-list', 'restart'],
    hints: [
      'What is in the table, exactly? Look for white space in the rows above.',
      'parseThing gets what was typed, as it was typed. What does it return when only spaces are left?',
      'Trim first. Then an empty text is undefined, and server.ts stores nothing for that. Without the field, field() of server.ts refuses.',
    ],
  },
  async (context) => {
    const { draw, visitor } = context
    const thing = `${someThing(draw)}  ${draw.words(1)}`
    const who = visitor()
    expectRedirect(await like(who, `  ${thing}\t `, { does: `likes "  ${thing}\\t "` }), '/')
    const before = await stored(context)
    const rows = withKey(before.likes, keyOf(who))
    if (!rows.some((row) => row.thing === thing)) {
      fail({
        expected: `The thing should be stored without the white space around it, and as it is inside: "${thing}".`,
        got: `It is ${rows.map((row) => JSON.stringify(row.thing)).join(', ') || 'not there'}.`,
        detail: rowLines('likes with this key', rows),
      })
    }
    const nobody = visitor()
    for (const [text, what] of [
      ['', 'nothing'],
      ['   ', 'three spaces'],
      ['\t\r\n ', 'a tab and a line break'],
    ] as const) {
      const reply = await like(nobody, text, { does: `sends the form with ${what} in it` })
      expectRedirect(reply, '/')
      expectSetsNothing(reply, 'nothing was typed, so there is nothing to keep')
      const own = await like(who, text, { does: `sends the form with ${what} in it` })
      expectRedirect(own, '/')
      expectSetsNothing(own, 'nothing was typed: only a like renews the session')
    }
    expectNothingStored(before, await stored(context), 'nothing was typed')
    const without = await nobody.post('/likes', {}, { does: 'sends a form without the field "likes"' })
    expectRefusal(without, 'the field "likes" is missing')
    expectSetsNothing(without, 'it was refused')
    expectNothingStored(before, await stored(context), 'the field "likes" was missing')
  },
)

const THING_MAX_CHARACTERS = 200

check(
  'too-long',
  {
    name: 'more than 200 characters are refused, and nothing is stored',
    step: 5,
    points: 1,
    needs: ['nothing'],
    hints: [
      'How long may a thing be? What should happen to one that is longer?',
      'A refusal is a page with a 4xx status. Is anything stored or set before it comes to that?',
      'In parseThing, after trimming: throw a Refusal with the status 400 when there are more than 200 characters.',
    ],
  },
  async (context) => {
    const { draw, visitor } = context
    const long = (count: number) => draw.pick([...'abdegkmnp']).repeat(count)
    const before = await stored(context)
    const who = visitor()
    for (const count of draw.shuffle([THING_MAX_CHARACTERS + 1, draw.int(300, 5_000)])) {
      const refused = await like(who, long(count), { does: `likes a word of ${count} letters` })
      expectRefusal(refused, `a thing can have ${THING_MAX_CHARACTERS} characters`)
      expectSetsNothing(refused, 'it was refused')
    }
    expectNothingStored(before, await stored(context), 'it was refused')
    for (const [thing, what] of [
      [long(THING_MAX_CHARACTERS), 'a word of 200 letters'],
      [`   ${long(THING_MAX_CHARACTERS - 1)} `, 'a word of 199 letters and spaces around it'],
      ['é'.repeat(THING_MAX_CHARACTERS), '200 times "é"'],
    ] as const) {
      expectRedirect(await like(who, thing, { does: `likes ${what}` }), '/')
      expectLikes(await openList(who), [thing])
    }
    const known = await stored(context)
    const refused = await like(who, long(THING_MAX_CHARACTERS + 1), {
      does: 'likes a word of 201 letters, with a session',
    })
    expectRefusal(refused, `a thing can have ${THING_MAX_CHARACTERS} characters`)
    expectSetsNothing(refused, 'it was refused')
    expectNothingStored(known, await stored(context), 'it was refused')
  },
)

check(
  'instances',
  {
    name: 'two servers on one database know the same sessions and likes',
    step: 4,
    points: 1,
    needs: ['restart', 'max-age'],
    hints: [
      'Where does the second server find what the first one knows?',
      'What is in a variable, one server has for itself. What is in the table, all have.',
      'Ask the table at every request, for the session and for its likes. Keep no copy of them.',
    ],
  },
  async (context) => {
    const { draw } = context
    const [a, b, c, d] = [someThing(draw), someThing(draw), someThing(draw), someThing(draw)]
    const at = await context.instance(now)
    const there = { at, does: 'opens the list at a second server, which has the same DATA_DIR' }
    const who = await visitorWho(context, [a])
    const key = keyOf(who)
    expectLikes(await openList(who, there), [a])
    expectRedirect(await like(who, b, { at, does: `likes "${b}" at the second server` }), '/')
    expectLikes(await openList(who, { does: 'opens the list at the first server' }), [a, b])
    const reply = await like(who, c, { does: `likes "${c}" at the first server` })
    expectRedirect(reply, '/')
    expectLikes(await openList(who, there), [a, b, c])
    expectThat(
      keyOf(who) === key,
      reply,
      'The key should be the same at both servers.',
      'There is another one in the browser now.',
    )
    // Who drops a copy at each like of their own has a fresh one now, and this like is another server's.
    expectRedirect(await like(who, d, { does: `likes "${d}" at the first server` }), '/')
    expectLikes(await openList(who, there), [a, b, c, d])
  },
)

/** The servers on the same database whose clocks are apart. */
async function atThreeTimes({ instance }: CheckContext) {
  const [atNow, atSoon, atLate] = await Promise.all([instance(now), instance(soon), instance(late)])
  return { atNow, atSoon, atLate }
}

const LIMIT_SAID = `SESSION_SECONDS=${LIMIT_SECONDS}`
const soonAfter = `${SOON_SECONDS} seconds later`
const lateAfter = `${LATE_SECONDS} seconds later`
const SINCE_END = `${LATE_SECONDS - LIMIT_SECONDS} seconds after the session has ended`

/** The same with a short limit and a real wait, whatever clock the app goes by. */
async function expectEndsAfterWait({ visitor, instance, draw }: CheckContext): Promise<void> {
  const at = await instance(shortLimit)
  const who = visitor()
  const thing = someThing(draw)
  expectRedirect(await like(who, thing, { at, does: `likes "${thing}", ${BRIEF_SAID}` }), '/')
  const key = keyOf(who)
  const cookie = `${SESSION}=${key}`
  await sleep(SHORT_WAIT_MS)
  const because = 'the last like was longer ago than SESSION_SECONDS'
  expectEmptyList(
    await openList(who, { at, cookie, does: `opens the list ${WAITED}, with the same cookie` }),
    because,
  )
  const again = await like(who, someThing(draw), {
    at,
    cookie,
    does: 'likes something else, with that cookie',
  })
  expectRedirect(again, '/')
  expectOtherKey(again, key, because)
}

check(
  'expiry',
  {
    name: 'a session ends SESSION_SECONDS after the last like, on the server',
    step: 6,
    points: 2,
    needs: ['instances', 'bare-get'],
    hints: [
      'A browser can be told when to drop a cookie. Who makes sure that it does?',
      'The end of the session is in its row. What does findSession compare it with? Is that the time of this request, or when your app started?',
      'Ask for rows whose key is this one AND whose expires is not less than nowSeconds(). Both are in seconds.',
    ],
  },
  async (context) => {
    const { draw } = context
    const { atNow, atSoon, atLate } = await atThreeTimes(context)
    const thing = someThing(draw)
    // Left out of the story, because what comes after the wait has a story of its own.
    const aside = true
    const who = await visitorWho(context, [thing], {
      at: atNow,
      does: `likes "${thing}", where ${LIMIT_SAID}`,
      aside,
    })
    const key = keyOf(who)
    const cookie = `${SESSION}=${key}`
    expectLikes(
      await openList(who, {
        at: atSoon,
        cookie,
        does: `opens the list ${SOON_SECONDS} seconds after liking "${thing}", where ${LIMIT_SAID}`,
        aside,
      }),
      [thing],
      'The session should still be there',
    )
    const because = `the last like was longer ago than ${LIMIT_SAID}`
    const reply = await openList(who, {
      at: atLate,
      cookie,
      does: `opens the list ${SINCE_END}, with its cookie`,
      aside,
    })
    if (!isEmptyList(reply)) return expectEndsAfterWait(context)
    expectSetsNothing(reply, 'who only looks needs no session')
    const fresh = someThing(draw)
    const again = await like(who, fresh, {
      at: atLate,
      cookie,
      does: `likes "${fresh}" ${SINCE_END}, with its cookie`,
    })
    expectRedirect(again, '/')
    const given = expectOtherKey(again, key, because)
    const page = await openList(who, {
      at: atLate,
      cookie: `${SESSION}=${given}`,
      does: 'opens the list with the new cookie',
    })
    expectLikes(page, [fresh])
    expectHides(page, thing, 'What belonged to the session that ended should not be here.')
    expectEmptyList(
      await openList(who, { at: atLate, cookie, does: 'opens the list with the old cookie once more' }),
      'a session that has ended stays ended',
    )
  },
)

/** How far the end of the session of this key is, in the table. */
async function endOf(context: CheckContext, key: string, reply: Reply): Promise<number> {
  const { sessions } = await stored(context)
  const [row] = withKey(sessions, key)
  if (row) return Number(row.expires)
  fail({
    expected: 'The session should still have its row.',
    got: 'There is no row with its key.',
    exchange: reply.exchange,
    detail: rowLines('sessions', sessions),
  })
}

check(
  'renewal',
  {
    name: 'each like starts the time anew, in the row and in the browser; looking does not',
    step: 6,
    points: 1,
    needs: ['nothing', 'expiry'],
    hints: [
      'How long has this visitor liked nothing?',
      'The end of the session is in two places: in its row and in the browser. Both have to move with every like.',
      'renewSession is an UPDATE of "expires" WHERE the key is this one. sendKey is called for every like, not only for the first.',
    ],
  },
  async (context) => {
    const { draw } = context
    const { atNow, atSoon, atLate } = await atThreeTimes(context)
    const [a, b] = [someThing(draw), someThing(draw)]
    const who = context.visitor()
    const other = await visitorWho(context, [a], { at: atNow, aside: true })
    const first = await like(who, a, { at: atNow, does: `likes "${a}", where ${LIMIT_SAID}` })
    expectRedirect(first, '/')
    const key = keyOn(first)
    expectLastsExactly(first, expectSetsCookie(first, SESSION), LIMIT_SECONDS)
    const begun = Date.now() / 1000 + LIMIT_SECONDS
    const cookie = `${SESSION}=${key}`
    const seen = await openList(who, { at: atSoon, cookie, does: `opens the list ${soonAfter}` })
    expectLikes(seen, [a], 'The session should still be there')
    expectSetsNothing(seen, 'only a like renews the session')
    const end = await endOf(context, key, seen)
    const endOfOther = await endOf(context, keyOf(other), seen)
    const wrong = (reply: Reply, expected: string, got: string, to: number) =>
      fail({
        expected,
        got,
        exchange: reply.exchange,
        detail: [`expires before: ${end}`, `expires after:  ${to}`],
      })
    if (end > begun + 2) {
      fail({
        expected: 'Opening the list should leave the end of the session where the last like has put it.',
        got: `It has moved by ${Math.round(end - begun)} seconds.`,
        exchange: seen.exchange,
      })
    }
    const blank = await like(who, '  ', { at: atSoon, cookie, does: 'sends the form with two spaces in it' })
    const endAfterBlank = await endOf(context, key, blank)
    if (endAfterBlank !== end) {
      wrong(
        blank,
        'Only a like should move the end of the session, and two spaces are none.',
        `It has moved by ${endAfterBlank - end} seconds.`,
        endAfterBlank,
      )
    }
    const second = await like(who, b, { at: atSoon, cookie, does: `likes "${b}" then` })
    const likedAt = Date.now() / 1000 + SOON_SECONDS
    expectRedirect(second, '/')
    const again = expectSetsCookie(second, SESSION)
    expectLastsExactly(second, again, LIMIT_SECONDS, SOON_SECONDS)
    expectThat(
      decoded(again.value) === key,
      second,
      'The key should stay the same.',
      'The answer sets another one.',
    )
    const moved = await endOf(context, key, second)
    if (moved < end + SOON_SECONDS - BUSY_SECONDS || moved > end + SOON_SECONDS + BUSY_SECONDS) {
      await sleep(SHORT_WAIT_MS)
      const third = await like(who, b, {
        at: atSoon,
        cookie,
        does: 'waits more than two seconds, and likes it once more',
      })
      expectRedirect(third, '/')
      const last = await endOf(context, key, third)
      const byWait = last - moved >= 1 && last - moved <= BUSY_SECONDS
      if (!byWait) {
        wrong(
          second,
          `A like should set "expires" to SESSION_SECONDS from then, which is ${LIMIT_SECONDS} seconds.`,
          moved === end
            ? 'It has left "expires" where it was.'
            : `It has set it to ${Math.round(moved - likedAt)} seconds from then.`,
          moved,
        )
      }
    }
    const endOfOtherNow = await endOf(context, keyOf(other), second)
    if (endOfOtherNow !== endOfOther) {
      fail({
        expected: `A like of ${who.name} should move the end of one session: that of ${who.name}.`,
        got: `It has also moved the end of another visitor's session, by ${endOfOtherNow - endOfOther} seconds.`,
        exchange: second.exchange,
        detail: [
          "the other visitor's session:",
          `  expires before: ${endOfOther}`,
          `  expires after:  ${endOfOtherNow}`,
        ],
      })
    }
    const last = await openList(who, {
      at: atLate,
      cookie,
      does: `opens the list ${lateAfter} than at first`,
    })
    expectLikes(last, [a, b], 'The last like was not long ago, so the page should list all')
  },
)

/** What is left of the session with this key, if anything. */
async function leftOver(
  context: CheckContext,
  key: string,
): Promise<{ table: string; rows: Row[] } | undefined> {
  const { sessions, likes } = await stored(context)
  for (const [table, all] of Object.entries({ sessions, likes })) {
    const rows = withKey(all, key)
    if (rows.length > 0) return { table, rows }
  }
  return undefined
}

function failLeftOver(
  { table, rows }: { table: string; rows: Row[] },
  who: Visitor,
  when: string,
  reply?: Reply,
): never {
  fail({
    expected: `${when}, ${who.name}'s session has ended: it should be deleted from "sessions", and its likes from "likes".`,
    got: `There ${rows.length === 1 ? 'is still a row' : `are still ${rows.length} rows`} with its key in "${table}".`,
    exchange: reply?.exchange,
    detail: rowLines(`what is left of it in "${table}"`, rows),
  })
}

/**
 * The likes of a session go also when a sweep has ended between its two statements. Where both happen or none, as in a
 * transaction, the session is left as well, and the next sweep takes the two.
 */
async function expectSweptAfterCrash(context: CheckContext, atNow: App, atLate: App): Promise<void> {
  const { draw, data, visitor } = context
  const ended = await visitorWho(context, [someThing(draw)], { at: atNow, aside: true })
  const locker = data.locker()
  try {
    await locker.keepRows(FILE, 'likes')
    await like(visitor(), someThing(draw), { at: atLate, aside: true }).catch(noReply)
    // Nothing else needs this instance. It may have a transaction open, which keeps all others from writing.
    await atLate.stop()
    await locker.unlock()
  } finally {
    locker.end()
  }
  const begun = await like(visitor(), someThing(draw), { does: 'likes something else, and gets a session' })
  expectRedirect(begun, '/')
  const left = await leftOver(context, keyOf(ended))
  // A session that is still there has not ended, by the app's own clock.
  if (left?.table !== 'likes') return
  fail({
    expected:
      'A sweep should delete all likes that belong to no session, and not only those of the sessions that it has just deleted.',
    got: `I let a sweep end between two statements, as if your app had been killed there: ${ended.name}'s session was deleted, and its likes were not. The next sweep has left them in "likes".`,
    exchange: begun.exchange,
    detail: rowLines('likes without a session', left.rows),
  })
}

check(
  'sweep-on-new',
  {
    name: 'when a session begins, those that have ended are deleted, with their likes',
    step: 7,
    points: 1,
    needs: ['renewal'],
    hints: [
      'How many of the rows in "sessions" can still be used? Who takes the others away?',
      'sweep deletes what has ended, and newSession calls it. What becomes of the likes of those sessions?',
      'Two statements: DELETE FROM sessions, with a WHERE on expires; then DELETE FROM likes WHERE the key is NOT IN those of "sessions".',
    ],
  },
  async (context) => {
    const { draw } = context
    const { atNow, atSoon, atLate } = await atThreeTimes(context)
    const [a, b, c] = [someThing(draw), someThing(draw), someThing(draw)]
    // Left out of the story, because what comes after the wait has a story of its own.
    const aside = true
    const ended = await visitorWho(context, [b], { at: atNow, aside })
    const living = await visitorWho(context, [a], { at: atSoon, aside })
    await visitorWho(context, [c], { at: atLate, aside })
    if (await leftOver(context, keyOf(ended))) {
      const at = await context.instance(shortLimit)
      const brief = await visitorWho(context, [b], { at, does: `likes "${b}", ${BRIEF_SAID}` })
      // Now: after the wait, the browser has dropped it.
      const key = keyOf(brief)
      await sleep(SHORT_WAIT_MS)
      const begun = await like(context.visitor(), c, {
        at,
        does: `likes "${c}" ${WAITED}, and gets a session`,
      })
      const left = await leftOver(context, key)
      if (left) failLeftOver(left, brief, 'When this session begins', begun)
    }
    expectLikes(
      await openList(living, {
        at: atLate,
        cookie: `${SESSION}=${keyOf(living)}`,
        does: `opens the list ${LATE_SECONDS - SOON_SECONDS} seconds after liking "${a}", where ${LIMIT_SAID}`,
      }),
      [a],
      'This session has not ended, so the page should still list',
    )
    await expectSweptAfterCrash(context, atNow, atLate)
  },
)

check(
  'sweep-at-start',
  {
    name: 'when the server starts, the sessions that have ended are deleted, with their likes',
    step: 7,
    points: 1,
    needs: ['sweep-on-new'],
    hints: [
      'Your server was off for a while, and nobody has liked anything since. Which rows are still there?',
      'Where does server.ts do what has to be done once, before the first request?',
      'server.ts awaits sweep after createTables. Have you changed that?',
    ],
  },
  async (context) => {
    const { draw } = context
    const [atNow, atSoon] = await Promise.all([context.instance(now), context.instance(soon)])
    const [a, b] = [someThing(draw), someThing(draw)]
    const aside = true
    const ended = await visitorWho(context, [b], { at: atNow, aside })
    const living = await visitorWho(context, [a], { at: atSoon, aside })
    // Whether a start waits for its statements is the affair of another check: behind them comes a page.
    const started = async (options: InstanceOptions) => {
      const at = await context.instance(options)
      await openList(context.visitor(), { at, aside })
      return at
    }
    const at = await started(startedLate)
    if (await leftOver(context, keyOf(ended))) {
      const brief = await visitorWho(context, [b], {
        at: await context.instance(shortLimit),
        does: `likes "${b}", ${BRIEF_SAID}`,
      })
      const key = keyOf(brief)
      await sleep(SHORT_WAIT_MS)
      await started(startedAfterShortLimit)
      const left = await leftOver(context, key)
      if (left) failLeftOver(left, brief, `When your app is started again ${WAITED}`)
    }
    expectLikes(
      await openList(living, {
        at,
        cookie: `${SESSION}=${keyOf(living)}`,
        does: `opens the list at a server that has started since, ${LATE_SECONDS + 50 - SOON_SECONDS} seconds after liking "${a}", where ${LIMIT_SAID}`,
      }),
      [a],
      'This session has not ended, so the page should still list',
    )
  },
)

check(
  'forget',
  {
    name: 'who is forgotten is gone from both tables, and the old key opens nothing',
    step: 8,
    points: 2,
    needs: ['instances', 'fake-key', 'attributes'],
    hints: [
      'Somebody has kept a copy of the cookie. What does it still open?',
      'Three things have to go: the row of the session, the rows of its likes, and the cookie in the browser. Which of them is left?',
      'endSession deletes by key, from both tables. clearKey is res.clearCookie, with the attributes that the cookie was set with.',
    ],
  },
  async (context) => {
    const { draw } = context
    const things = [someThing(draw), someThing(draw)]
    const who = await visitorWho(context, things)
    const key = keyOf(who)
    const cookie = `${SESSION}=${key}`
    const at = await context.instance(now)
    expectLikes(await openList(who, { at, does: 'opens the list at a second server' }), things)
    const reply = await askToBeForgotten(who)
    expectRedirect(reply, '/')
    expectGone(reply, who, SESSION)
    // Whether the answer has waited for the last statement is the affair of another check: behind it comes a page.
    await openList(who, { cookie, aside: true })
    const { sessions, likes } = await stored(context)
    for (const [table, all] of Object.entries({ sessions, likes })) {
      const rows = withKey(all, key)
      if (rows.length === 0) continue
      fail({
        expected: `The table "${table}" should have no row of ${who.name} any more.`,
        got: `It has ${rows.length}.`,
        exchange: reply.exchange,
        detail: rowLines(`${table} with this key`, rows),
      })
    }
    const because = `${who.name} was forgotten`
    expectEmptyList(await openList(who), because)
    expectEmptyList(
      await openList(who, { cookie, does: 'opens the list with a copy of the old cookie' }),
      because,
    )
    expectEmptyList(
      await openList(who, { cookie, at, does: 'opens the list with it at the second server' }),
      because,
    )
    for (const [where, place] of [
      [{}, ''],
      [{ at }, ' at the second server'],
    ] as const) {
      const does = `likes something${place}, with the old cookie`
      const again = await like(who, someThing(draw), { ...where, cookie, does })
      expectRedirect(again, '/')
      expectOtherKey(again, key, because)
    }
  },
)

const FORGET_ROUNDS = 5

check(
  'forget-at-once',
  {
    name: 'a like that comes at the same time does not bring back who is forgotten',
    step: 8,
    points: 1,
    needs: ['forget', 'parallel'],
    hints: [
      'A like has found the session, and in that moment another tab forgets it. What does the like do next?',
      'Which statement of yours can put a row into "sessions"? For which key?',
      'renewSession is an UPDATE: it changes a row, or none. An INSERT, also one with OR REPLACE or ON CONFLICT, makes the row anew.',
    ],
  },
  async (context) => {
    const { draw } = context
    // Which of them comes first is by chance: more than one round.
    for (let round = 0; round < FORGET_ROUNDS; round++) {
      const who = await visitorWho(context, [someThing(draw)], { aside: true })
      const cookie = `${SESSION}=${keyOf(who)}`
      const likes = () => like(who, someThing(draw), { cookie, aside: true })
      await Promise.all([likes(), askToBeForgotten(who, { cookie, aside: true }), likes(), likes()])
      const copy = await openList(who, {
        cookie,
        does: 'opens the list with a copy of the old cookie, after liking things in one tab and asking to be forgotten in another, at the same time',
        aside: true,
      })
      const left = withKey((await stored(context)).sessions, keyOf(who))
      if (left.length > 0) {
        fail({
          expected: `The session of ${who.name} was deleted, and should stay so.`,
          got: 'A like that came at the same time has put its row back into "sessions".',
          exchange: copy.exchange,
          detail: rowLines('sessions with the old key', left),
        })
      }
      expectEmptyList(copy, `${who.name} was forgotten`)
    }
  },
)

check(
  'forget-only-own',
  {
    name: 'nobody else is forgotten with you',
    step: 8,
    points: 1,
    needs: ['forget'],
    hints: [
      'Whose rows were deleted? Whose should have been?',
      'What does a DELETE without WHERE delete?',
      'Both DELETE statements have WHERE key = ?, with the key of the session that asks.',
    ],
  },
  async (context) => {
    const { draw, visitor } = context
    const [a, b, c] = [someThing(draw), someThing(draw), someThing(draw)]
    const who = await visitorWho(context, [a])
    const other = await visitorWho(context, [b, a])
    expectRedirect(await askToBeForgotten(who), '/')
    const because = `${other.name} should still be known, for it was ${who.name} who asked to be forgotten. The list`
    expectLikes(await openList(other), [b, a], because)
    const stranger = visitor()
    await askToBeForgotten(stranger, {
      cookie: `${SESSION}=${chosenKey(draw)}`,
      does: 'asks to be forgotten, with a key of their own choice',
    })
    const reply = await like(other, c)
    expectRedirect(reply, '/')
    expectLikes(await openList(other), [b, a, c], 'The session should go on. The list')
  },
)

check(
  'forget-post',
  {
    name: 'only a POST forgets; without a session it does no harm',
    step: 8,
    points: 1,
    needs: ['forget'],
    hints: [
      'Who can make your browser send a GET to this address? An image on any page can.',
      'What does your route do when there is no session to end?',
      'The route is app.post alone. It ends the session only if findSession returned one, clears the cookie and sends the browser to /.',
    ],
  },
  async (context) => {
    const { draw, visitor } = context
    const thing = someThing(draw)
    const who = await visitorWho(context, [thing])
    const link = await who.get('/forget', { does: 'follows a link to /forget' })
    expectThat(
      who.jar.get(SESSION) !== undefined,
      link,
      'A GET should change nothing: a link or an image on another site can cause one.',
      `The cookie "${SESSION}" is gone.`,
    )
    expectLikes(await openList(who), [thing], 'A GET changes nothing, so the page should still list')
    const nobody = visitor()
    expectRedirect(await askToBeForgotten(nobody, { does: 'asks to be forgotten, without a session' }), '/')
    nobody.jar.receive([`${SESSION}=${chosenKey(draw)}; Path=/`], '/')
    const reply = await askToBeForgotten(nobody, {
      does: 'asks to be forgotten, with a key that is in no row',
    })
    expectRedirect(reply, '/')
    expectGone(reply, nobody, SESSION)
  },
)

/** Statements of the workbook's database, and functions of this lab that end when theirs have ended. */
const TO_AWAIT =
  /\b(db\.(?:run|get|all)|createTables|newSession|renewSession|sweep|endSession|storeLike|deleteLikes)\s*\(/g

/** The first call in this code that nothing waits for, if the code uses the workbook's database as the starter does. */
function callLeftAlone(source: string): string | undefined {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
  // Who opens a database of their own, or waits with `then`, does so in ways that this cannot read.
  if (!/\bopenDatabase\(/.test(code) || /\.then\(|new Promise/.test(code)) return undefined
  for (const call of code.matchAll(TO_AWAIT)) {
    const before = code.slice(0, call.index)
    // A statement of its own begins behind one of these, on a new line or behind an `if (…)`.
    const isStatement = /(^|[;{}]\s*|\)\s*|\n\s*void\s+|[\w'"`\]]\s*\n\s*)$/.test(before)
    const isPartOfAnother =
      /\b(await|return|yield|function|export|import|from|as)\s*$|[=(,[&|?:+]\s*$|=>\s*$/.test(before)
    if (isStatement && !isPartOfAnother) return code.slice(call.index).split('\n', 1)[0]
  }
  return undefined
}

// Last, because the first check that fails is shown in full, and advice can wait.
check(
  'awaits',
  {
    name: 'every statement is awaited before the code goes on',
    step: 8,
    points: 0,
    needs: ['forget'],
    hints: [
      'When has the statement in this line ended: before the next line, or after it?',
      'What happens to the answer, and to the next statement, when this one takes long, or fails?',
      'Put await before it, or return what it returns.',
    ],
  },
  async ({ source }) => {
    const left = callLeftAlone(await source())
    if (left === undefined) return
    fail({
      expected:
        'Your code should await every statement. Without that it goes on, and answers, before the statement has ended.',
      got: `I read your code, and nothing waits for this: ${shorten(left, 100)}`,
    })
  },
)
