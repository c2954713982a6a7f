// Lab 5: one session, several instances of the app, and the Redis that they share.
import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { developmentEnvironment } from '../src/app/environment.ts'
import type { App } from '../src/app/launch.ts'
import { type CheckContext, check } from '../src/check/check.ts'
import type { CheckRedis } from '../src/check/check-redis.ts'
import { startEarly } from '../src/check/current.ts'
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
  expectStatus,
  expectThat,
  fail,
} from '../src/check/expect.ts'
import type { InstanceOptions } from '../src/check/judged.ts'
import { expectHugeCookieHarmless } from '../src/check/large-cookies.ts'
import { shorten } from '../src/check/shorten.ts'
import { visibleText } from '../src/http/page.ts'
import { NoReply, type Reply, type RequestOptions, type Visitor } from '../src/http/visitor.ts'
import type { StoredKey } from '../src/redis/keys.ts'

const COOKIE = 'sid'
const SESSION_SECONDS = 1800

/** How long an app may take to find a Redis that is there. It should be a second; a busy machine is not its failure. */
const BACK_MS = 4_000
const POLL_MS = 50

/** So long after the first check began, a busy machine may still be at work on the start of all instances. */
const STARTED_MS = 10_000
const begun = performance.now()

/** So long after its start, an app has found a Redis that is there. */
const FOUND_MS = 500

/** Another instance, behind a proxy that it trusts. It signs with a newer secret, and accepts that of the others. */
const NEWER_SECRET = 'a-newer-secret-for-all-instances'
const proxied: InstanceOptions = {
  env: {
    INSTANCE_NAME: 'C',
    TRUSTED_PROXIES: '1',
    SESSION_SECRET: `${NEWER_SECRET},${developmentEnvironment.SESSION_SECRET}`,
  },
}

/**
 * Another one, whose sessions end so soon that it can be waited for: Redis goes by its own clock. It has the newer
 * secret alone.
 */
const SHORT_SECONDS = 1
const shortLived: InstanceOptions = {
  env: { INSTANCE_NAME: 'D', SESSION_SECONDS: String(SHORT_SECONDS), SESSION_SECRET: NEWER_SECRET },
}

startEarly(proxied, shortLived)

async function bothInstances({ instances }: CheckContext): Promise<[a: App, b: App]> {
  return (await instances()) as [App, App]
}

function newValue(draw: Draw): string {
  return `${draw.words(2)} ${draw.int(1000, 9999)}`
}

interface Options extends RequestOptions {
  /** Redis is away, so 503 is the answer that is wanted. */
  outage?: boolean
}

/**
 * Sends a request, and sends it again while the answer is 503: right after its start, and after a hitch, an app may
 * first have to find Redis. That Redis is there is our affair; how soon the app sees it is asked for in step 4 only.
 */
async function patiently(
  options: Options,
  send: (options: RequestOptions) => Promise<Reply>,
): Promise<Reply> {
  const until = Math.max(performance.now() + BACK_MS, begun + STARTED_MS)
  const first = await send(options)
  let reply = first
  while (reply.status === 503 && !options.outage && performance.now() < until) {
    await sleep(POLL_MS)
    reply = await send({ ...options, aside: true })
  }
  return reply.status === 503 ? first : reply
}

function open(who: Visitor, path: string, options: Options = {}): Promise<Reply> {
  return patiently(options, (all) => who.get(path, all))
}

function openHome(who: Visitor, options: Options = {}): Promise<Reply> {
  return open(who, '/', { does: 'opens the start page', ...options })
}

function setValue(who: Visitor, value: string, options: Options = {}): Promise<Reply> {
  const does = `sets the value "${shorten(value)}"`
  return open(who, `/session/set/${encodeURIComponent(value)}`, { does, ...options })
}

function unsetValue(who: Visitor, options: Options = {}): Promise<Reply> {
  return open(who, '/session/unset', { does: 'unsets the value', ...options })
}

function endSession(who: Visitor, options: Options = {}): Promise<Reply> {
  const does = 'ends the session'
  return patiently({ does, ...options }, (all) => who.post('/session/end', {}, all))
}

/** Nothing is refused, and nothing broke. That the answer is a redirect is asked for by the check of the route. */
function expectAccepted(reply: Reply): void {
  if (reply.status >= 400) expectStatus(reply, 303)
}

function holds(reply: Reply, value: string): boolean {
  return visibleText(reply.body).includes(`The session holds: ${value}`)
}

function expectHolds(reply: Reply, value: string, what = 'The page should say', detail: string[] = []): void {
  expectStatus(reply, 200)
  expectShows(reply, `The session holds: ${value}`, what, detail)
}

function expectHoldsNothing(reply: Reply, because: string, detail: string[] = []): void {
  expectStatus(reply, 200)
  const text = visibleText(reply.body)
  if (text.includes('The session holds nothing') && !text.includes('The session holds:')) return
  const shown = text.includes('The session holds:') ? 'The session holds:' : ''
  fail({
    expected: `The page should say "The session holds nothing.", because ${because}.`,
    got: shown === '' ? 'It does not say so.' : `It says "${shown} …".`,
    exchange: reply.exchange,
    mark: { line: 'body', at: shown, note: 'should be "The session holds nothing."' },
    detail,
  })
}

/** A visitor who has just set a value. */
async function newSession(
  { visitor }: CheckContext,
  value: string,
  options: RequestOptions = {},
): Promise<Visitor> {
  const who = visitor()
  expectRedirect(await setValue(who, value, options), '/')
  return who
}

/** Less than this, and a session may be over before a step of a check that takes longer. */
const BRIEF_SECONDS = 30

/**
 * Whether the keys of a session end so soon that it may be over when an instance, or Redis, is there again. How long it
 * should live is asked for in step 3; a check that is about something else does not tell it in its own words.
 */
async function isBrief(redis: CheckRedis, before: Set<string>): Promise<boolean> {
  const keys = await newKeys(redis, before)
  // They may even have ended before they were asked for.
  return keys.every(({ ttlSeconds }) => ttlSeconds !== null && ttlSeconds < BRIEF_SECONDS)
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

async function keyNames(redis: CheckRedis): Promise<Set<string>> {
  return new Set((await redis.keys()).map((key) => key.name))
}

/** The keys that Redis holds now and did not hold before. */
async function newKeys(redis: CheckRedis, before: Set<string>): Promise<StoredKey[]> {
  return (await redis.keys()).filter((key) => !before.has(key.name))
}

/** Keys as lines for a failure. @param word what matters in their values */
function keyLines(keys: StoredKey[], redis: CheckRedis, word = ''): string[] {
  if (keys.length === 0) return [`Redis has no key for this that begins with ${redis.prefix}`]
  return keys.flatMap(({ name, ttlSeconds, value }) => [
    `In Redis: ${shorten(name, 70)} ${ttlSeconds === null ? '(never ends)' : `(ends in ${ttlSeconds} s)`}`,
    `          ${excerpt(value, word)}`,
  ])
}

/** The text, shortened; its beginning is left out when the word comes late. */
function excerpt(text: string, word: string): string {
  const start = Math.max(0, text.indexOf(word) - 20)
  return start === 0 ? shorten(text) : `… ${shorten(text.slice(start))}`
}

check(
  'opens',
  {
    name: 'the page opens, and says what the session holds and which instance has made it',
    step: 0,
    points: 1,
    hints: [
      'The starter passes this check. If your app broke, the line that it names is the place to look at.',
      'What do your functions find in the request of a visitor who sends no cookie at all?',
      'GET / says "The session holds nothing." and "Served by instance A.", and has a form that posts to /session/end. GET /health answers "ok". Every page has Cache-Control: no-store.',
    ],
  },
  async (context) => {
    const who = context.visitor()
    for (const at of await context.instances()) {
      const page = await openHome(who, { at })
      expectHoldsNothing(page, 'nobody has set anything')
      expectShows(
        page,
        `Served by instance ${at.name}`,
        'The page should name its instance, as in INSTANCE_NAME',
      )
      expectThat(
        /no-store/i.test(page.header('cache-control') ?? ''),
        page,
        'The page should have the header Cache-Control: no-store, so that nobody sees an old one.',
        `It has ${page.header('cache-control') ?? 'none'}.`,
      )
      expectThat(
        /<form\b[^>]*\baction=["']?\/session\/end\b/i.test(page.body),
        page,
        'The page should have a form that posts to /session/end.',
        'There is none.',
      )
    }
    const health = await who.get('/health')
    expectStatus(health, 200)
    expectShows(health, 'ok', 'The balancer asks for this page, which should say')
  },
)

check(
  'own-value',
  {
    name: 'a visitor’s value is kept from request to request, and nobody else sees it',
    step: 0,
    points: 1,
    needs: ['opens'],
    hints: [
      'Where is the value between two requests, and which cookie leads back to it?',
      'Is the session middleware in use, and does it get a store? A variable outside of your functions would be one for all visitors.',
      'req.session is the session of this request’s visitor. In value.ts its property "value" is set, and saved before the answer goes.',
    ],
  },
  async ({ visitor, draw, redis }) => {
    const [one, two, three] = [visitor(), visitor(), visitor()]
    const [first, other, last] = [newValue(draw), newValue(draw), newValue(draw)]
    const reply = await setValue(one, first)
    // A Redis of the student's own takes no keys outside of the prefix: then this is why the app fails.
    if (reply.status >= 500) expectOnlyPrefixed(redis, reply)
    if (reply.status === 503) expectAsked(redis, reply)
    expectRedirect(reply, '/')
    expectSetsCookie(reply, COOKIE)
    expectRedirect(await setValue(two, `  ${other} `), '/')
    expectHolds(await openHome(one), first)
    expectHolds(await openHome(two), other)
    expectRedirect(await setValue(one, last), '/')
    const page = await openHome(one)
    expectHolds(page, last)
    expectHides(page, first, 'The new value should take the place of the old one.')
    expectHolds(await openHome(two), other, `What ${one.name} does should not change what ${two.name} sees`)
    expectHoldsNothing(await openHome(three), `${three.name} has set nothing`)
  },
)

/** Redis is there, and the app has asked it something, though it says that it cannot reach it. */
function expectAsked(redis: CheckRedis, { exchange }: Reply): void {
  if (redis.commands().length > 0) return
  fail({
    expected: 'The app should reach the Redis at REDIS_URL, which is there.',
    got: 'The answer is 503, and the app has sent nothing to this Redis.',
    exchange,
    mark: { line: 'status', at: '503', note: 'Redis is there' },
    detail: ['Does createClient get the url redisUrl, which is REDIS_URL? And is client.connect() called?'],
  })
}

const VALUE_MAX_CHARACTERS = 200

check(
  'bad-input',
  {
    name: 'a value that is empty or too long is refused, and the old one stays',
    step: 0,
    points: 1,
    needs: ['own-value'],
    hints: [
      'value.ts refuses these for you. Have you changed it?',
      'A refusal is a page with a status from 400 to 499, and the session is as it was.',
      'A value has 1 to 200 characters, without the white space around it. A broken percent-encoding is refused by Express itself.',
    ],
  },
  async (context) => {
    const { draw } = context
    const value = newValue(draw)
    const who = await newSession(context, value)
    const bad: [path: string, what: string][] = [
      ['%20', 'a space as the value'],
      ['%20%09%0A', 'white space as the value'],
      ['m'.repeat(draw.int(VALUE_MAX_CHARACTERS + 1, 400)), 'a value of more than 200 characters'],
      ['m'.repeat(6000), 'a value of 6,000 characters'],
      ['%E0%A4', 'a value with a broken percent-encoding'],
      ['', 'no value at all'],
    ]
    for (const [path, what] of draw.shuffle(bad)) {
      const reply = await open(who, `/session/set/${path}`, { does: `sends ${what}` })
      expectRefusal(reply, 'a value has 1 to 200 characters')
    }
    expectHolds(await openHome(who), value, 'A refusal changes nothing; the page should say')
    const longest = `${value} ${'m'.repeat(VALUE_MAX_CHARACTERS)}`.slice(0, VALUE_MAX_CHARACTERS)
    expectRedirect(await setValue(who, longest), '/')
    expectHolds(await openHome(who), longest)
  },
)

check(
  'as-text',
  {
    name: 'a value is text: it is shown as it was typed, and is never HTML',
    step: 0,
    points: 1,
    needs: ['own-value'],
    hints: [
      'The page was given to you. Have you changed it?',
      'Text becomes HTML where it is glued to some. And a value can be any text, also one that looks like a part of a program.',
      'Every value goes into the page through the html`…` tag, which escapes it, never through new Html(…).',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const number = draw.int(1000, 9999)
    const values = [
      `<b>${draw.words(1)}</b> & "${number}" &amp; <script>alert(1)</script>`,
      `'; FLUSHALL; -- ${number}`,
      `{"value":"${number}"}`,
      `é ü 日本 🙂 ${number}`,
      `100% of %41 ${number}`,
      '__proto__',
      'null',
      '0',
    ]
    for (const value of draw.shuffle(values)) {
      expectRedirect(await setValue(who, value), '/')
      expectHolds(await openHome(who), value, 'The page should show the value as it was typed')
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
  ['*', 'an asterisk'],
  ['%0D%0AFLUSHALL%0D%0A', 'a command of Redis'],
  ['__proto__', 'a name that every object has'],
  ['../../sessions.sqlite', 'a path'],
  ['%00', 'a null byte'],
  ['x'.repeat(4000), '4,000 characters'],
]

check(
  'malformed',
  {
    name: 'a cookie that is no session’s does no harm',
    step: 0,
    points: 1,
    needs: ['own-value'],
    hints: [
      'Who can change what is in a cookie? What can stand in it, then?',
      'Which of the functions that you call throw on bad input? decodeURIComponent and JSON.parse do.',
      'Such a visitor is one without a session. express-session sees to it; code of your own that reads the cookie has to catch what it calls.',
    ],
  },
  async (context) => {
    const { draw } = context
    const value = newValue(draw)
    const who = await newSession(context, value)
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
    const [bad, what] = draw.pick(MALFORMED)
    const reply = await setValue(who, newValue(draw), {
      cookie: `${COOKIE}=${bad}`,
      does: `sets a value with a cookie that holds ${what}`,
    })
    expectNoServerError(reply, 'Such a cookie')
    await expectHugeCookieHarmless(COOKIE, (options) => openHome(who, options))
    expectHolds(await openHome(who), value)
  },
)

check(
  'attributes',
  {
    name: 'every Set-Cookie is HttpOnly, SameSite=Lax, Path=/ and has no Domain',
    step: 0,
    points: 1,
    needs: ['own-value'],
    hints: [
      'Look at the Set-Cookie line above: the caret is where something is missing.',
      'The cookie is set at several places: with the first value, with every answer, and when the session ends. Which of them is this?',
      'cookieOptions returns httpOnly: true, sameSite: "lax" and path: "/". express-session and res.clearCookie both get them from there.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    expectAttributes(await setValue(who, newValue(draw)))
    expectAttributes(await openHome(who))
    expectAttributes(await setValue(who, newValue(draw)))
    expectAttributes(await unsetValue(who))
    expectAttributes(await endSession(who))
    expectAttributes(await setValue(who, newValue(draw)))
  },
)

check(
  'cross-site',
  {
    name: 'a POST from another site is refused with 403, and ends nothing',
    step: 0,
    points: 1,
    needs: ['own-value'],
    hints: [
      'A form on another site can post to your app. Whose cookies go with it?',
      'Browsers say where a POST comes from, in two headers that a page cannot change. Which ones are in the request above?',
      'origin.ts refuses them, and server.ts uses it before all routes. Have you changed one of the two?',
    ],
  },
  async (context) => {
    const { draw } = context
    const value = newValue(draw)
    const who = await newSession(context, value)
    const origin = `https://${draw.words(1)}.example`
    const kinds: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'cross-site' },
      { Origin: origin },
      { Origin: `${origin}:3005` },
      { Origin: origin, 'Sec-Fetch-Site': 'cross-site' },
    ]
    for (const headers of draw.shuffle(kinds)) {
      const reply = await endSession(who, {
        headers,
        cookie: who.savedCookie(),
        does: 'opens another site, which sends POST /session/end',
      })
      expectStatus(reply, 403, 'because the form came from another site')
    }
    expectHolds(await openHome(who), value, 'The session should go on; the page should say')
    const headers = {
      Host: 'localhost:3005',
      Origin: 'http://localhost:3005',
      'Sec-Fetch-Site': 'same-origin',
    }
    expectAccepted(await endSession(who, { headers, does: 'ends the session on the app’s own page' }))
  },
)

const HTTPS = { 'X-Forwarded-Proto': 'https' }

/** The reply sets the cookie, and it is Secure exactly when it should be. */
function expectSecure(reply: Reply, secure: boolean, because: string): void {
  const cookie = expectSetsCookie(reply, COOKIE)
  if (cookie.secure === secure) return
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

check(
  'secure',
  {
    name: 'the cookie is Secure exactly when a trusted proxy says that the browser came over https',
    step: 0,
    points: 1,
    needs: ['own-value'],
    hints: [
      'Between browser and balancer the connection is encrypted, between balancer and your app it is not. How does your app learn of the first?',
      'Everybody can send X-Forwarded-Proto. When is it the proxy’s word? Express knows it by its setting "trust proxy".',
      'Set "trust proxy" to trustedProxies; then req.secure is the answer, for each request. Without TRUSTED_PROXIES, the header counts for nothing.',
    ],
  },
  async ({ visitor, draw, instance }) => {
    const at = await instance(proxied)
    const over = 'over https, through the proxy of an instance with TRUSTED_PROXIES=1'
    const who = visitor()
    const first = await setValue(who, newValue(draw), { at, headers: HTTPS, does: `sets a value ${over}` })
    expectSecure(first, true, 'the browser came over https')
    const again = await setValue(who, newValue(draw), { at, headers: HTTPS, does: 'sets another one there' })
    if (again.setCookies.length > 0) expectSecure(again, true, 'the browser came over https')
    const plain = visitor()
    const reply = await setValue(plain, newValue(draw), {
      at,
      headers: { 'X-Forwarded-Proto': 'http' },
      does: 'sets a value over http, through the same proxy',
    })
    expectSecure(reply, false, 'the browser came over http, and would drop it')
    const moved = await openHome(plain, { at, headers: HTTPS, does: 'opens the start page over https' })
    if (moved.setCookies.length > 0) expectSecure(moved, true, 'this time the browser came over https')
    const claimed = await setValue(visitor(), newValue(draw), {
      headers: HTTPS,
      does: 'sets a value, and sends X-Forwarded-Proto to an instance without TRUSTED_PROXIES',
    })
    expectSecure(claimed, false, 'without TRUSTED_PROXIES the header is nobody’s word')
  },
)

check(
  'every-other',
  {
    name: 'the session is in Redis, where every instance can find it',
    step: 1,
    points: 3,
    needs: ['own-value'],
    hints: [
      'Two instances are two processes, each with a folder of its own. Where does the first one put the session, and can the second one look there?',
      'openStore in store.ts returns a store of files. Its imports name a client for Redis and a store that goes with it. How does one get the other?',
      'Make a client with createClient and the url redisUrl, connect it, and return a RedisStore with this client and the prefix redisPrefix.',
    ],
  },
  async (context) => {
    const { visitor, redis, draw, data } = context
    const [a, b] = await bothInstances(context)
    const value = newValue(draw)
    const before = await keyNames(redis)
    const who = visitor()
    const reply = await setValue(who, value, { at: a })
    // Keys outside of the prefix are the next check's affair.
    if (redis.foreign().length > 0) return
    expectRedirect(reply, '/')
    expectHolds(await openHome(who, { at: a }), value)
    const other = await openHome(who, { at: b })
    if ((await newKeys(redis, before)).length > 0) return
    const [file] = data.filesWith(value)
    const asked = redis.commands().length > 0
    const detail = [
      ...(file === undefined ? [] : [`The value is in ${file}, in the data folder of instance A.`]),
      `Redis has no key that begins with ${redis.prefix}`,
      ...(file !== undefined || asked
        ? []
        : ['Nobody asked the Redis at REDIS_URL. Does createClient get the url redisUrl?']),
    ]
    if (holds(other, value)) {
      fail({
        expected: 'The session should be in Redis.',
        got: 'Both instances show the value, but Redis does not have it. Is it in the cookie, or in another Redis?',
        exchange: other.exchange,
        detail,
      })
    }
    fail({
      expected: `Instance B should find the session in Redis, and show what was set on instance A: "${value}".`,
      got: 'Instance A has the session to itself, and B knows nothing of it. Behind a balancer, every other request has lost the value.',
      exchange: other.exchange,
      mark: { line: 'body', at: '', note: `"${value}" is not in here` },
      detail,
    })
  },
)

/** Nothing was written in this check that does not begin with the prefix. */
function expectOnlyPrefixed(redis: CheckRedis, { exchange }: Reply): void {
  const [key] = redis.foreign()
  if (key === undefined) return
  const [command] = redis.commands().flatMap((one) => (one.endsWith(` ${key}`) ? one.split(' ', 1) : []))
  fail({
    expected: `Every key should begin with REDIS_PREFIX, which is "${redis.prefix}" here.`,
    got: `Your app sent Redis this: ${command === undefined ? '' : `${command} `}"${shorten(key)}".`,
    exchange,
    detail: ['Other programs use the same Redis. The prefix tells whose key it is.'],
  })
}

check(
  'prefix',
  {
    name: 'every key in Redis begins with REDIS_PREFIX',
    step: 1,
    points: 1,
    needs: ['every-other'],
    hints: [
      'Several programs keep things in one Redis. How do you tell whose key this is?',
      'A key is made of two parts: what all keys of this app begin with, and the id. Which option of the store is about the first?',
      'Give RedisStore the option prefix: redisPrefix. Without it, keys begin with "sess:".',
    ],
  },
  async ({ visitor, draw, redis }) => {
    const who = visitor()
    expectOnlyPrefixed(redis, await setValue(who, newValue(draw)))
    expectOnlyPrefixed(redis, await openHome(who))
    expectOnlyPrefixed(redis, await unsetValue(who))
    expectOnlyPrefixed(redis, await setValue(who, newValue(draw)))
    expectOnlyPrefixed(redis, await endSession(who))
  },
)

check(
  'unset',
  {
    name: 'unset takes the value out of the session; the session, its cookie and its key stay',
    step: 1,
    points: 1,
    needs: ['prefix'],
    hints: [
      'What is left of the session when its value is gone?',
      'To take something out of a session is not to end it: that is another button. value.ts does it for you. Have you changed it?',
      'Delete the property "value" of req.session, and wait until req.session.save has called back. Do not destroy the session.',
    ],
  },
  async ({ visitor, draw, redis }) => {
    const before = await keyNames(redis)
    const value = newValue(draw)
    const who = visitor()
    const first = await setValue(who, value)
    expectRedirect(first, '/')
    const id = idOf(who)
    const stored = await newKeys(redis, before)
    expectThat(
      stored.length > 0,
      first,
      'When the answer is here, the session should be in Redis.',
      'It is not there yet. Does your code await what it asks of Redis, before it answers?',
    )
    const reply = await unsetValue(who)
    expectRedirect(reply, '/')
    expectHoldsNothing(await openHome(who), 'the value was unset')
    const left = await newKeys(redis, before)
    if (stored.every(({ name }) => left.every((key) => key.name !== name))) {
      fail({
        expected:
          'Unset takes the value out of the session. The session itself goes on, and so should its key.',
        got: 'The key is gone from Redis.',
        exchange: reply.exchange,
        detail: keyLines(stored, redis).map((line) => line.replace('In Redis:', 'There was:')),
      })
    }
    if (left.some((key) => key.value.includes(value))) {
      fail({
        expected: 'The value should be gone from Redis.',
        got: `Redis still has "${value}".`,
        exchange: reply.exchange,
        detail: keyLines(left, redis, value),
      })
    }
    const again = newValue(draw)
    const answer = await setValue(who, again)
    expectRedirect(answer, '/')
    expectHolds(await openHome(who), again)
    expectThat(
      idOf(who) === id,
      answer,
      'This visitor’s session goes on, so its id should stay.',
      'The browser has another id now.',
    )
  },
)

check(
  'nothing-stored',
  {
    name: 'who only looks gets no cookie, and no key in Redis',
    step: 1,
    points: 1,
    needs: ['prefix', 'bad-input'],
    hints: [
      'What is in the session of somebody who has done nothing?',
      'A search engine opens each page once and never brings a cookie back. How many keys would that make? Which option of express-session is about sessions to which nothing was added?',
      'saveUninitialized: false saves a session, and sends its cookie, only when something has been put into it.',
    ],
  },
  async ({ visitor, redis }) => {
    const before = await keyNames(redis)
    const expectNoKey = async ({ exchange }: Reply, because: string) => {
      const keys = await newKeys(redis, before)
      if (keys.length === 0) return
      fail({
        expected: `Nothing should be stored, because ${because}.`,
        got: 'Redis has a new key.',
        exchange,
        detail: keyLines(keys.slice(0, 1), redis),
      })
    }
    const who = visitor()
    for (const path of ['/', '/health']) {
      const reply = await open(who, path)
      expectSetsNothing(reply, `${who.name} has only looked`)
      await expectNoKey(reply, `${who.name} has only looked`)
    }
    const unset = await unsetValue(who, { does: 'unsets the value, and has no session' })
    expectAccepted(unset)
    expectSetsNothing(unset, 'there is nothing to unset')
    await expectNoKey(unset, 'there is nothing to unset')
    const refused = await open(who, '/session/set/%20', { does: 'sends a space as the value' })
    await expectNoKey(refused, 'the value was refused')
    const ended = await endSession(who, { does: 'ends a session, and has none' })
    expectAccepted(ended)
    await expectNoKey(ended, `${who.name} has no session`)
    for (const id of ['no-session-has-this-id', signed('no-session-has-this-id')]) {
      const stale = await openHome(who, {
        cookie: `${COOKIE}=${id}`,
        does: 'opens the start page with an id that no session has',
      })
      expectHoldsNothing(stale, 'there is no such session')
      await expectNoKey(stale, `${who.name} has only looked`)
    }
  },
)

/** 16 random bytes, of which a uuid v4 takes 6 bits for itself. OWASP ASVS 4 (3.2.2) asks for 64 bits, ASVS 5 for 128. */
const ID_BITS = 120

const ID_COUNT = 12

/** About how many bits of these ids chance decides: places with few characters, as in a time, do not count. */
function randomBits(ids: string[]): number {
  const shortest = Math.min(...ids.map((id) => id.length))
  const places = Array.from({ length: shortest }, (_, place) => new Set(ids.map((id) => id[place])))
  // Of 12 random hexadecimal digits, 8 or 9 are different, and hardly ever fewer than 5.
  const varied = places.filter((characters) => characters.size >= 5)
  // The place of a uuid that has 2 random bits.
  const partly = places.filter((characters) => characters.size >= 2 && characters.size < 5)
  const alphabet = varied.flatMap((characters) => [...characters]).join('')
  const bitsEach = /^\d*$/.test(alphabet) ? Math.log2(10) : /^[\da-f]*$/i.test(alphabet) ? 4 : 6
  return Math.round(varied.length * bitsEach + partly.length)
}

check(
  'ids',
  {
    name: 'ids are long and cannot be guessed',
    step: 1,
    points: 1,
    needs: ['prefix'],
    hints: [
      'Who knows the id of somebody’s session is that somebody. Could you guess the next one?',
      'Which part of your ids is another each time? express-session makes good ids by itself when it is not told otherwise.',
      'Leave the option genid out. By hand: randomUUID() or randomBytes(16) from node:crypto; no counter, no time, no Math.random().',
    ],
  },
  async ({ visitor, draw, redis }) => {
    const before = await keyNames(redis)
    const ids: string[] = []
    let last: Reply | undefined
    for (let count = 0; count < ID_COUNT; count += 1) {
      const who = visitor(`Visitor ${count + 1}`)
      last = await setValue(who, draw.words(1))
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
    // A cookie can hold a signature as well, which looks like chance: in the names of the keys there is none.
    const names = (await newKeys(redis, before)).map(({ name }) => name.slice(redis.prefix.length))
    const shown = names.length >= ids.length && randomBits(names) < randomBits(ids) ? names : ids
    const bits = randomBits(shown)
    expectThat(
      bits >= ID_BITS,
      last,
      'Chance alone should decide at least 122 bits of an id, as in a uuid v4 or in 16 random bytes.',
      `In these ${shown.length} ids, it decides about ${bits}: ${shown
        .slice(0, 3)
        .map((id) => shorten(id))
        .join(', ')} …`,
    )
  },
)

/** The value that express-session would give to the cookie of the session with this id. */
function signed(id: string, secret = developmentEnvironment.SESSION_SECRET ?? ''): string {
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
    needs: ['prefix'],
    hints: [
      'Who chose the id of this session?',
      'Whoever can put an id of their choice into somebody’s browser knows it, and is in the same session (session fixation).',
      'When no session has the id that came, the new session gets a new id. express-session does so by itself: leave genid and the cookie to it.',
    ],
  },
  async ({ visitor, draw, redis }) => {
    const before = await keyNames(redis)
    const gone = visitor()
    await setValue(gone, newValue(draw), { aside: true })
    const old = gone.jar.get(COOKIE) ?? ''
    const cookie = gone.savedCookie()
    await endSession(gone, { aside: true })
    // Whether a session ends, in Redis and in the memory of an instance, is asked for in step 2.
    const isOver =
      (await newKeys(redis, before)).length === 0 &&
      visibleText((await openHome(gone, { cookie, aside: true })).body).includes('The session holds nothing')
    const ended: [value: string, what: string][] = isOver
      ? [[old, 'the cookie of a session that has ended']]
      : []
    const id = drawnId(draw)
    const uuid = `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20)}`
    const chosen: [value: string, what: string][] = [
      [id, 'an id of an attacker’s choice'],
      [uuid, 'a uuid of an attacker’s choice'],
      [signed(drawnId(draw)), 'a signed id that no session has'],
      ...ended,
    ]
    for (const [sent, what] of draw.shuffle(chosen)) {
      const cookie = `${COOKIE}=${sent}`
      const value = newValue(draw)
      const reply = await setValue(visitor('Victim'), value, {
        cookie,
        does: `sends ${what}, and sets the value "${value}"`,
      })
      expectRedirect(reply, '/')
      const given = expectSetsCookie(reply, COOKIE)
      expectThat(
        idIn(given.value) !== idIn(sent),
        reply,
        'The session should get a new id.',
        'It gets the one that the browser sent.',
      )
      const seen = await openHome(visitor('Attacker'), {
        cookie,
        does: 'opens the start page with the same cookie',
      })
      expectHoldsNothing(seen, 'whoever chose that id should not be in the session of the victim')
    }
  },
)

/** The signature in a cookie of express-session; other values need none, or have it in a form of their own. */
function signatureIn(value: string): string | undefined {
  return /^s:.*\.([^.]*)$/.exec(percentDecoded(value))?.[1]
}

/**
 * Sessions that nobody touches from here on: when step 3 is done, its checks need not wait for time to pass.
 * A check that does not get its answer from them begins one of its own, and waits.
 */
let leftAlone: { onA: string; onShortLived: string; onShortLivedSinceMs: number } | undefined

async function leaveSessionsAlone({ visitor, draw, instance }: CheckContext, a: App): Promise<void> {
  const at = await instance(shortLived)
  const [usual, short] = [visitor(), visitor()]
  await setValue(usual, newValue(draw), { at: a, aside: true })
  await setValue(short, newValue(draw), { at, aside: true })
  leftAlone = {
    onA: usual.savedCookie(),
    onShortLived: short.savedCookie(),
    onShortLivedSinceMs: performance.now(),
  }
}

/** The cookie with its id and signature told apart, as far as it has both. */
function cookieLine(who: Visitor): string {
  const value = percentDecoded(who.jar.get(COOKIE) ?? '')
  const [, id, signature] = /^s:(.*)\.([^.]*)$/.exec(value) ?? []
  if (id === undefined || signature === undefined) return `The cookie: ${shorten(value)}`
  return `The cookie: s:${shorten(id)} is the id, .${signature.slice(0, 6)}… its signature.`
}

check(
  'one-secret',
  {
    name: 'what was set on one instance is there on the other',
    step: 2,
    points: 2,
    needs: ['prefix'],
    hints: [
      'Redis has the session. What does the other instance need besides, before it looks there?',
      'Each instance believes only cookies that it could have signed itself. What do you sign with, and is it the same in every process?',
      'In sessions.ts, give the option secret what sessionSecrets() returns: it is SESSION_SECRET, which all instances get alike.',
    ],
  },
  async (context) => {
    const { visitor, draw, redis } = context
    const [a, b] = await bothInstances(context)
    const ways: [from: App, to: App][] = [
      [a, b],
      [b, a],
    ]
    for (const [from, to] of draw.shuffle(ways)) {
      const before = await keyNames(redis)
      const who = visitor()
      const value = newValue(draw)
      expectRedirect(await setValue(who, value, { at: from }), '/')
      const keys = await newKeys(redis, before)
      const line = cookieLine(who)
      const page = await openHome(who, { at: to })
      expectStatus(page, 200)
      if (holds(page, value)) continue
      fail({
        expected: `Instance ${to.name} should show what was set on instance ${from.name}: "${value}".`,
        got: `It does not, though it is in the same Redis. Does ${to.name} believe a cookie that ${from.name} has signed? Both need the same secret.`,
        exchange: page.exchange,
        mark: { line: 'body', at: '', note: `"${value}" is not in here` },
        detail: [line, ...keyLines(keys, redis, value)],
      })
    }
    await leaveSessionsAlone(context, a)
  },
)

check(
  'rotation',
  {
    name: 'SESSION_SECRET can be a list: the first secret signs, all are accepted',
    step: 2,
    points: 1,
    needs: ['one-secret'],
    hints: [
      'A site gets a new secret, one instance after the other. What becomes of the cookies that were signed with the old one?',
      'SESSION_SECRET can hold several secrets, with commas between them. What does sessionSecrets() make of it, and how much of that does express-session get?',
      'Give the option secret the whole list that sessionSecrets() returns: no single secret of it, and not the text in process.env.SESSION_SECRET.',
    ],
  },
  async (context) => {
    const { visitor, draw, instance } = context
    const [a] = await bothInstances(context)
    const newer = await instance(proxied)
    const value = newValue(draw)
    const who = await newSession(context, value, { at: a })
    const page = await openHome(who, {
      at: newer,
      cookie: who.savedCookie(),
      does: 'opens the start page of an instance with SESSION_SECRET=newer,old',
    })
    const what = 'It should accept a cookie that was signed with the old secret, and say'
    expectHolds(page, value, what, [
      'SESSION_SECRET has two secrets there, with a comma between them. Does your app try both?',
    ])
    const [later, newcomer] = [newValue(draw), visitor()]
    const first = await setValue(newcomer, later, { at: newer, does: 'sets a value there' })
    const cookie = expectSetsCookie(first, COOKIE)
    const signature = signatureIn(cookie.value)
    const isNewest =
      signature === undefined
        ? holds(await openHome(newcomer, { at: await instance(shortLived), aside: true }), later)
        : signature === signatureIn(signed(idIn(cookie.value), NEWER_SECRET))
    if (isNewest) return
    fail({
      expected: 'A new cookie should be signed with the first secret in SESSION_SECRET.',
      got:
        signature === undefined
          ? 'An instance that has this secret alone does not accept it.'
          : 'Its signature is of another one.',
      exchange: first.exchange,
      mark: {
        line: 'Set-Cookie:',
        header: cookie.header,
        at: `${COOKIE}=`,
        note: 'signed with another secret',
      },
      detail: ['Is a secret written into the source, or the list turned around?'],
    })
  },
)

check(
  'balanced',
  {
    name: 'behind a balancer, every request finds the value as it is now',
    step: 2,
    points: 1,
    needs: ['one-secret'],
    hints: [
      'Which instance changed the value last, and how does the other one learn of it?',
      'Is something of the session kept in the memory of an instance, if only to be faster?',
      'Read the session from Redis at each request. Another instance can have changed it a moment ago.',
    ],
  },
  async (context) => {
    const { visitor, draw, balanced } = context
    const next = balanced(await bothInstances(context))
    // Three visitors, two instances: the requests of each go to one and the other in turn.
    const people = [visitor(undefined, next), visitor(undefined, next), visitor(undefined, next)]
    for (let round = 0; round < 2; round += 1) {
      const values = people.map(() => newValue(draw))
      for (const [index, who] of people.entries()) {
        expectRedirect(await setValue(who, values[index] ?? ''), '/')
      }
      for (const _ of ['one instance', 'the other']) {
        for (const [index, who] of people.entries()) expectHolds(await openHome(who), values[index] ?? '')
      }
    }
  },
)

check(
  'dead-instance',
  {
    name: 'when one instance dies, the other goes on; after its restart it finds everything again',
    step: 2,
    points: 1,
    needs: ['balanced'],
    hints: [
      'What is lost when a process dies?',
      'All that belongs to a session has to be in Redis, and the cookie has to be good for the next process as well. What does your app do when it starts?',
      'Nothing of a session may depend on the process that began it, and no process may tidy up Redis when it starts: keys there end by themselves.',
    ],
  },
  async (context) => {
    const { draw, redis, balanced } = context
    const [a, b] = await bothInstances(context)
    const next = balanced([a, b])
    const value = newValue(draw)
    const before = await keyNames(redis)
    const who = await newSession(context, value, { at: a })
    expectHolds(await openHome(who, { at: b }), value)
    if (await isBrief(redis, before)) return
    await a.stop()
    const page = await openHome(who, { at: next() })
    expectHolds(page, value, 'Instance B goes on, and its page should say')
    const later = newValue(draw)
    expectRedirect(await setValue(who, later, { at: next() }), '/')
    expectHolds(await openHome(who, { at: next() }), later)
    const [again] = await bothInstances(context)
    const cookie = who.savedCookie()
    const back = await openHome(who, { at: again })
    if (!holds(back, later)) {
      // An app that has not found Redis yet, and shows an empty page in the meantime, fails in step 4.
      await sleep(FOUND_MS)
      if (holds(await openHome(who, { at: again, cookie, aside: true }), later)) return
    }
    expectHolds(back, later, 'After its restart, the page of instance A should say')
  },
)

check(
  'ended',
  {
    name: 'ending a session ends it everywhere: in Redis, on each instance, and in the browser',
    step: 2,
    points: 2,
    needs: ['balanced'],
    hints: [
      'A browser forgets a cookie when it is told to. Who else may have a copy of it?',
      'There are two things to end: the session in the store, and the cookie in the browser. Which one is left, and whose sessions are gone?',
      'endSession in sessions.ts does both for this one session: it waits until req.session.destroy has called back, and then clears the cookie with the options that it was set with.',
    ],
  },
  async (context) => {
    const { visitor, draw, redis } = context
    const apps = await bothInstances(context)
    const [value, others] = [newValue(draw), newValue(draw)]
    const other = await newSession(context, others)
    const before = await keyNames(redis)
    const [at, elsewhere] = draw.shuffle(apps) as [App, App]
    const who = await newSession(context, value, { at: elsewhere })
    const cookie = who.savedCookie()
    await open(who, '/session/end', { at, does: 'follows a link to /session/end' })
    expectHolds(await openHome(who, { at }), value, 'A GET should end nothing; the page should say')
    const stored = await newKeys(redis, before)
    const reply = await endSession(who, { at })
    expectRedirect(reply, '/')
    expectGone(reply, who, COOKIE)
    for (const one of draw.shuffle(apps)) {
      const replayed = await openHome(visitor('Thief'), {
        at: one,
        cookie,
        does: `opens the start page with a copy of ${who.name}’s old cookie`,
      })
      expectHoldsNothing(replayed, 'the session has ended')
    }
    const left = (await newKeys(redis, before)).filter((key) => stored.some(({ name }) => name === key.name))
    if (left.length > 0) {
      fail({
        expected: 'The key of the session should be gone from Redis.',
        got: 'It is still there, and whoever has a copy of the cookie can go on with this session.',
        exchange: reply.exchange,
        detail: keyLines(left, redis),
      })
    }
    expectHolds(await openHome(other, { at }), others, 'Other sessions go on; the page should say')
    expectRedirect(await endSession(who, { at, does: 'ends the session once more' }), '/')
  },
)

const PAGES_IN_FLIGHT = 6
const ROUNDS_IN_FLIGHT = 5

check(
  'in-flight',
  {
    name: 'a page that loads while the session ends does not bring it back',
    step: 2,
    points: 1,
    needs: ['ended', 'nothing-stored'],
    hints: [
      'Two requests are at work at the same time: one ends the session, one only reads it. What does the second do last?',
      'A request that has read the session before its end, and writes it after that, makes the key anew. Which option of express-session makes it write what did not change?',
      'resave: false. Then a request that changed nothing writes nothing.',
    ],
  },
  async (context) => {
    const { draw } = context
    const apps = await bothInstances(context)
    for (let round = 0; round < ROUNDS_IN_FLIGHT; round += 1) {
      const who = await newSession(context, newValue(draw), { aside: true })
      const cookie = who.savedCookie()
      const pages = (at: App) =>
        Array.from({ length: PAGES_IN_FLIGHT / 2 }, () => openHome(who, { at, cookie, aside: true }))
      const does = `ends the session while ${2 * PAGES_IN_FLIGHT} pages of the same browser are loading`
      const [at] = draw.shuffle(apps)
      const early = apps.flatMap(pages)
      const end = endSession(who, { at, cookie, does })
      const [reply] = await Promise.all([end, ...early, ...apps.flatMap(pages)])
      expectRedirect(reply, '/')
      const after = await openHome(who, { cookie, does: 'opens the start page with the cookie from before' })
      expectHoldsNothing(after, 'the session has ended, and the pages only read it')
    }
  },
)

check(
  'cookie-age',
  {
    name: 'the browser keeps the cookie for SESSION_SECONDS',
    step: 3,
    points: 1,
    needs: ['one-secret'],
    hints: [
      'How long does the browser keep this cookie?',
      'A cookie without an age ends when the browser closes. Which attribute says otherwise, and what do the settings say about the time?',
      'maxAge in cookieOptions comes from sessionSeconds. express-session counts it in milliseconds.',
    ],
  },
  async ({ visitor, draw, instance }) => {
    const reply = await setValue(visitor(), newValue(draw))
    expectLastsExactly(reply, expectSetsCookie(reply, COOKIE), SESSION_SECONDS)
    const short = await setValue(visitor(), newValue(draw), {
      at: await instance(shortLived),
      does: `sets a value on an instance with SESSION_SECONDS=${SHORT_SECONDS}`,
    })
    expectLastsExactly(short, expectSetsCookie(short, COOKIE), SHORT_SECONDS)
  },
)

/** For a machine that is busy between the app's command and our question. */
const TTL_SLACK_SECONDS = 30

/** Every key ends by itself, and the session's, which was not there before, does so in SESSION_SECONDS. */
async function expectTtl({ exchange }: Reply, redis: CheckRedis, before: Set<string>): Promise<void> {
  const all = await redis.keys()
  const endless = all.filter((key) => key.ttlSeconds === null)
  const keys = all.filter((key) => !before.has(key.name))
  if (keys.length === 0 || endless.length > 0) {
    fail({
      expected: `Each key in Redis should have a TTL: it should end by itself, SESSION_SECONDS (${SESSION_SECONDS}) after the last request.`,
      got: keys.length === 0 ? 'There is no key.' : 'This key never ends.',
      exchange,
      detail: keyLines(endless.slice(0, 1), redis),
    })
  }
  const longest = Math.max(...keys.map((key) => key.ttlSeconds ?? 0))
  // One second more, for an app that rounds up.
  if (longest <= SESSION_SECONDS + 1 && longest >= SESSION_SECONDS - TTL_SLACK_SECONDS) return
  const tooLong = longest >= SESSION_SECONDS * 900 ? ' Redis counts in seconds; were these milliseconds?' : ''
  const tooShort = longest <= SESSION_SECONDS / 900 ? ' Were the seconds taken for milliseconds?' : ''
  fail({
    expected: `The key should end SESSION_SECONDS after this request: in ${SESSION_SECONDS} seconds.`,
    got: `It ends in ${longest} seconds.${tooLong}${tooShort}`,
    exchange,
    detail: keyLines(keys.slice(0, 1), redis),
  })
}

check(
  'ttl',
  {
    name: 'every key in Redis has a TTL of SESSION_SECONDS',
    step: 3,
    points: 2,
    needs: ['cookie-age', 'unset'],
    hints: [
      'Visitors go away and never say so. Who removes their keys?',
      'A key can have a time to live (TTL), after which Redis itself removes it. Where does the store take it from, when the cookie has no age?',
      'Give RedisStore the option ttl: sessionSeconds, and leave disableTTL out. Each write of a key has to give its TTL again: a SET without one takes it away.',
    ],
  },
  async ({ visitor, draw, redis }) => {
    const before = await keyNames(redis)
    const who = visitor()
    const requests = [
      () => setValue(who, newValue(draw)),
      () => openHome(who),
      () => setValue(who, newValue(draw)),
      () => unsetValue(who),
      () => openHome(who),
    ]
    for (const request of requests) {
      const reply = await request()
      await expectTtl(reply, redis, before)
    }
  },
)

/** Redis tells a TTL in whole seconds, so a second may have to pass before it is less. */
const RENEWAL_TRIES = 4
const SECOND_MS = 1_000

/** Whether a request with this cookie makes the time of a key longer than it was. */
async function renews(context: CheckContext, cookie: string): Promise<boolean> {
  const { visitor, redis } = context
  const before = new Map((await redis.keys()).map((key) => [key.name, key.ttlSeconds ?? 0]))
  await openHome(visitor(), { cookie, aside: true })
  return (await redis.keys()).some((key) => (key.ttlSeconds ?? 0) > (before.get(key.name) ?? Infinity))
}

check(
  'renewed',
  {
    name: 'each request starts the time anew, in Redis and in the browser',
    step: 3,
    points: 1,
    needs: ['ttl', 'balanced'],
    hints: [
      'How long has this visitor done nothing?',
      'The limit is for doing nothing, so the last request counts: for the key in Redis, and for the cookie, which the browser drops by its own clock.',
      'rolling: true sends the cookie again with every answer. The store’s touch does the same for the key: leave disableTouch out.',
    ],
  },
  async (context) => {
    const { draw } = context
    const who = await newSession(context, newValue(draw))
    const page = await openHome(who)
    expectLastsExactly(page, expectSetsCookie(page, COOKIE), SESSION_SECONDS)
    if (leftAlone && (await renews(context, leftAlone.onA))) return
    const cookie = who.savedCookie()
    for (let tries = 0; tries < RENEWAL_TRIES; tries += 1) {
      await sleep(SECOND_MS + POLL_MS)
      if (await renews(context, cookie)) return
    }
    const last = await openHome(who, { does: 'waits for more than a second, and opens the start page again' })
    fail({
      expected: `This request should start the time anew: the key should end ${SESSION_SECONDS} seconds from now.`,
      got: 'Its TTL in Redis is no longer than it was before the request.',
      exchange: last.exchange,
      detail: keyLines((await context.redis.keys()).slice(-1), context.redis),
    })
  },
)

/** A TTL in whole seconds that was rounded up can make a second of two. */
const SHORT_WAIT_MS = SHORT_SECONDS * SECOND_MS + 1_200

check(
  'idle',
  {
    name: 'a session ends after SESSION_SECONDS without a request',
    step: 3,
    points: 1,
    needs: ['ttl', 'balanced'],
    hints: [
      'A browser can be told when to drop a cookie. Who makes sure that it does?',
      'Which time does Redis get for the key when SESSION_SECONDS is another one?',
      'The TTL of the key is SESSION_SECONDS, whatever that is: no other limit in its place, and none beside it.',
    ],
  },
  async (context) => {
    const { visitor, draw, instance } = context
    const at = await instance(shortLived)
    if (leftAlone) {
      await sleep(
        Math.max(0, SHORT_SECONDS * SECOND_MS + 100 - (performance.now() - leftAlone.onShortLivedSinceMs)),
      )
      const page = await openHome(visitor(), { at, cookie: leftAlone.onShortLived, aside: true })
      if (visibleText(page.body).includes('The session holds nothing')) return
    }
    const value = newValue(draw)
    const who = visitor()
    const does = `sets the value "${value}" on an instance with SESSION_SECONDS=${SHORT_SECONDS}`
    expectRedirect(await setValue(who, value, { at, does }), '/')
    const cookie = who.savedCookie()
    await sleep(SHORT_WAIT_MS)
    const page = await openHome(who, {
      at,
      cookie,
      does: 'waits for more than two seconds, and opens the start page',
    })
    expectHoldsNothing(page, 'nothing happened for longer than SESSION_SECONDS')
  },
)

/**
 * The app has 2 seconds for its answer. On a busy machine that takes longer for reasons which are not the app's, so
 * only twice the time is a failure. After 5 seconds nobody waits any more.
 */
const OUTAGE_ANSWER_SECONDS = 2
const OUTAGE_FAILURE_SECONDS = 4

const SOON = `Without an answer from Redis, the page should be a 503 within ${OUTAGE_ANSWER_SECONDS} seconds.`

/** The answer, which has to come soon, also while the store is away. */
async function soon(request: Promise<Reply>, expected = SOON): Promise<Reply> {
  const begin = performance.now()
  const reply = await request.catch((error: unknown) => {
    if (!(error instanceof NoReply) || error.kind !== 'slow') throw error
    return fail({ expected, got: 'There was no answer for 5 seconds.' })
  })
  const seconds = (performance.now() - begin) / 1000
  expectThat(seconds < OUTAGE_FAILURE_SECONDS, reply, expected, `It took ${seconds.toFixed(1)} seconds.`)
  return reply
}

/** While the store is away, this request gets a clear answer, soon, and no cookie. */
async function expectOutagePage(request: Promise<Reply>): Promise<void> {
  const reply = await soon(request)
  expectStatus(reply, 503, 'because the session store cannot be reached')
  const sentence = 'The session store cannot be reached. Try again in a moment.'
  expectShows(reply, sentence, 'The page should say what is wrong')
  expectSetsNothing(reply, 'the session is only out of reach: its visitor needs the cookie again')
  const retry = reply.header('retry-after')
  expectThat(
    retry === '1',
    reply,
    'The answer should have the header Retry-After: 1, for programs that try again by themselves.',
    retry === undefined ? 'It has none.' : `It has Retry-After: ${retry}.`,
  )
}

/**
 * Redis goes away while this request is at work: then it is done, or the answer is the page of an outage. What is not
 * done must not look as if it were.
 */
async function expectDoneOrOutage(
  request: Promise<Reply>,
  isDone: (reply: Reply) => Promise<boolean>,
  undone: string,
): Promise<void> {
  const reply = await soon(request)
  if (reply.status < 400 && (await isDone(reply))) return
  if (reply.status !== 503) expectStatus(reply, 503, `because ${undone}`)
  await expectOutagePage(Promise.resolve(reply))
}

/** What Redis holds now under the names of these keys. */
async function valuesNow(redis: CheckRedis, keys: StoredKey[]): Promise<(string | undefined)[]> {
  const now = new Map((await redis.keys()).map(({ name, value }) => [name, value]))
  return keys.map(({ name }) => now.get(name))
}

async function hasEnded(redis: CheckRedis, keys: StoredKey[]): Promise<boolean> {
  return (await valuesNow(redis, keys)).every((value) => value === undefined)
}

async function hasChanged(redis: CheckRedis, keys: StoredKey[]): Promise<boolean> {
  return (await valuesNow(redis, keys)).some((value, at) => value !== keys[at]?.value)
}

/** Redis is there again, and the app has found it. */
function expectBack({ status, exchange }: Reply): void {
  if (status !== 503) return
  fail({
    expected: 'Redis is there again, so the app should find it, within a second or so.',
    got: `${BACK_MS / 1000} seconds later, the answer is still 503.`,
    exchange,
    mark: { line: 'status', at: '503', note: 'Redis is there' },
  })
}

/** Redis dies when each instance has read a session, and has not yet written it. */
async function expectDeathAtWork(context: CheckContext): Promise<void> {
  const { draw, redis } = context
  const before = await keyNames(redis)
  const [changing, ending] = [newValue(draw), newValue(draw)]
  const one = await newSession(context, changing)
  const changed = await newKeys(redis, before)
  const other = await newSession(context, ending)
  const ended = (await newKeys(redis, before)).filter((key) => changed.every(({ name }) => name !== key.name))
  const [a, b] = draw.shuffle(await bothInstances(context)) as [App, App]
  await redis.stopAfter([...changed, ...ended].map((key) => key.name))
  await expectDoneOrOutage(
    setValue(one, newValue(draw), { at: a, outage: true }),
    async () => hasChanged(redis, changed),
    'Redis died before it had the new value',
  )
  await expectDoneOrOutage(
    endSession(other, { at: b, outage: true }),
    async () => hasEnded(redis, ended),
    'Redis died before it had removed the session',
  )
}

/** The session that there was when Redis died: the check after that looks for it again. */
let interrupted = { cookie: '', value: '', brief: false }

check(
  'outage',
  {
    name: 'when Redis is down, pages answer 503 soon and set no cookie, and the app lives',
    step: 4,
    points: 2,
    needs: ['nothing-stored', 'balanced', 'ended'],
    hints: [
      'What does a command do when there is no connection: does it fail, or does it wait for one?',
      'Two things of the client decide this: whether it queues commands while it is not connected, and whether somebody listens to its event "error". Then: where does the error go, and which page does it become?',
      'Set disableOfflineQueue, listen to "error", and make each failure of a command a StoreOutage. showOutage then sets Retry-After and takes the session off the request, so that express-session sets no cookie.',
    ],
  },
  async (context) => {
    const { visitor, draw, redis } = context
    const apps = await bothInstances(context)
    const value = newValue(draw)
    const before = await keyNames(redis)
    const who = await newSession(context, value)
    // Both have shown the value, and neither may show it from its memory when Redis is away.
    for (const at of apps) expectHolds(await openHome(who, { at }), value)
    interrupted = { cookie: who.savedCookie(), value, brief: await isBrief(redis, before) }
    await expectDeathAtWork(context)
    await redis.stop()
    for (const at of draw.shuffle(apps)) {
      const options = { at, outage: true }
      const known = { ...options, cookie: interrupted.cookie }
      await expectOutagePage(openHome(who, known))
      await expectOutagePage(setValue(who, newValue(draw), known))
      await expectOutagePage(unsetValue(who, known))
      await expectOutagePage(endSession(who, known))
      const newcomer = visitor()
      const first = await openHome(newcomer, { ...options, does: 'opens the start page, without a cookie' })
      expectSetsNothing(first, `${newcomer.name} has only looked`)
      await expectOutagePage(setValue(newcomer, newValue(draw), options))
      const health = await who.get('/health', { at })
      expectStatus(health, 200, 'because the app itself is well')
      expectShows(health, 'ok', 'The balancer asks whether this instance is alive; the page should say')
    }
  },
)

check(
  'recovers',
  {
    name: 'when Redis is back, the app finds it by itself, and the old cookie leads to the old value',
    step: 4,
    points: 1,
    needs: ['outage'],
    hints: [
      'Who connects to Redis again, and how often does it try?',
      'A client that was told not to try again, or to give up after some tries, needs a restart of the app.',
      'Give the client a reconnectStrategy that is a time in milliseconds, or a function that always returns one: some hundred milliseconds, never false.',
    ],
  },
  async (context) => {
    const { visitor, draw } = context
    const [a, b] = await bothInstances(context)
    const who = visitor()
    for (const at of [a, b]) {
      const page = await openHome(who, {
        at,
        cookie: interrupted.cookie,
        does: 'opens the start page, after Redis died and was started again',
      })
      expectBack(page)
      if (interrupted.brief) continue
      expectHolds(page, interrupted.value, 'Redis still has the session, and the page should say')
    }
    const later = newValue(draw)
    expectRedirect(await setValue(who, later, { at: b }), '/')
    expectHolds(await openHome(who, { at: a }), later)
  },
)

/** So long that a socketTimeout of a second, after a ping half a second later, has ended the silent connection. */
const HANG_MS = 1_800

check(
  'hang',
  {
    name: 'when Redis takes requests and never answers, pages answer 503 soon; afterwards all is well',
    step: 4,
    points: 2,
    needs: ['recovers'],
    hints: [
      'The connection stands, the command is sent, and no answer comes. How long do you wait?',
      'Nobody gives up by himself here: not TCP, not the client, not express-session. Who sets a limit of two seconds, and what happens to the connection?',
      'inTime waits for the answer or for a timer, whichever is first (Promise.race), and every command goes through it. A socketTimeout of the client drops the silent connection; with a reconnectStrategy it gets another one.',
    ],
  },
  async (context) => {
    const { visitor, draw, redis, instance } = context
    const [a, b] = await bothInstances(context)
    const [c, idle] = [await instance(proxied), await instance(shortLived)]
    const value = newValue(draw)
    const before = await keyNames(redis)
    const who = await newSession(context, value)
    const other = await newSession(context, newValue(draw))
    const [cookie, others] = [who.savedCookie(), other.savedCookie()]
    const brief = await isBrief(redis, before)
    const [shown, names] = [newValue(draw), await keyNames(redis)]
    const reader = await newSession(context, shown, { at: b })
    const read = await newKeys(redis, names)
    const leaver = await newSession(context, newValue(draw), { at: c })
    const readOrLeft = await newKeys(redis, names)
    const left = readOrLeft.filter((key) => read.every(({ name }) => name !== key.name))
    await redis.hangAfter(readOrLeft.map((key) => key.name))
    const begin = performance.now()
    const options = { outage: true, aside: true }
    // One command for each instance: whoever throws a late connection away ends the others on it as well.
    await Promise.all([
      expectOutagePage(setValue(visitor(), newValue(draw), { ...options, at: a })),
      // These instances can still read the session, and get no answer to what they do with it.
      expectDoneOrOutage(
        openHome(reader, { ...options, at: b }),
        async (reply) => holds(reply, shown),
        'the session store does not answer',
      ),
      expectDoneOrOutage(
        endSession(leaver, { ...options, at: c }),
        () => hasEnded(redis, left),
        'Redis has not said that the session is removed',
      ),
    ])
    await Promise.all([
      expectOutagePage(openHome(who, { ...options, at: a, cookie })),
      expectOutagePage(endSession(other, { ...options, at: a, cookie: others })),
    ])
    await sleep(Math.max(0, begin + HANG_MS - performance.now()))
    await redis.start()
    const page = await openHome(who, { at: a, cookie })
    expectBack(page)
    if (!brief) expectHolds(page, value, 'Redis still has the session, and the page should say')
    // On this one nothing was asked of Redis in the meantime, but perhaps by its client.
    expectBack(await setValue(visitor(), newValue(draw), { at: idle }))
  },
)

/** A quick app listens in half a second. */
const START_MS = 8_000

check(
  'late-redis',
  {
    name: 'the app starts while Redis is away, and uses it as soon as it is there',
    step: 4,
    points: 1,
    needs: ['recovers', 'dead-instance'],
    hints: [
      'After a power cut, everything starts at once. What does your app do until Redis is there?',
      'What does your code wait for before the app listens?',
      'Do not await client.connect() in openStore: let it go on by itself, and catch its error. Until it is connected, commands fail, and pages answer 503.',
    ],
  },
  async (context) => {
    const { draw, redis } = context
    const [a, b] = await bothInstances(context)
    const value = newValue(draw)
    const before = await keyNames(redis)
    const who = await newSession(context, value, { at: a, aside: true })
    const cookie = who.savedCookie()
    await openHome(who, { at: a, aside: true })
    const brief = await isBrief(redis, before)
    await b.stop()
    await redis.stop()
    // The timer must not keep the process from its end.
    const tooLate = sleep(START_MS, undefined, { ref: false })
    const started = await Promise.race([context.instances(), tooLate])
    if (!started) {
      fail({
        expected: 'Instance B should start while Redis is down, and answer 503 until it is there.',
        got: `${START_MS / 1000} seconds after its start, it does not listen yet.`,
      })
    }
    const at = started[1]
    await expectOutagePage(openHome(who, { at, cookie, outage: true }))
    await redis.start()
    const page = await openHome(who, { at, cookie })
    expectBack(page)
    if (!brief) expectHolds(page, value, 'The session is in Redis, and the page should say')
  },
)
