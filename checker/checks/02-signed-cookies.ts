// Lab 2: the game lives in the visitor's cookies, and the server signs them.
import { createHash, createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { developmentEnvironment } from '../src/app/environment.ts'
import { type CheckContext, check } from '../src/check/check.ts'
import { startEarly } from '../src/check/current.ts'
import type { Draw } from '../src/check/draw.ts'
import {
  expectAttributes,
  expectFits,
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
  expectUntilBrowserCloses,
  fail,
} from '../src/check/expect.ts'
import type { InstanceOptions } from '../src/check/judged.ts'
import { expectHugeCookieHarmless, fillers } from '../src/check/large-cookies.ts'
import { shorten } from '../src/check/shorten.ts'
import { COOKIE_MAX_BYTES, type SetCookie } from '../src/http/jar.ts'
import { visibleText } from '../src/http/page.ts'
import type { Reply, RequestOptions, Visitor } from '../src/http/visitor.ts'

const NAMES = ['player', 'game'] as const
type CookieName = (typeof NAMES)[number]

const OLD_SECRET = developmentEnvironment.SESSION_SECRET ?? ''
const NEW_SECRET = 'the-secret-that-came-after-the-first'

const LIMIT_SECONDS = 1800
const HALF_WAY_SECONDS = 1700
const TOO_LATE_SECONDS = 1810
/** When the secret is changed: within the hour, and so late that a time that was kept is not the present one. */
const ROTATION_SECONDS = 3000
/** The app while its secret is changed, and after that. It has its files, as after a restart. */
const rotating: InstanceOptions = {
  // Three, because "several" is more than the newest and one before it.
  env: { SESSION_SECRET: `${NEW_SECRET},the-secret-between-these-two,${OLD_SECRET}` },
  data: 'shared',
  clockAheadSeconds: ROTATION_SECONDS,
}
const rotated: InstanceOptions = { env: { SESSION_SECRET: NEW_SECRET }, data: 'shared' }

/** Within the default limit of an hour. */
const halfWay: InstanceOptions = { clockAheadSeconds: HALF_WAY_SECONDS }
const tooLate: InstanceOptions = {
  env: { GAME_SECONDS: String(LIMIT_SECONDS) },
  clockAheadSeconds: TOO_LATE_SECONDS,
}
/** For an app that takes the time from a source which the shifted clock does not reach. */
const shortLimit: InstanceOptions = { env: { GAME_SECONDS: '1' } }
/** A time in whole seconds can make a second of two. */
const SHORT_WAIT_MS = 2_200

startEarly(rotating, halfWay, tooLate, rotated)

function logIn(who: Visitor, { name = who.name, ...options }: RequestOptions & { name?: string } = {}) {
  return who.post('/login', { name }, { does: `logs in as "${name}"`, ...options })
}

function command(who: Visitor, text: string, options: RequestOptions = {}): Promise<Reply> {
  return who.post('/play', { command: text }, { does: `plays "${text}"`, ...options })
}

function openGame(who: Visitor, options: RequestOptions = {}): Promise<Reply> {
  return who.get('/', { does: 'opens the game', ...options })
}

async function playAll(who: Visitor, commands: string[]): Promise<void> {
  for (const text of commands) expectRedirect(await command(who, text), '/')
}

/** A visitor who has logged in and played `commands`. */
async function playerAfter({ visitor }: CheckContext, ...commands: string[]): Promise<Visitor> {
  const who = visitor()
  await logIn(who)
  await playAll(who, commands)
  return who
}

function expectLoggedIn(reply: Reply, name: string, because = ''): void {
  expectStatus(reply, 200)
  const wanted = `Logged in as ${name}`
  const text = visibleText(reply.body)
  if (text.includes(wanted.replace(/\s+/g, ' '))) return
  const [says] = /You are not logged in|Logged in as .*/.exec(text) ?? []
  const shown = says?.startsWith('Logged in as') ? untilOther(says, wanted) : says
  fail({
    expected: `The page should say "${shorten(wanted)}"${because && `, because ${because}`}.`,
    got: shown === undefined ? 'It does not say so.' : `It says "${shorten(shown)}".`,
    exchange: reply.exchange,
    mark: { line: 'body', at: '', note: `should say "${shorten(wanted)}"` },
  })
}

/** The text up to the first word that is another one than in `wanted`. */
function untilOther(text: string, wanted: string): string {
  const [words, wantedWords] = [text.split(' '), wanted.split(/\s+/)]
  return words.slice(0, words.findIndex((word, index) => word !== wantedWords[index]) + 1).join(' ')
}

function expectLoggedOut(reply: Reply, because: string): void {
  expectStatus(reply, 200, `with "You are not logged in", because ${because}`)
  const text = visibleText(reply.body)
  if (text.includes('You are not logged in')) return
  const shown = text.includes('Logged in as') ? 'Logged in as' : ''
  fail({
    expected: `The page should say "You are not logged in", because ${because}.`,
    got: shown === '' ? 'It does not say so.' : `It says "${shown} …".`,
    exchange: reply.exchange,
    mark: { line: 'body', at: '', note: 'should say "You are not logged in"' },
  })
}

/** The number that the page shows behind a word, as in "Turn: 3". */
function numberAfter(reply: Reply, word: string): string | undefined {
  return new RegExp(`\\b${word}: (\\d+)`).exec(visibleText(reply.body))?.[1]
}

/** The list that the page shows behind a word, as in "Exits: north, west". */
function listAfter(reply: Reply, word: string): string[] {
  const list = new RegExp(`\\b${word}: ([a-z]+(?:, [a-z]+)*)`).exec(visibleText(reply.body))?.[1]
  return list === undefined || list === 'nothing' ? [] : list.split(', ').sort()
}

function expectNumber(reply: Reply, word: 'Turn' | 'Health', number: number, because = ''): void {
  expectStatus(reply, 200)
  const shown = numberAfter(reply, word)
  if (shown === String(number)) return
  fail({
    expected: `The page should say "${word}: ${number}"${because && `, because ${because}`}.`,
    got: shown === undefined ? `It has no "${word}: …".` : `It says "${word}: ${shown}".`,
    exchange: reply.exchange,
    mark: { line: 'body', at: '', note: `should say "${word}: ${number}"` },
  })
}

function expectTurn(reply: Reply, turn: number, because = ''): void {
  expectNumber(reply, 'Turn', turn, because)
}

function expectList(reply: Reply, word: 'Exits' | 'You see' | 'You carry', list: string[]): void {
  if (listAfter(reply, word).join() === [...list].sort().join()) return
  const wanted = `${word}: ${list.join(', ') || 'nothing'}`
  fail({
    expected: `The page should say "${wanted}".`,
    got: `It says "${word}: ${listAfter(reply, word).join(', ') || 'nothing'}".`,
    exchange: reply.exchange,
    mark: { line: 'body', at: '', note: `should say "${wanted}"` },
  })
}

/** Without a valid player, a command leads to the form, and makes nothing good. */
function expectSentToLogin(reply: Reply, because: string): void {
  expectStatus(reply, 303, `to /login, because ${because}`)
  expectRedirect(reply, '/login', because)
  expectSetsNothing(reply, because)
}

/** A signed value, `<payload>.<issued>.<signature>`. Parts that are missing are empty. */
interface Parts {
  payload: string
  issued: string
  signature: string
}

function partsOf(value: string): Parts {
  const [payload = '', issued = '', signature = ''] = percentDecoded(value).split('.')
  return { payload, issued, signature }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function joined({ payload, issued, signature }: Parts): string {
  return `${payload}.${issued}.${signature}`
}

/** What the visitor's browser keeps under this name, in parts. */
function kept(who: Visitor, name: CookieName): Parts {
  return partsOf(who.jar.get(name) ?? '')
}

/** A Cookie header with both cookies of the visitor, one of them replaced. */
function headerWith(who: Visitor, name: CookieName, value: string): string {
  return NAMES.map((one) => `${one}=${one === name ? value : (who.jar.get(one) ?? '')}`).join('; ')
}

function decoded(payload: string): string {
  return Buffer.from(payload, 'base64url').toString()
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64url')
}

function hmac(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url')
}

/** base64url as a cookie carries it, without padding (RFC 4648, section 5). */
const BASE64URL = /^[A-Za-z0-9_-]*$/
const BASE64URL_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The texts that a signature can cover. Which of them is enough is for the checks of steps 2 and 5 to show. */
function signedTexts(name: string, { payload, issued }: Parts): string[] {
  return [`${name}.${payload}.${issued}`, `${payload}.${issued}`, `${name}.${payload}`, payload]
}

async function expectLoginForm(who: Visitor, because = ''): Promise<void> {
  const form = await who.get('/login', { does: 'opens the login form' })
  expectStatus(form, 200, because)
  if (/<input\b[^>]*\bname=["']?name\b/i.test(form.body)) return
  fail({
    expected: 'The page should have a form with a field called "name".',
    got: 'There is no such field.',
    exchange: form.exchange,
    mark: { line: 'body', at: '', note: 'no field called "name" in here' },
  })
}

check(
  'opens',
  {
    name: 'the game opens, and it asks for a name',
    step: 0,
    points: 1,
    hints: [
      'The starter passes this check. If your app broke, the line that it names is the place to look at.',
      'What does your code do for a visitor who sends no cookie at all? GET / tells a visitor without a name "You are not logged in"; GET /login shows a form with the field "name".',
      'readCookie gives undefined when there is no such cookie, and that is the usual case: nobody is logged in. Nothing may be verified, split or parsed then.',
    ],
  },
  async ({ visitor }) => {
    const who = visitor()
    const start = await who.get('/', { does: 'opens the start page' })
    expectLoggedOut(start, 'nobody has logged in yet')
    expectSetsNothing(start, 'nobody has logged in yet')
    await expectLoginForm(who)
  },
)

/** The reply sets the cookie so that the browser keeps it, and sends it to every page of the game. */
function expectComesBack(reply: Reply, who: Visitor, name: CookieName): void {
  const cookie = expectSetsCookie(reply, name)
  const missing = ['/', '/play', '/logout'].find((page) => !who.jar.headerFor(page)?.includes(`${name}=`))
  if (missing === undefined) return
  const [at, note] = cookie.domain
    ? ['Domain', 'is another host']
    : cookie.path === '/'
      ? [cookie.header, 'the browser drops it']
      : ['Path', 'should be /']
  fail({
    expected: `The browser should keep the cookie "${name}" and send it with every request.`,
    got: `It does not send it to ${missing}.${cookie.path === '/' ? '' : ` It has Path=${cookie.path}.`}`,
    exchange: reply.exchange,
    mark: { line: 'Set-Cookie:', at, note },
  })
}

check(
  'log-in',
  {
    name: 'logging in puts two cookies on the answer, "player" and "game"',
    step: 1,
    points: 1,
    needs: ['opens'],
    hints: [
      'Two functions work together here: sign makes a value (step 1), writeSession sends it (step 3). Which of them does nothing yet?',
      'There are two cookies, and each is signed by itself: what does each of them carry?',
      'In writeSession, set "player" to the signed name and "game" to the signed JSON of the game. Each takes one call of res.cookie.',
    ],
  },
  async ({ visitor }) => {
    const who = visitor()
    const reply = await logIn(who)
    for (const name of NAMES) expectComesBack(reply, who, name)
    expectRedirect(reply, '/')
  },
)

/** The cookie's value has three parts, can be read, has the time, and is signed with the server's secret. */
function expectSigned(reply: Reply, cookie: SetCookie): string {
  const point = (expected: string, got: string, at: string, note: string) =>
    fail({
      expected,
      got,
      exchange: reply.exchange,
      mark: { line: 'Set-Cookie:', header: cookie.header, at, note },
    })
  const { name } = cookie
  const pieces = percentDecoded(cookie.value).split('.')
  const parts = partsOf(cookie.value)
  if (pieces.length !== 3 || pieces.includes('')) {
    point(
      `The cookie "${name}" should have three parts with dots between them: payload, time and signature.`,
      pieces.length === 3 ? 'One of them is empty.' : `It has ${pieces.length}.`,
      name,
      'should be <payload>.<issued>.<signature>',
    )
  }
  for (const [part, text] of [
    ['payload', parts.payload],
    ['signature', parts.signature],
  ] as const) {
    if (BASE64URL.test(text)) continue
    const other = [...new Set(text.replace(/[A-Za-z0-9_-]/g, ''))].map((character) => `"${character}"`)
    point(
      `The ${part} in "${name}" should be base64url: letters, digits, "-" and "_" only.`,
      `It has ${other.join(' and ')}.`,
      name,
      `this ${part} is not base64url`,
    )
  }
  const nowSeconds = Date.now() / 1000
  // Two minutes of slack, for a machine that is busy.
  if (!/^\d+$/.test(parts.issued) || Math.abs(Number(parts.issued) - nowSeconds) > 120) {
    point(
      `The second part of "${name}" should be the time, in whole seconds since 1970: now about ${Math.floor(nowSeconds)}.`,
      `It is "${shorten(parts.issued)}".`,
      name,
      'not the time in seconds',
    )
  }
  if (!signedTexts(name, parts).some((text) => hmac(text, OLD_SECRET) === parts.signature)) {
    const [bound = '', plain = ''] = signedTexts(name, parts).map((text) => hmac(text, OLD_SECRET))
    point(
      `The third part of "${name}" should be the HMAC-SHA-256, in base64url, of "<payload>.<issued>", or from step 5 on of "${name}.<payload>.<issued>". Its key is the first secret in SESSION_SECRET.`,
      `It is "${shorten(parts.signature)}"${/^[0-9a-f]{64}$/.test(parts.signature) ? ', which is hexadecimal' : ''}. With this payload and this time it would be "${plain}", or from step 5 on "${bound}".`,
      name,
      'not that signature',
    )
  }
  return decoded(parts.payload)
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}

check(
  'signed',
  {
    name: 'each cookie is payload, time and signature; the payload can be read by everybody',
    step: 1,
    points: 2,
    needs: ['log-in'],
    hints: [
      'Take the cookie apart at the dots. Which part is not what the chapter says?',
      'Buffer.from(text) holds the bytes of a text; which encoding of them has no "+", "/" or "="? What does createHmac need besides "sha256"?',
      'Payload and signature are both base64url; the signature is the digest of an HMAC over what stands before it, keyed with the first secret. The time is Date.now() / 1000, rounded down.',
    ],
  },
  async ({ visitor }) => {
    // In base64, which is not base64url, every such name has a "/", and a "=" at its end.
    const who = visitor()
    const odd = `${who.name} Ångström???`
    const name = Buffer.byteLength(odd) % 3 === 0 ? `${odd}?` : odd
    const reply = await logIn(who, { name })
    expectStatus(reply, 303, 'because a name can have any characters, 1 to 500 of them')
    const player = expectSetsCookie(reply, 'player')
    const signedName = expectSigned(reply, player)
    if (signedName !== name) {
      fail({
        expected: `The payload of "player" should be the name as it is: the base64url of ${name}, which is ${encoded(name)}.`,
        got:
          signedName === JSON.stringify(name)
            ? 'Decoded, it is the name as JSON: with a quotation mark before and behind it.'
            : `Decoded, it is ${shorten(signedName)}.`,
        exchange: reply.exchange,
        mark: { line: 'Set-Cookie:', header: player.header, at: 'player', note: 'not the name as it is' },
      })
    }
    const game = expectSetsCookie(reply, 'game')
    const signedGame = expectSigned(reply, game)
    if (!isJsonObject(signedGame)) {
      fail({
        expected: 'The payload of "game" should be the JSON of the game, in base64url.',
        got: `Decoded, it is ${shorten(signedGame)}.`,
        exchange: reply.exchange,
        mark: { line: 'Set-Cookie:', header: game.header, at: 'game', note: 'not JSON' },
      })
    }
  },
)

check(
  'read-back',
  {
    name: 'the page knows the player, and the game goes on from request to request',
    step: 2,
    points: 1,
    needs: ['log-in'],
    hints: [
      'The browser sent both cookies back. Which function gives their text back, and which one puts the session together?',
      'verify does the same as sign and compares: what does it need to do with the three parts?',
      'verify splits the value at the dots, makes the signature that belongs to the first two parts, and decodes the payload if it is the third (step 2). readSession calls it for both cookies (step 3).',
    ],
  },
  async (context) => {
    const who = context.visitor(`${context.draw.name()} Ångström`)
    await logIn(who)
    const first = await openGame(who)
    expectLoggedIn(first, who.name)
    expectTurn(first, 0, 'nothing was played yet')
    expectList(first, 'Exits', ['north', 'west'])
    await playAll(who, ['go west'])
    const second = await openGame(who)
    expectLoggedIn(second, who.name)
    expectTurn(second, 1, `${who.name} played one command`)
    expectList(second, 'You see', ['oil'])
    await playAll(who, ['get oil'])
    const third = await openGame(who)
    expectTurn(third, 2, `${who.name} played two commands`)
    expectList(third, 'You carry', ['oil'])
  },
)

check(
  'own-game',
  {
    name: 'each game is in the visitor’s own cookies, and the server keeps none',
    step: 3,
    points: 2,
    needs: ['read-back'],
    hints: [
      'Where is the game between two requests?',
      'A variable outside of your functions is one for all visitors.',
      'Nothing is kept on the server: readSession makes the session from the cookies of this request, each time.',
    ],
  },
  async (context) => {
    const [one, two] = [await playerAfter(context), await playerAfter(context)]
    const note = `${context.draw.words()} ${context.draw.int(100, 999)}`
    await playAll(one, ['go west', 'get oil'])
    await playAll(two, ['go north'])
    const saved = one.savedCookie()
    await playAll(one, [`write ${note}`])
    const text = decoded(kept(one, 'game').payload)
    const first = await openGame(one)
    expectLoggedIn(first, one.name)
    expectTurn(first, 3, `${one.name} played three commands`)
    expectList(first, 'You carry', ['oil'])
    expectShows(first, note, 'The notebook should have the line')
    expectThat(
      text.includes(note),
      first,
      `The payload of "game" should have the whole game, also the line "${note}" of the notebook.`,
      `Decoded, it is ${shorten(text, 160)}, so the line is on the server.`,
    )
    const back = await openGame(one, {
      cookie: saved,
      does: 'puts the cookies back from before the last command, and opens the game',
    })
    expectTurn(back, 2, 'the game is what these cookies say, and the server keeps nothing')
    const second = await openGame(two)
    expectLoggedIn(second, two.name)
    expectTurn(second, 1, `${two.name} played one command, and ${one.name} the others`)
    expectList(second, 'You carry', [])
    expectHides(second, note, `${two.name} should see only what ${two.name} wrote.`)
    const third = context.visitor()
    expectLoggedOut(await openGame(third), `${third.name} has not logged in`)
  },
)

check(
  'no-game',
  {
    name: 'without a game a new one begins; without a player nobody is logged in',
    step: 3,
    points: 1,
    needs: ['own-game'],
    hints: [
      'Which of the two cookies says who is logged in?',
      'One cookie can be there without the other. What should readSession return when only "game" is missing, and what when only "player" is?',
      'No player: undefined. A player and no game: the player with newGame(). parseGame takes undefined, too.',
    ],
  },
  async (context) => {
    const who = await playerAfter(context, 'go west')
    const alone = (name: CookieName) => `${name}=${who.jar.get(name) ?? ''}`
    const begun = await openGame(who, {
      cookie: alone('player'),
      does: 'opens the game with only the cookie "player"',
    })
    expectLoggedIn(begun, who.name)
    expectTurn(begun, 0, 'without a valid game a new one begins')
    const nobody = await openGame(who, {
      cookie: alone('game'),
      does: 'opens the game with only the cookie "game"',
    })
    expectLoggedOut(nobody, 'the game alone does not say who plays')
    const stranger = context.visitor()
    const played = await command(stranger, 'go west', { does: 'plays "go west" without having logged in' })
    expectSentToLogin(played, 'nobody is logged in')
  },
)

const WINNING_WALK =
  'go west,get oil,go east,go north,go east,get bread,go west,go north,get key,go up'.split(',')
const LOSING_WALK = ['go north', 'go north', 'write a', 'write b']

check(
  'play',
  {
    name: 'the game can be won and lost; looking around costs no turn',
    step: 3,
    points: 1,
    needs: ['read-back'],
    hints: [
      'The rules were given to you in game.ts and world.ts. Have you changed them?',
      'Does the state that play returns reach the cookie as a whole, and does readSession return it as a whole?',
      'Put game.ts, world.ts and pages.ts side by side with the starter: npx lab-check reset 2 keeps your work and shows where.',
    ],
  },
  async (context) => {
    const { draw } = context
    const winner = await playerAfter(context)
    const [look, help] = draw.shuffle(WINNING_WALK)
    for (const [index, text] of WINNING_WALK.entries()) {
      if (text === look) await playAll(winner, ['look'])
      if (text === help) await playAll(winner, ['help'])
      await playAll(winner, [text])
      if (index === 1) expectList(await openGame(winner), 'You carry', ['oil'])
    }
    const won = await openGame(winner)
    expectTurn(won, WINNING_WALK.length, '"look" and "help" cost no turn')
    expectList(won, 'You carry', ['oil', 'bread', 'key'])
    expectNumber(won, 'Health', 3, 'the gander does not bite those who have bread')
    expectShows(won, 'You have won', 'With oil and key in the lantern room, the page should say')
    const loser = await playerAfter(context, ...LOSING_WALK.slice(0, -1))
    const bitten = await openGame(loser)
    expectNumber(bitten, 'Health', 1, 'two turns ended beside the gander')
    expectHides(bitten, 'You have lost', 'With some health left the game should go on.')
    await playAll(loser, LOSING_WALK.slice(-1))
    const lost = await openGame(loser)
    expectTurn(lost, LOSING_WALK.length)
    expectShows(lost, 'You have lost', 'Without health, the page should say')
    await expectLoginForm(loser, 'also for who is logged in, because logging in begins a new game')
    await logIn(loser)
    expectTurn(await openGame(loser), 0, 'logging in begins a new game')
  },
)

check(
  'attributes',
  {
    name: 'every Set-Cookie is HttpOnly, SameSite=Lax, Path=/ and has no Domain',
    step: 3,
    points: 2,
    needs: ['log-in'],
    hints: [
      'Look at the Set-Cookie line above: the caret is where something is missing.',
      'Cookies are set at several places: at login, at every command, when a secret changes, and at logout. Which of them is this?',
      'The options are httpOnly: true, sameSite: "lax" and path: "/". Keep them in one constant, and give it to every res.cookie and res.clearCookie.',
    ],
  },
  async ({ visitor, instance, aboutStep }) => {
    const who = visitor()
    expectAttributes(await logIn(who))
    expectAttributes(await command(who, 'go west'))
    const at = await instance(rotating)
    aboutStep(7)
    expectAttributes(await openGame(who, { at, does: 'opens the game after the secret was changed' }))
    expectAttributes(await command(who, 'get oil', { at }))
    aboutStep(9)
    const last = await who.post('/logout', {}, { does: 'logs out' })
    // What does not clear the cookies is for the check of logging out.
    if (NAMES.every((name) => who.jar.get(name) === undefined)) expectAttributes(last)
  },
)

check(
  'session-cookie',
  {
    name: 'both cookies are gone when the browser closes',
    step: 3,
    points: 1,
    needs: ['log-in'],
    hints: [
      'Which attributes tell a browser how long to keep a cookie?',
      'A cookie without an age lives as long as the browser is open. How long a game is good is for the server to say, in step 6.',
      'Leave maxAge and expires out of the options.',
    ],
  },
  async ({ visitor, instance, aboutStep }) => {
    const who = visitor()
    const expectNoAge = (reply: Reply) => {
      for (const cookie of reply.setCookies) expectUntilBrowserCloses(reply, cookie)
    }
    expectNoAge(await logIn(who))
    expectNoAge(await command(who, 'go west'))
    const at = await instance(rotating)
    aboutStep(7)
    expectNoAge(await openGame(who, { at, does: 'opens the game after the secret was changed' }))
  },
)

/** A value that the server never signed, and what is wrong with it: "that has…". */
interface Forgery {
  what: string
  parts: Parts
  /** Why it has to be refused, if that is not plain. */
  because?: string
}

/**
 * Values that differ from a genuine one in one way each.
 * @param forgedText the payload that a cheat would like to have
 * @param other the same cookie of another visitor
 */
function forgeries(
  name: CookieName,
  genuine: Parts,
  forgedText: string,
  other: Parts,
  draw: Draw,
): Forgery[] {
  const { issued, signature } = genuine
  const payload = encoded(forgedText)
  const ownKey = draw.words(2)
  const later = String(Number(issued) + draw.int(1, 500))
  const message = `${name}.${payload}.${issued}`
  return [
    { what: 'that has a changed payload', parts: { ...genuine, payload } },
    { what: 'that has a later time', parts: { ...genuine, issued: later } },
    // The same number, but not the same text: a signature is for what came, not for what it means.
    {
      what: 'whose time has a zero before it',
      parts: { ...genuine, issued: `0${issued}` },
      because: 'the server signed the time without that zero',
    },
    {
      what: 'whose payload has a "=" behind it',
      parts: { ...genuine, payload: `${genuine.payload}=` },
      because: 'the server signed the payload without that "="',
    },
    {
      what: 'whose signature has another character in the middle',
      parts: { ...genuine, signature: changedAt(signature, Math.floor(signature.length / 2)) },
    },
    {
      // Not the last character, which has bits to spare: that is for the check of step 4.
      what: 'whose signature has another character near its end',
      parts: { ...genuine, signature: changedAt(signature, signature.length - 2) },
    },
    {
      what: 'that has the signature of somebody else’s cookie',
      parts: { ...genuine, signature: other.signature },
    },
    {
      what: 'that has a changed payload and is signed with another key',
      parts: { payload, issued, signature: hmac(message, ownKey) },
    },
    {
      what: 'that has a changed payload and is signed with the empty key',
      parts: { payload, issued, signature: hmac(message, '') },
    },
    {
      what: 'that has a changed payload and, for a signature, a hash without a key',
      parts: { payload, issued, signature: createHash('sha256').update(message).digest('base64url') },
    },
  ]
}

function changedAt(text: string, index: number): string {
  return text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1)
}

/** The cookie is not cleared, but has a value of three parts. */
function isSigned({ value }: SetCookie): boolean {
  return partsOf(value).signature !== ''
}

/** The server does not take this value for the visitor's cookie `name`, and does not make it good either. */
async function expectRefused(
  who: Visitor,
  name: CookieName,
  { what, parts, because = 'nobody signed this value' }: Forgery,
): Promise<void> {
  const reply = await openGame(who, {
    cookie: headerWith(who, name, joined(parts)),
    does: `opens the game with a cookie "${name}" ${what}`,
  })
  if (name === 'player') expectLoggedOut(reply, because)
  else expectTurn(reply, 0, `${because}, and a new game begins`)
  const signedAnew = reply.setCookies.find(
    (cookie) =>
      cookie.name === name &&
      // Another game can begin, but nobody has said that they are another player.
      (partsOf(cookie.value).payload === parts.payload || (name === 'player' && isSigned(cookie))),
  )
  if (!signedAnew) return
  fail({
    expected: `After a cookie "${name}" that was refused, the answer should not bring a good one.`,
    got: `It sets "${name}", with a signature.`,
    exchange: reply.exchange,
    mark: { line: 'Set-Cookie:', at: name, note: 'should not be here' },
  })
}

check(
  'tamper',
  {
    name: 'a value that the server did not sign like this is refused',
    step: 2,
    points: 3,
    needs: ['signed', 'no-game'],
    hints: [
      'What was changed in the cookie above, and what does your code compare to find that out?',
      'Everybody can make a payload. Only the server can make the signature that belongs to it: which text does it sign, and does it compare all of the result?',
      'Make the signature anew from the payload and the time as they came, with the secret, and go on only if it is the one that came. Whatever fails there gives undefined.',
    ],
  },
  async (context) => {
    const { draw } = context
    const number = draw.int(100, 499)
    const note = `${draw.words(2)} ${number}`
    const who = await playerAfter(context, `write ${note}`)
    const other = await playerAfter(context, 'go west')
    const [player, game] = [kept(who, 'player'), kept(who, 'game')]
    const asOther = forgeries('player', player, other.name, kept(other, 'player'), draw)
    const betterText = decoded(game.payload).replaceAll(String(number), String(number + 500))
    const better = forgeries('game', game, betterText, kept(other, 'game'), draw)
    for (const forgery of asOther) await expectRefused(who, 'player', forgery)
    for (const forgery of better) await expectRefused(who, 'game', forgery)
    const forged = (name: CookieName) => ({
      cookie: headerWith(
        who,
        name,
        joined({ ...kept(who, name), payload: encoded(name === 'game' ? betterText : other.name) }),
      ),
      does: `plays "go west" with a cookie "${name}" that has a changed payload`,
    })
    expectSentToLogin(await command(who, 'go west', forged('player')), 'nobody signed this value')
    const played = await command(who, 'go west', forged('game'))
    const made = expectSetsCookie(played, 'game')
    if (decoded(partsOf(made.value).payload).includes(String(number + 500))) {
      fail({
        expected: 'The command should be played in a new game, because nobody signed this value.',
        got: 'It is played in the forged game, and the answer brings that one signed.',
        exchange: played.exchange,
        mark: { line: 'Set-Cookie:', header: made.header, at: 'game', note: 'the forged game, signed' },
      })
    }
    const genuine = await openGame(who)
    expectLoggedIn(genuine, who.name)
    expectTurn(genuine, 1, 'these are the cookies as the server signed them')
  },
)

/** The signature with another last character, of which only the two spare bits differ: 43 characters carry 256 bits. */
function respelled(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url')
  const last = [...BASE64URL_DIGITS].find((digit) => {
    const other = signature.slice(0, -1) + digit
    return other !== signature && Buffer.from(other, 'base64url').equals(bytes)
  })
  return signature.slice(0, -1) + last
}

check(
  'cut-signature',
  {
    name: 'a signature that is missing, cut, longer or spelled otherwise is refused, without an error',
    step: 4,
    points: 1,
    needs: ['tamper'],
    hints: [
      'How long is a right signature, and how long is the one that came?',
      'Read in the manual of Node what timingSafeEqual does with two buffers of different length. Does your code look at the length first?',
      'Make both buffers from the texts as they are, without decoding them. Compare the lengths of the buffers, and only if they are equal the bytes. The right length is no secret.',
    ],
  },
  async (context) => {
    const who = await playerAfter(context, 'go west')
    for (const name of NAMES) {
      const genuine = kept(who, name)
      const { signature } = genuine
      const otherwise = 'the server wrote that signature in another way'
      const variants: [what: string, signature: string, because?: string][] = [
        ['that has no signature', ''],
        ['that has only the beginning of its signature', signature.slice(0, context.draw.int(1, 30))],
        ['whose signature has lost its last character', signature.slice(0, -1)],
        ['whose signature has one character more', `${signature}A`],
        ['whose signature has a "=" behind it', `${signature}=`, otherwise],
        [
          'whose signature ends in another character, which decodes to the same bytes',
          respelled(signature),
          otherwise,
        ],
        ['whose signature is in small letters only', signature.toLowerCase(), otherwise],
        ['that has its signature twice', signature + signature],
        ['whose signature has as many characters, but more bytes', `é${signature.slice(1)}`],
        ['that has a fourth part behind its signature', `${signature}.${signature.slice(0, 8)}`],
      ]
      for (const [what, changed, because] of context.draw.shuffle(variants)) {
        await expectRefused(who, name, { what, parts: { ...genuine, signature: changed }, because })
      }
    }
  },
)

/** Values that are none, and what they are instead. */
function malformed({ payload, issued, signature }: Parts): [value: string, what: string][] {
  return [
    ['%E0%A4', 'a broken percent-encoding'],
    [`%.${issued}.${signature}`, 'a percent sign'],
    ['', 'nothing'],
    ['.', 'a dot'],
    ['..', 'two dots'],
    ['.....', 'only dots'],
    ['abc', 'one part'],
    [payload, 'only the payload'],
    [`${payload}.${issued}`, 'no signature'],
    [`${issued}.${signature}`, 'no payload'],
    [`.${issued}.${signature}`, 'an empty payload'],
    [`${payload}..${signature}`, 'an empty time'],
    [`${payload}.soon.${signature}`, 'a word for the time'],
    [`${payload}.${'9'.repeat(400)}.${signature}`, 'an endless time'],
    [`${payload}.${issued}.${signature}.${signature}`, 'a fourth part'],
    [`*!$*.${issued}.(&)`, 'characters that are not base64url'],
    [`bnVsbA.${issued}.${signature}`, 'null as its payload'],
    [`${encoded('{"room":')}.${issued}.${signature}`, 'half a JSON text as its payload'],
    [`${encoded('%')}.${issued}.${signature}`, 'a percent sign as its payload'],
    [`_w.${issued}.${signature}`, 'a byte that is no text as its payload'],
    ['{"turn":9}', 'JSON that is not encoded'],
    ['__proto__.constructor.toString', 'names that every object has'],
  ]
}

check(
  'malformed',
  {
    name: 'a cookie that is no signed value at all does no harm',
    step: 4,
    points: 1,
    needs: ['cut-signature'],
    hints: [
      'Who can change what is in a cookie? What can stand in it, then?',
      'Which of the functions that you call throw on bad input? decodeURIComponent, JSON.parse and timingSafeEqual do.',
      'verify never throws: parts that are missing count as empty, and an empty signature is wrong. Decode and parse only what was signed.',
    ],
  },
  async (context) => {
    const { draw } = context
    const who = await playerAfter(context, 'go west')
    for (const name of NAMES) {
      for (const [value, what] of draw.shuffle(malformed(kept(who, name)))) {
        const reply = await openGame(who, {
          cookie: headerWith(who, name, value),
          does: `opens the game with a cookie "${name}" that holds ${what}`,
        })
        expectNoServerError(reply, 'Such a cookie')
        if (name === 'player') expectLoggedOut(reply, 'this is no signed value')
        else expectTurn(reply, 0, 'this is no signed value, so a new game begins')
      }
      const [value, what] = draw.pick(malformed(kept(who, name)))
      const cookie = headerWith(who, name, value)
      const does = `plays "look" with a cookie "${name}" that holds ${what}`
      expectNoServerError(await command(who, 'look', { cookie, does }), 'Such a cookie')
    }
    const own = who.savedCookie()
    const odd: [cookie: string, does: string][] = [
      ['player; game', 'opens the game with cookies that have no value'],
      ['=; ;;player=;', 'opens the game with a Cookie header of separators'],
      [
        `${own}; player=abc; game=%7B`,
        'opens the game with a second, broken pair of cookies behind the good',
      ],
      [`player=abc; game=%7B; ${own}`, 'opens the game with a broken pair of cookies before the good'],
      [`${own}; ${fillers()}`, 'sends 12 kB of cookies'],
    ]
    for (const [cookie, does] of odd) {
      expectNoServerError(await openGame(who, { cookie, does }), 'Such a Cookie header')
    }
    const besides = await openGame(who, {
      cookie: `my-player=abc; my-game=abc; ${own}`,
      does: 'opens the game with cookies called "my-player" and "my-game" before the good',
    })
    expectLoggedIn(besides, who.name)
    expectTurn(besides, 1, 'the cookies "player" and "game" are good')
    await expectHugeCookieHarmless('player', (options) => openGame(who, options))
    const after = await openGame(who)
    expectLoggedIn(after, who.name)
    expectTurn(after, 1)
  },
)

check(
  'bound',
  {
    name: 'a value signed for one cookie is good for no other',
    step: 5,
    points: 2,
    needs: ['tamper'],
    hints: [
      'Whose text is in the cookie "player"? Who decides what it says?',
      'The server signed this value, so its signature is right. What does the signature not say?',
      'Let the signature cover the name of the cookie as well: put the name before the payload in the text that is signed, in sign and in verify.',
    ],
  },
  async (context) => {
    const who = await playerAfter(context, 'go west')
    const other = context.visitor()
    const asPlayer = await openGame(who, {
      cookie: headerWith(who, 'player', who.jar.get('game') ?? ''),
      does: 'opens the game with the value of "game" in the cookie "player"',
    })
    expectLoggedOut(asPlayer, 'the server signed this value for "game", not for "player"')
    const asGame = await openGame(who, {
      cookie: headerWith(who, 'game', who.jar.get('player') ?? ''),
      does: 'opens the game with the value of "player" in the cookie "game"',
    })
    expectTurn(asGame, 0, 'the server signed this value for "player", not for "game"')
    // The format of step 1: whoever has such a value could put it under the other name.
    for (const name of NAMES) {
      const { payload, issued } = kept(who, name)
      await expectRefused(who, name, {
        what: 'whose signature does not cover its name, as in step 1',
        parts: { payload, issued, signature: hmac(`${payload}.${issued}`, OLD_SECRET) },
        because: 'this signature does not say which cookie it is for',
      })
    }
    // The attack: a name can be any text, also the JSON of a game; and the server signs names.
    const wish = decoded(kept(who, 'game').payload)
    expectRedirect(await logIn(other, { name: wish }), '/')
    const forged = await openGame(other, {
      cookie: headerWith(other, 'game', other.jar.get('player') ?? ''),
      does: 'opens the game with the value of "player", a name that is the JSON of a game, in the cookie "game"',
    })
    expectTurn(forged, 0, 'the server signed this value as a name, not as a game')
  },
)

/** Whether the clock of the instance that set the visitor's cookies is ahead for the app, too. */
function goesByShiftedClock(who: Visitor): boolean {
  return Number(kept(who, 'player').issued) > Date.now() / 1000 + TOO_LATE_SECONDS / 2
}

/** A command does not make these cookies young again either. */
async function expectTooOldToPlay(who: Visitor, options: RequestOptions): Promise<void> {
  const played = await command(who, 'look', { ...options, does: 'plays "look" with the same old cookies' })
  expectSentToLogin(played, 'the cookies are older than GAME_SECONDS')
}

/** The limit is an hour where GAME_SECONDS does not say otherwise: with values that the check signs itself, as of then. */
async function expectAnHourByDefault(context: CheckContext): Promise<void> {
  const who = await playerAfter(context, 'go west')
  const openAfter = (seconds: number) => {
    const issued = String(Math.floor(Date.now() / 1000) - seconds)
    const pairs = NAMES.map((name) => {
      const genuine = kept(who, name)
      // With the name of the cookie or, before step 5, without.
      const form = signedTexts(name, genuine).findIndex(
        (text) => hmac(text, OLD_SECRET) === genuine.signature,
      )
      const text = signedTexts(name, { ...genuine, issued })[form] ?? ''
      return `${name}=${joined({ ...genuine, issued, signature: hmac(text, OLD_SECRET) })}`
    })
    return openGame(who, {
      cookie: pairs.join('; '),
      does: `opens the game with cookies that were signed ${seconds.toLocaleString('en')} seconds ago, without GAME_SECONDS`,
    })
  }
  expectLoggedIn(await openAfter(3000), who.name, 'without GAME_SECONDS the limit is an hour, 3,600 seconds')
  expectLoggedOut(await openAfter(3700), 'without GAME_SECONDS the limit is an hour, 3,600 seconds')
}

/** The same with a short limit and a real wait, whatever clock the app goes by. */
async function expectEndsAfterWait({ visitor, instance }: CheckContext): Promise<void> {
  const at = await instance(shortLimit)
  const who = visitor()
  await logIn(who, { at })
  await command(who, 'go west', { at })
  const old = who.jar.get('game') ?? ''
  await sleep(SHORT_WAIT_MS)
  const cookie = who.jar.headerFor('/')
  const late = await openGame(who, {
    at,
    cookie,
    does: 'waits more than two seconds, with GAME_SECONDS=1, and opens the game again',
  })
  expectLoggedOut(late, 'the cookies are older than GAME_SECONDS')
  await expectTooOldToPlay(who, { at, cookie })
  await logIn(who, { at })
  const replayed = await openGame(who, {
    at,
    cookie: headerWith(who, 'game', old),
    does: 'opens the game with the new cookie "player" and the old cookie "game"',
  })
  // On a machine that is busy, the new cookie can be too old by now as well.
  if (visibleText(replayed.body).includes('Logged in as')) {
    expectTurn(replayed, 0, 'the cookie "game" is older than GAME_SECONDS')
  }
}

check(
  'expiry',
  {
    name: 'the server refuses both cookies when they are older than GAME_SECONDS',
    step: 6,
    points: 2,
    needs: ['tamper'],
    hints: [
      'A browser can be told when to drop a cookie. Who makes sure that it does?',
      'The time is in the value, and it is signed. What does verify compare it with?',
      'The age is nowSeconds minus the time in the value. When it is more than maxAgeSeconds, verify returns undefined, for each of the two cookies.',
    ],
  },
  async (context) => {
    const at = await context.instance(tooLate)
    const probe = context.visitor()
    await logIn(probe, { at, aside: true })
    if (!goesByShiftedClock(probe)) {
      await expectEndsAfterWait(context)
      return expectAnHourByDefault(context)
    }
    const who = await playerAfter(context, 'go west')
    const cookie = who.jar.headerFor('/')
    const old = who.jar.get('game') ?? ''
    const late = await openGame(who, {
      at,
      cookie,
      does: `opens the game ${TOO_LATE_SECONDS.toLocaleString('en')} seconds later, with GAME_SECONDS=${LIMIT_SECONDS}`,
    })
    expectLoggedOut(late, 'the cookies are older than GAME_SECONDS')
    await expectTooOldToPlay(who, { at, cookie })
    await logIn(who, { at })
    const replayed = await openGame(who, {
      at,
      cookie: headerWith(who, 'game', old),
      does: 'opens the game with the new cookie "player" and the old cookie "game"',
    })
    expectLoggedIn(replayed, who.name)
    expectTurn(replayed, 0, 'the cookie "game" is older than GAME_SECONDS')
    await expectAnHourByDefault(context)
  },
)

check(
  'renewal',
  {
    name: 'each command starts the time anew, for both cookies',
    step: 6,
    points: 1,
    needs: ['expiry'],
    hints: [
      'How long has this player done nothing?',
      'The limit is for doing nothing, so the time in both cookies has to be that of the last command.',
      'writeSession signs both cookies with the present time, at every POST /play. Nobody needs the time that was in them before.',
    ],
  },
  async (context) => {
    const who = await playerAfter(context, 'go west')
    const soon = await context.instance(halfWay)
    // A command that changes nothing in the game: that the player is there is enough.
    const played = await command(who, 'look', {
      at: soon,
      does: `plays "look" ${HALF_WAY_SECONDS.toLocaleString('en')} seconds later, within the hour that is the default`,
    })
    expectRedirect(played, '/')
    for (const name of NAMES) expectSetsCookie(played, name)
    const reply = await openGame(who, {
      at: await context.instance(tooLate),
      does: `opens the game ${TOO_LATE_SECONDS - HALF_WAY_SECONDS} seconds after that, with GAME_SECONDS=${LIMIT_SECONDS}`,
    })
    expectLoggedIn(reply, who.name, 'the last command was not long ago')
    // What "look" costs is for the check of the rules.
    if (numberAfter(reply, 'Turn') === '0') expectTurn(reply, 1, 'the last command was not long ago')
  },
)

check(
  'other-key',
  {
    name: 'what a server with another secret signed is refused',
    step: 7,
    points: 1,
    needs: ['tamper'],
    hints: [
      'Where does your secret come from? Is it in your code anywhere?',
      'SESSION_SECRET is all that the server knows and a cheat does not. Two servers with different secrets do not know each other’s cookies.',
      'Take the secrets from settings.ts, for signing as well as for verifying.',
    ],
  },
  async (context) => {
    const who = context.visitor()
    const at = await context.instance(rotated)
    expectRedirect(
      await who.post(
        '/login',
        { name: who.name },
        { at, does: `logs in as "${who.name}" on a server with another SESSION_SECRET` },
      ),
      '/',
    )
    expectRedirect(await command(who, 'go west', { at, does: 'plays "go west" there' }), '/')
    const foreign = who.jar.get('game') ?? ''
    const reply = await openGame(who, {
      cookie: who.jar.headerFor('/'),
      does: 'takes the cookies along and opens the game here',
    })
    expectLoggedOut(reply, 'this server did not sign the cookies')
    expectRedirect(await logIn(who), '/')
    const replayed = await openGame(who, {
      cookie: headerWith(who, 'game', foreign),
      does: 'opens the game with the cookie "player" from here and the cookie "game" from there',
    })
    expectLoggedIn(replayed, who.name)
    expectTurn(replayed, 0, 'this server did not sign the game')
  },
)

/** The reply brings the cookie, which an older secret had signed, with the time that it had before. */
function expectSignedAnew(reply: Reply, name: CookieName, issued: string): void {
  const cookie = reply.setCookies.findLast((one) => one.name === name)
  if (!cookie) {
    fail({
      expected: `The answer should set the cookie "${name}" once more, because an older secret signed it.`,
      got: 'It does not set it.',
      exchange: reply.exchange,
      mark: { line: 'Set-Cookie:', at: '', note: `a line is missing here: Set-Cookie: ${name}=…` },
    })
  }
  const { value, header } = cookie
  const parts = partsOf(value)
  if (!signedTexts(name, parts).some((text) => hmac(text, NEW_SECRET) === parts.signature)) {
    const isOld = signedTexts(name, parts).some((text) => hmac(text, OLD_SECRET) === parts.signature)
    fail({
      expected: `The answer should bring "${name}" signed with the newest secret, which is the first in SESSION_SECRET.`,
      got: isOld ? 'It is signed with the old secret again.' : 'It has another signature.',
      exchange: reply.exchange,
      mark: { line: 'Set-Cookie:', header, at: name, note: 'not signed with the newest secret' },
    })
  }
  const time = parts.issued
  if (time === issued) return
  fail({
    expected: `Signed with the new secret, "${name}" should keep the time that it had, ${issued}: with a later one, an old copy would become young.`,
    got: `Its time is ${shorten(time)}${Number(time) > Number(issued) ? ', which is later' : ''}.`,
    exchange: reply.exchange,
    mark: { line: 'Set-Cookie:', header, at: name, note: `its time should be ${issued}` },
  })
}

check(
  'rotation',
  {
    name: 'with several secrets in SESSION_SECRET the old cookies are good, and are signed with the first',
    step: 7,
    points: 2,
    needs: ['other-key', 'expiry'],
    hints: [
      'SESSION_SECRET can have several secrets. Which of them signs, and which of them may have signed?',
      'verify tries each secret. Whoever calls it has to learn whether it was the first: those cookies have to be sent once more.',
      'In resignSession, for each cookie that an older secret signed: put it on the answer again, signed with the newest, with the time that it had. Leave the others alone. GET / already calls it.',
    ],
  },
  async (context) => {
    const who = await playerAfter(context, 'go west')
    const times = NAMES.map((name) => kept(who, name).issued)
    const before = new Map(NAMES.map((name) => [name, who.jar.get(name) ?? '']))
    const during = await context.instance(rotating)
    const seen = await openGame(who, {
      at: during,
      does: `opens the game ${ROTATION_SECONDS.toLocaleString('en')} seconds later, when SESSION_SECRET has become "new,between,old"`,
    })
    expectLoggedIn(seen, who.name, 'the secret that signed the cookies is still one of the three')
    expectTurn(seen, 1, 'one of the secrets signed the game')
    for (const [index, name] of NAMES.entries()) {
      expectSignedAnew(seen, name, times[index] ?? '')
    }
    for (const [index, name] of NAMES.entries()) {
      const mixed = await openGame(who, {
        at: during,
        cookie: headerWith(who, name, before.get(name) ?? ''),
        does: `opens the game with the old cookie "${name}", and the other one as it is now`,
      })
      expectSignedAnew(mixed, name, times[index] ?? '')
      const others = mixed.setCookies.find((cookie) => cookie.name !== name)
      if (!others) continue
      fail({
        expected: `The answer should set only "${name}", because what the newest secret signed is left alone.`,
        got: `It sets "${others.name}", too.`,
        exchange: mixed.exchange,
        mark: { line: 'Set-Cookie:', header: others.header, at: others.name, note: 'should not be here' },
      })
    }
    // Whoever is logged in without a game would be logged out when the old secret goes.
    const alone = await openGame(who, {
      at: during,
      cookie: `player=${before.get('player') ?? ''}`,
      does: 'opens the game with only the old cookie "player"',
    })
    expectSignedAnew(alone, 'player', times[0] ?? '')
    const reply = await openGame(who, {
      at: await context.instance(rotated),
      does: 'opens the game when SESSION_SECRET has become "new"',
    })
    expectLoggedIn(reply, who.name, 'the cookies were signed with the new secret')
    expectTurn(reply, 1, 'the cookies of the last answer were to be signed with the new secret')
    expectSetsNothing(reply, 'what the newest secret signed is left alone')
  },
)

check(
  'retired',
  {
    name: 'once the old secret is gone from SESSION_SECRET, what it signed is refused',
    step: 7,
    points: 1,
    needs: ['rotation'],
    hints: [
      'A secret is changed because somebody may know it. What can they still sign?',
      'Does your app keep a secret anywhere besides SESSION_SECRET: in a file, in a default?',
      'Only what is in SESSION_SECRET when the app starts counts.',
    ],
  },
  async (context) => {
    const who = await playerAfter(context, 'go west')
    const cookie = who.jar.headerFor('/')
    const during = await context.instance(rotating)
    const seen = await openGame(who, {
      at: during,
      cookie,
      does: 'opens the game when SESSION_SECRET has become "new,between,old", and keeps a copy of the old cookies',
    })
    expectLoggedIn(seen, who.name)
    const after = await context.instance(rotated)
    const reply = await openGame(who, {
      at: after,
      cookie,
      does: 'opens the game with the old cookies when SESSION_SECRET has become "new"',
    })
    expectLoggedOut(reply, 'the secret that signed the cookies is no longer in SESSION_SECRET')
    const old = who.jar.get('game') ?? ''
    expectRedirect(await logIn(who, { at: after }), '/')
    const replayed = await openGame(who, {
      at: after,
      cookie: headerWith(who, 'game', old),
      does: 'opens the game with the new cookie "player" and the old cookie "game"',
    })
    expectTurn(replayed, 0, 'the secret that signed the game is no longer in SESSION_SECRET')
  },
)

/** How many bytes of text a cookie "game" can carry: base64url writes three bytes as four characters. */
function roomForGame({ issued, signature }: Parts): number {
  return Math.floor((COOKIE_MAX_BYTES - `game.${issued}.${signature}`.length) * 0.75)
}

/** Bytes of text by which a game may miss the limit: some count the attributes of the cookie as well. */
const SLACK_BYTES = 100

/** Bytes by which the rest of a game may become shorter: some keep what the last command did, as a sentence. */
const SHORTER_BYTES = 100

/**
 * Writes until a line does not fit: a long one, a short one, and then one that is a byte too long, if a line costs as
 * much more than its text as the one before did. @returns the refused answer and what was written before
 */
async function fillNotebook(
  who: Visitor,
  draw: Draw,
  because: string,
): Promise<{ refused: Reply; lines: string[] }> {
  const lines: string[] = []
  const gameBytes = () => Buffer.byteLength(decoded(kept(who, 'game').payload))
  const left = () => roomForGame(kept(who, 'game')) - gameBytes()
  let costs = 0
  const writes = async (line: string, what: string): Promise<Reply> => {
    const before = gameBytes()
    const spare = left() - costs - Buffer.byteLength(line)
    const reply = await command(who, `write ${line}`, { does: `writes ${what}` })
    expectFits(reply)
    if (spare > SLACK_BYTES) {
      expectStatus(
        reply,
        303,
        `because with this line "game" still fits: each cookie, by itself, can have ${COOKIE_MAX_BYTES} bytes`,
      )
    }
    if (reply.status !== 303) return reply
    const grown = gameBytes() - before
    // Taken, as it seems, and yet it is not in the cookie.
    if (grown < Buffer.byteLength(line) && spare < 0) expectRefusal(reply, because)
    costs = grown - Buffer.byteLength(line)
    lines.push(line)
    expectThat(
      costs >= -SHORTER_BYTES && lines.length < 60,
      reply,
      `The cookie "game" should grow with every line until the next does not fit into ${COOKIE_MAX_BYTES} bytes.`,
      costs < -SHORTER_BYTES
        ? 'It did not grow by this line.'
        : `After ${lines.length} lines it still takes more.`,
    )
    return reply
  }
  // Each "é" is two bytes of UTF-8. A line of this size has to fit beside any state of the game.
  const accents = draw.int(300, 400)
  expectRedirect(await writes('é'.repeat(accents), `${accents} times "é"`), '/')
  for (;;) {
    const tooLong = left() - costs + 1
    const length =
      left() > 190 ? left() - 110 : lines.length === 3 && tooLong > 3 ? tooLong : draw.int(10, 17)
    const line = `${lines.length} `.padEnd(length, draw.pick([...'abdegkmnp']))
    const refused = await writes(line, `a line of ${line.length} characters`)
    if (refused.status !== 303) return { refused, lines }
  }
}

check(
  'size-limit',
  {
    name: 'what does not fit into 4,096 bytes is refused, and the game stays',
    step: 8,
    points: 2,
    needs: ['own-game'],
    hints: [
      'What does a browser do with a cookie of 5,000 bytes? Try it: write a long line.',
      'Measure what is sent: the name of the cookie, the payload in base64url, the time, the signature and the dots.',
      'In writeSession, before anything is on the answer: if the name and the value are longer than 4096 together, throw a Refusal.',
    ],
  },
  async (context) => {
    const { draw } = context
    const who = context.visitor()
    // So that what counts both cookies together has less room for the game.
    const name = who.name.padEnd(draw.int(300, 400), '.')
    await logIn(who, { name, does: `logs in with a name of ${name.length} characters` })
    const because = `the game no longer fits into a cookie of ${COOKIE_MAX_BYTES} bytes`
    const { refused, lines } = await fillNotebook(who, draw, because)
    expectRefusal(refused, because)
    expectSetsNothing(refused, 'a command that was refused leaves both cookies as they were')
    const page = await openGame(who)
    expectLoggedIn(page, name)
    expectTurn(page, lines.length, 'a command that was refused costs no turn')
    for (const line of lines) expectShows(page, line, 'What was in the notebook should stay')
    const other = await playerAfter(context)
    const count = draw.int(4_100, 6_000)
    const long = await command(other, `write ${'m'.repeat(count)}`, {
      does: `writes a line of ${count} characters`,
    })
    expectFits(long)
    expectRefusal(long, because)
    expectTurn(await openGame(other), 0, 'a command that was refused costs no turn')
  },
)

check(
  'logout',
  {
    name: 'logging out removes both cookies, and only a POST does it',
    step: 9,
    points: 1,
    needs: ['read-back'],
    hints: [
      'Which cookies does this app set? All of them have to go.',
      'A server cannot delete a cookie. It can only tell the browser that it ended in the past, under the same name and path.',
      'Call res.clearCookie for "player" and for "game", with the attributes they were set with, in POST /logout and nowhere else.',
    ],
  },
  async (context) => {
    const who = await playerAfter(context, 'go west')
    const link = await who.get('/logout', { does: 'follows a link to /logout' })
    for (const name of NAMES) {
      if (who.jar.get(name) !== undefined) continue
      const cookie = link.setCookies.findLast((one) => one.name === name)
      fail({
        expected: 'A GET should change nothing: a link or an image on another site can cause one.',
        got: `The cookie "${name}" is gone.`,
        exchange: link.exchange,
        mark: { line: 'Set-Cookie:', header: cookie?.header, at: name, note: 'should not be here' },
      })
    }
    expectTurn(await openGame(who), 1, 'a GET changes nothing')
    const reply = await who.post('/logout', {}, { does: 'logs out' })
    expectRedirect(reply, '/')
    for (const name of NAMES) expectGone(reply, who, name)
    expectLoggedOut(await openGame(who), `${who.name} has logged out`)
    expectRedirect(await logIn(who), '/')
    const again = await openGame(who)
    expectLoggedIn(again, who.name, `${who.name} has logged in again`)
    expectTurn(again, 0, 'logging in begins a new game')
    // As it is when the hour is over, and the page is still open.
    who.jar.receive(['player=abc; Path=/'], '/')
    const late = await who.post(
      '/logout',
      {},
      { does: 'logs out with a cookie "player" that is no longer good' },
    )
    expectStatus(late, 303, 'as at any other logout')
    for (const name of NAMES) expectGone(late, who, name)
    expectRedirect(late, '/')
  },
)

check(
  'escaped',
  {
    name: 'names and notes are shown as text, never as HTML',
    step: 0,
    points: 1,
    needs: ['read-back'],
    hints: [
      'The pages were given to you with their text escaped. Have you changed pages.ts?',
      'Text between tags has to have &lt; in place of <, and so on.',
      'The html`…` tag of #kit/html.ts escapes every value; new Html(…) does not.',
    ],
  },
  async ({ visitor, draw }) => {
    const tricky = (what: string) =>
      `<b>${what}</b> 100% & "quotes" &amp; <script>alert('${what}')</script><!-- ${what} -->`
    const who = visitor()
    const name = tricky(`name ${draw.words(1)}`)
    const note = tricky(`note ${draw.words(1)}`)
    expectRedirect(await logIn(who, { name }), '/')
    expectLoggedIn(await openGame(who), name)
    expectRedirect(await command(who, `write ${note}`), '/')
    expectShows(await openGame(who), note, 'The notebook should show the line as it was typed')
  },
)

const ODD_COMMANDS = [
  '',
  '   ',
  'go',
  'get',
  'write',
  'go constructor',
  'go __proto__',
  'go toString',
  'get __proto__',
  'get constructor',
  'constructor',
  '__proto__',
  'go up',
  'go lantern',
  'go nowhere',
  'get key',
  'get unicorn',
  'dance',
]

check(
  'odd-commands',
  {
    name: 'a command that cannot be done is a sentence, and costs no turn',
    step: 0,
    points: 1,
    needs: ['read-back'],
    hints: [
      'The rules were given to you in game.ts. Have you changed them?',
      'Type this into node: ({}).constructor, and "oil".includes("o"). An object has more names than those you gave it, and a text has many parts.',
      'Look exits up with Object.hasOwn, compare items as a whole, and let what is missing be the empty text.',
    ],
  },
  async (context) => {
    const { draw } = context
    const who = await playerAfter(context, 'go west')
    const before = await openGame(who)
    for (const text of [...draw.shuffle(ODD_COMMANDS), 'get o', 'get i', 'get il']) {
      expectRedirect(await command(who, text), '/')
      const page = await openGame(who)
      expectTurn(page, 1, `"${text}" cannot be done here`)
      expectList(page, 'Exits', listAfter(before, 'Exits'))
      expectList(page, 'You carry', [])
    }
    await playAll(who, ['get oil'])
    expectTurn(await openGame(who), 2)
    await playAll(who, ['get oil'])
    const twice = await openGame(who)
    expectTurn(twice, 2, 'the oil was taken already')
    expectList(twice, 'You carry', ['oil'])
  },
)

check(
  'bad-name',
  {
    name: 'a name that is missing, blank or too long is refused',
    step: 0,
    points: 1,
    needs: ['read-back'],
    hints: [
      'server.ts refuses these for you. Have you changed it?',
      'A refusal is a page with a status from 400 to 499, and it sets no cookie.',
      'Trim the name, then look at its length: 1 to 500 characters.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const bad: [name: string, what: string][] = [
      ['', 'an empty name'],
      [' '.repeat(draw.int(1, 9)), 'a name of spaces'],
      ['x'.repeat(draw.int(501, 900)), 'a name of more than 500 characters'],
    ]
    for (const [name, what] of draw.shuffle(bad)) {
      const reply = await who.post('/login', { name }, { does: `logs in with ${what}` })
      expectRefusal(reply, 'a name has 1 to 500 characters')
      expectSetsNothing(reply, 'nobody has logged in')
    }
    const without = await who.post('/login', {}, { does: 'sends the login form without a name' })
    expectRefusal(without, 'the field "name" is missing')
    const longest = 'é'.repeat(500)
    const reply = await who.post(
      '/login',
      { name: ` ${longest} ` },
      { does: 'logs in with a name of 500 characters, and spaces around it' },
    )
    expectFits(reply)
    expectStatus(reply, 303, 'because a name can have 500 characters')
    expectRedirect(reply, '/')
    expectLoggedIn(await openGame(who), longest)
  },
)

/** Libraries that sign and compare in constant time themselves. */
const SIGNING_LIBRARIES =
  'cookie-signature cookie-session cookie-parser cookies keygrip iron-session jose jsonwebtoken tweetnacl @hapi/iron'.split(
    ' ',
  )

/** Whether the code compares with timingSafeEqual, with WebCrypto's verify, or through a library. */
function comparesInConstantTime(source: string): boolean {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
  if (/\btimingSafeEqual\s*\(/.test(code)) return true
  if (/\bsubtle\b/.test(code) && /\bverify\s*\(/.test(code)) return true
  // By hand: the differences of all characters are collected before anybody looks at them.
  if (/\|=[^;\n]*\^/.test(code)) return true
  return SIGNING_LIBRARIES.some((library) =>
    new RegExp(`\\b(?:from|import|require)\\b[\\s(]*(["'\`])${library}\\1`).test(code),
  )
}

// Last, because the first check that fails is shown in full, and advice can wait.
check(
  'constant-time',
  {
    name: 'signatures are compared in constant time',
    step: 4,
    points: 0,
    needs: ['cut-signature'],
    hints: [
      'How does === find out that two texts differ, and when does it stop?',
      'Whoever can measure how long a comparison takes can guess a signature character by character. node:crypto has a function against that.',
      'timingSafeEqual from node:crypto takes two buffers of the same length.',
    ],
  },
  async ({ source }) => {
    if (comparesInConstantTime(await source())) return
    fail({
      expected:
        'Signatures should be compared in a time that does not tell how many characters were right: with timingSafeEqual from node:crypto, or by a library that does so.',
      got: 'I read your code and found neither.',
    })
  },
)
