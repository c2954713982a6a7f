// Lab 6: a session store of one's own, on files, and the extension around it. What a store has to do is in
// src/conformance, because other stores are asked for the same.
import { setTimeout as sleep } from 'node:timers/promises'
import { StartTrouble } from '../src/app/trouble.ts'
import { type CheckContext, check } from '../src/check/check.ts'
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
  expectShowsInOrder,
  expectStatus,
  expectThat,
  expectUntilBrowserCloses,
  fail,
} from '../src/check/expect.ts'
import { expectProperties } from '../src/check/expect-property.ts'
import type { InstanceOptions } from '../src/check/judged.ts'
import { expectHugeCookieHarmless } from '../src/check/large-cookies.ts'
import { shorten } from '../src/check/shorten.ts'
import type { TransactionResult } from '../src/check/submission-stores.ts'
import { fileLines, filesIn, filesWith } from '../src/conformance/folder.ts'
import * as callbacks from '../src/conformance/properties/callbacks.ts'
import * as ending from '../src/conformance/properties/ending.ts'
import * as files from '../src/conformance/properties/files.ts'
import * as ids from '../src/conformance/properties/ids.ts'
import * as sameTime from '../src/conformance/properties/same-time.ts'
import * as storing from '../src/conformance/properties/storing.ts'
import * as time from '../src/conformance/properties/time.ts'
import * as wholeWrites from '../src/conformance/properties/whole-writes.ts'
import { comesTrue } from '../src/conformance/until.ts'
import { visibleText } from '../src/http/page.ts'
import type { Reply, RequestOptions, Visitor } from '../src/http/visitor.ts'

const COOKIE = 'sid'
const NO_SESSION = 'There is no session'

// Other instances on the same data, whose clocks are apart. The limit is 1800 seconds.
const SOON_SECONDS = 800
const LATER_SECONDS = 1600
const soon: InstanceOptions = { data: 'shared', clockAheadSeconds: SOON_SECONDS }
const later: InstanceOptions = { data: 'shared', clockAheadSeconds: LATER_SECONDS }
// These are started when there is something that has ended.
const tooLate: InstanceOptions = { data: 'shared', clockAheadSeconds: 1900 }
const LONG_AHEAD_SECONDS = 100_000
const muchTooLate: InstanceOptions = { data: 'shared', clockAheadSeconds: LONG_AHEAD_SECONDS }

interface Value {
  name: string
  value: string
}

function newValue(draw: Draw): Value {
  return { name: `${draw.words(1)}-${draw.int(100, 999)}`, value: `${draw.words(2)} ${draw.int(1000, 9999)}` }
}

function create(who: Visitor, { name, value }: Value, options: RequestOptions = {}): Promise<Reply> {
  const does = `puts "${shorten(value, 30)}" into the session, as "${shorten(name, 30)}"`
  return who.post('/create', { name, value }, { does, ...options })
}

function read(who: Visitor, options: RequestOptions = {}): Promise<Reply> {
  return who.get('/read', { does: 'opens /read', ...options })
}

function endSession(who: Visitor, options: RequestOptions = {}): Promise<Reply> {
  return who.post('/delete_all', {}, { does: 'ends the session', ...options })
}

/** A visitor whose session has these values. */
async function visitorWith(
  { visitor }: CheckContext,
  values: Value[],
  options: RequestOptions = {},
): Promise<Visitor> {
  const who = visitor()
  for (const value of values) expectRedirect(await create(who, value, options), '/read')
  return who
}

function line({ name, value }: Value): string {
  return `${name}: ${value}`
}

function expectValues(
  reply: Reply,
  values: Value[],
  what = 'The page should list what is in the session',
): void {
  expectStatus(reply, 200)
  expectShowsInOrder(reply, values.map(line), what)
}

function showsNoSession(reply: Reply): boolean {
  return visibleText(reply.body).includes(NO_SESSION)
}

function expectNoSession(reply: Reply, because: string): void {
  expectStatus(reply, 200)
  if (showsNoSession(reply)) return
  fail({
    expected: `The page should say "${NO_SESSION}.", because ${because}.`,
    got: 'It does not say so.',
    exchange: reply.exchange,
    mark: { line: 'body', at: '', note: `should say "${NO_SESSION}."` },
  })
}

check(
  'opens',
  {
    name: 'the pages open, and have their forms',
    step: 0,
    points: 1,
    hints: [
      'The starter passes this check. What have you changed since?',
      'GET / has a form that posts "name" and "value" to /create. GET /read says "There is no session." to somebody who has none.',
      'Put server.ts and pages.ts side by side with the starter: npx lab-check reset 6 keeps your work and shows where.',
    ],
  },
  async ({ visitor }) => {
    const who = visitor()
    const page = await who.get('/', { does: 'opens the start page' })
    expectStatus(page, 200)
    for (const name of ['name', 'value']) {
      expectThat(
        new RegExp(`<(input|textarea)\\b[^>]*\\bname=["']?${name}\\b`, 'i').test(page.body),
        page,
        `The page should have a form with a field called "${name}".`,
        'There is no such field.',
      )
    }
    const other = visitor()
    expectNoSession(await read(other), `${other.name} has none`)
  },
)

check(
  'nothing-stored',
  {
    name: 'who only looks gets no cookie, and nothing is stored',
    step: 0,
    points: 1,
    needs: ['opens'],
    hints: [
      'The starter passes this check. What have you changed since?',
      'A search engine opens each page once and never brings a cookie back. How many files would that make?',
      'saveUninitialized: false saves a session only when something has been put into it. Reading must put nothing into it.',
    ],
  },
  async ({ visitor, data }) => {
    const who = visitor()
    const before = filesIn(data.path)
    const looks: [page: string, cookie: string | null][] = [
      ['/', null],
      ['/read', null],
      ['/read', `${COOKIE}=no-session-has-this-id`],
    ]
    for (const [page, cookie] of looks) {
      const reply = await who.get(page, {
        cookie,
        does: `opens ${page}${cookie ? ` with the cookie ${cookie}` : ''}`,
      })
      expectStatus(reply, 200)
      expectSetsNothing(reply, `${who.name} has only looked`)
    }
    const deleted = await who.post(
      '/delete',
      { name: 'nothing' },
      { does: 'deletes a value without a session' },
    )
    expectNoServerError(deleted, 'Deleting what is not there')
    expectSetsNothing(deleted, `${who.name} has put nothing into a session`)
    const after = filesIn(data.path)
    if (after.length <= before.length) return
    fail({
      expected: `There should be as many files as before, because ${who.name} has only looked.`,
      got: `There are ${after.length - before.length} more.`,
      detail: [...fileLines('files before', before), ...fileLines('files after', after)],
    })
  },
)

check(
  'attributes',
  {
    name: 'the cookie "sid" is HttpOnly, SameSite=Lax, Path=/, and ends when the browser closes',
    step: 0,
    points: 1,
    needs: ['opens'],
    hints: [
      'The starter passes this check: cookieOptions in session-cookie.ts has all that is needed.',
      'When does a browser drop a cookie that has no Max-Age? When does the server drop the session? These are two questions.',
      'Give the cookie no maxAge: how long a session may be unused is the store’s business. Clear it with the same options.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const reply = await create(who, newValue(draw))
    const cookie = expectSetsCookie(reply, COOKIE)
    expectAttributes(reply)
    expectUntilBrowserCloses(reply, cookie)
    expectAttributes(await endSession(who))
  },
)

/** Values of the cookie that no server ever sent. */
const MALFORMED: [value: string, what: string][] = [
  ['%E0%A4', 'a broken percent-encoding'],
  ['%', 'a percent sign'],
  ['', 'nothing'],
  ['s%3A', 'the beginning of a signed value'],
  ['s%3A..%2F..%2Fserver.ts.signature', 'a path and a wrong signature'],
  ['s%3Aconstructor.x', 'the name of something that every object has'],
  ['j%3A%7B%22id%22%3A1%7D', 'JSON that some libraries decode'],
  ['x'.repeat(4000), '4 kB of text'],
]

check(
  'malformed',
  {
    name: 'a cookie that no server has sent does no harm',
    step: 0,
    points: 1,
    needs: ['opens'],
    hints: [
      'The starter passes this check. Do you read the cookie yourself now?',
      'Who can change what is in a cookie? Which functions that you call throw on bad input?',
      'express-session reads the cookie, and takes it only with our signature. Leave that to it.',
    ],
  },
  async ({ visitor, draw }) => {
    for (const [value, what] of draw.shuffle(MALFORMED)) {
      const who = visitor()
      const cookie = `${COOKIE}=${value}`
      expectNoServerError(
        await read(who, { cookie, does: `opens /read with a cookie of ${what}` }),
        'Such a cookie',
      )
      const reply = await create(who, newValue(draw), {
        cookie,
        does: `creates a value with a cookie of ${what}`,
      })
      expectNoServerError(reply, 'Such a cookie')
    }
    await expectHugeCookieHarmless(COOKIE, (options) => read(visitor(), options))
  },
)

const NAME_MAX = 40
const VALUE_MAX = 1000

check(
  'bad-input',
  {
    name: 'names and values that are too long, or have other characters, are refused',
    step: 0,
    points: 1,
    needs: ['opens'],
    hints: [
      'The starter passes this check: parseValue in session-data.ts refuses these. Have you changed it?',
      'A refusal is a page with a status from 400 to 499.',
      'A name has 1 to 40 of A-Z a-z 0-9 _ -, and a value at most 1,000 characters. Both fields have to be there.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const { name, value } = newValue(draw)
    const bad: [form: Record<string, string>, what: string][] = [
      [{ name: '', value }, 'an empty name'],
      [{ name: 'n'.repeat(draw.int(NAME_MAX + 1, 90)), value }, 'a name of more than 40 characters'],
      [{ name: 'n'.repeat(NAME_MAX + 1), value }, 'a name of 41 characters'],
      [{ name: 'two words', value }, 'a name with a space in it'],
      [{ name: '../notes', value }, 'a name that looks like a path'],
      [{ name: 'grün', value }, 'a name with another letter in it'],
      [{ name: `${name}\n`, value }, 'a name with a line break at its end'],
      [{ name, value: 'v'.repeat(VALUE_MAX + 1) }, 'a value of 1,001 characters'],
      [{ name }, 'no field "value"'],
      [{ value }, 'no field "name"'],
    ]
    for (const [form, what] of draw.shuffle(bad)) {
      const reply = await who.post('/create', form, { does: `creates a value with ${what}` })
      expectRefusal(reply, 'names have 1 to 40 characters of A-Z a-z 0-9 _ -, and values at most 1,000')
    }
    const longest = { name: 'n'.repeat(NAME_MAX), value: 'é'.repeat(VALUE_MAX) }
    const does = 'creates a value with the longest name and the longest text'
    expectRedirect(await create(who, longest, { does }), '/read')
  },
)

check(
  'round-trip',
  {
    name: 'the store gives back what was set, as far as JSON can say it',
    step: 1,
    points: 2,
    needs: ['opens'],
    hints: [
      'Two methods work together: what does set leave behind, and where does get look for it?',
      'Between set and get there is a text in a file. Which functions make a text of a session, and a session of a text?',
      'In set: write formatStored of the session and its times into the file of the id. In get: read that file, and give what parseStored finds in it.',
    ],
  },
  async ({ store }) => {
    await expectProperties(store, storing.roundTrip, storing.ownCopy, storing.json, storing.cookie)
  },
)

check(
  'callbacks',
  {
    name: 'every method calls back exactly once, whatever happens',
    step: 1,
    points: 2,
    needs: ['round-trip'],
    hints: [
      'Which method is it, and what happened before it should have called back?',
      'A method that does not call back leaves its request waiting for ever. One that calls back twice answers it twice. An error belongs into the callback.',
      'Let answer(callback, work) call back. Do everything that can fail inside of work, and await it there. Nothing may be thrown outside, and nothing else may call the callback.',
    ],
  },
  async ({ store }) => {
    const { once, onceOnError, optional, throwing } = callbacks
    await expectProperties(store, once, onceOnError, optional, throwing)
  },
)

check(
  'unknown-id',
  {
    name: 'get of an id that no session has calls back without an error, and without a session',
    step: 1,
    points: 1,
    needs: ['callbacks'],
    hints: [
      'What does Node say when you read a file that is not there?',
      'An old cookie, a made-up id: no session is not an error. How does express-session hear of it?',
      'readText gives undefined when there is no such file. Then get calls back with null, and with undefined for the session.',
    ],
  },
  async ({ store }) => expectProperties(store, storing.unknownId),
)

check(
  'id-is-a-path',
  {
    name: 'whatever an id is, its file stays in the folder and is no other’s',
    step: 1,
    points: 1,
    needs: ['unknown-id'],
    hints: [
      'Which name does the file of this id get? Where does it lie?',
      'An id may have slashes and dots in it, be too long for a name, or differ from another only in a capital letter.',
      'A hash has the same few characters for every id: createHash of node:crypto, with sha256 and hex.',
    ],
  },
  async ({ store }) => expectProperties(store, ids.oddIds),
)

check(
  'values',
  {
    name: 'the page lists the values of this visitor’s session, in the order they were added',
    step: 1,
    points: 1,
    needs: ['callbacks', 'bad-input'],
    hints: [
      'What is in the file of this session? What is missing on the page?',
      'The pages and the values are given. Do get and set keep every property, in its order, and the visitors apart?',
      'Each id has a file of its own, and all properties of the session go into it as they are.',
    ],
  },
  async (context) => {
    const { draw, visitor } = context
    const [first, second, third, other] = [newValue(draw), newValue(draw), newValue(draw), newValue(draw)]
    const odd = draw.shuffle(['constructor', '__proto__', 'cookie', 'save', '12', '7', 'id'])
    const values = [
      first,
      ...odd.map((name) => ({ name, value: `${draw.words(1)} ${draw.int(1000, 9999)}` })),
      second,
    ]
    const who = await visitorWith(context, values)
    const neighbour = await visitorWith(context, [other])
    expectValues(await read(who), values)
    const refused = await create(who, { name: 'two words', value: third.value })
    expectRefusal(refused, 'a name has no space in it')
    expectRedirect(await create(who, { name: second.name, value: third.value }), '/read')
    const page = await read(who)
    expectValues(page, values.slice(0, -1), 'Everything else should still be in the session')
    expectShows(page, line({ name: second.name, value: third.value }), 'The page should show the new value')
    expectHides(page, second.value, 'The old value should be gone.')
    expectHides(page, other.value, `${who.name} should see only what is in ${who.name}’s session.`)
    const theirs = await read(neighbour)
    expectValues(theirs, [other])
    expectHides(
      theirs,
      first.value,
      `${neighbour.name} should see only what is in ${neighbour.name}’s session.`,
    )
    expectNoSession(await read(visitor()), 'nobody else has one')
  },
)

check(
  'as-text',
  {
    name: 'values are shown as text, never as HTML',
    step: 0,
    points: 1,
    needs: ['values'],
    hints: [
      'The pages were given to you with their text escaped. Have you changed pages.ts?',
      'Text between tags has to have &lt; in place of <, and so on.',
      'The html`…` tag of #kit/html.ts escapes every value; new Html(…) does not.',
    ],
  },
  async (context) => {
    const what = context.draw.words(1)
    const value = `<b>${what}</b> & "quotes" &amp; <script>alert('${what}')</script><!-- ${what} -->`
    const who = await visitorWith(context, [{ name: 'html', value }])
    expectValues(await read(who), [{ name: 'html', value }], 'The page should show the value as it was typed')
  },
)

check(
  'restart',
  {
    name: 'sessions survive a crash of the app',
    step: 1,
    points: 1,
    needs: ['values'],
    hints: [
      'I killed your app the moment it had answered, and started it again. Where was the session then?',
      'What is in a variable is gone. So is what set has not yet written when it calls back.',
      'set calls back when the file is written: await the writing inside of answer.',
    ],
  },
  async (context) => {
    const values = [newValue(context.draw), newValue(context.draw)]
    const who = await visitorWith(context, values)
    await context.restart()
    expectValues(await read(who, { does: 'opens /read after your app was killed and started again' }), values)
    // From here on a start is known to leave sessions alone: start what later checks need while others run.
    for (const one of [soon, later]) context.instance(one).catch(() => {})
  },
)

check(
  'destroy',
  {
    name: 'destroy ends one session, and no other',
    step: 2,
    points: 1,
    needs: ['id-is-a-path'],
    hints: [
      'Is the file of this session still there?',
      'What of a session is left in the folder after destroy? And what if there was nothing?',
      'Remove the file of the id. remove of files.ts does nothing when it has gone already.',
    ],
  },
  async ({ store }) => expectProperties(store, ending.destroy),
)

check(
  'all',
  {
    name: 'all gives all sessions, and length counts them',
    step: 2,
    points: 1,
    needs: ['destroy'],
    hints: [
      'How many files are there, and how many sessions does it give?',
      'listNames gives the names of all that is in the folder. Which of them are sessions?',
      'isFileName recognises the names that fileName makes. Read each such file; length is how many sessions all gives.',
    ],
  },
  async ({ store }) => expectProperties(store, ending.all, ending.length),
)

check(
  'clear',
  {
    name: 'clear ends all sessions, and the store goes on',
    step: 2,
    points: 1,
    needs: ['all'],
    hints: [
      'What is left in the folder after clear?',
      'It is destroy for all of them. Which files are meant by "all"?',
      'Remove each file whose name isFileName recognises, one after the other. Leave the folder where it is.',
    ],
  },
  async ({ store }) => expectProperties(store, ending.clear),
)

check(
  'foreign-files',
  {
    name: 'files of others in the folder are no sessions, and are never removed',
    step: 2,
    points: 1,
    needs: ['clear'],
    hints: [
      'Somebody keeps notes in this folder. How does your store tell them from its own files?',
      'settings.json ends in .json as well, and so may a folder. What do only your names look like?',
      'A name of yours is 64 hexadecimal digits and .json, from its first character to its last: ^ and $ in the pattern.',
    ],
  },
  async ({ store }) => expectProperties(store, files.foreignFiles),
)

check(
  'delete',
  {
    name: 'a value can be deleted, and the session ended: then a copy of the cookie is worth nothing',
    step: 2,
    points: 2,
    needs: ['values', 'destroy'],
    hints: [
      'What does the server still have of this session?',
      'To clear the cookie is a wish to the browser. A thief has a copy, and no reason to follow it.',
      'delete_all calls req.session.destroy, which calls destroy of your store with the id: the file has to be gone when it calls back.',
    ],
  },
  async (context) => {
    const { draw, data } = context
    const [first, second, third] = [newValue(draw), newValue(draw), newValue(draw)]
    const who = await visitorWith(context, [first, second, third])
    const neighbour = await visitorWith(context, [newValue(draw)])
    const deletes = `deletes "${second.name}"`
    expectRedirect(await who.post('/delete', { name: second.name }, { does: deletes }), '/read')
    const page = await read(who)
    expectValues(page, [first, third])
    expectHides(page, second.value, 'What was deleted should be gone.')
    expectRedirect(
      await who.post('/delete', { name: 'nothing' }, { does: 'deletes what is not there' }),
      '/read',
    )
    expectValues(await read(who), [first, third])
    const cookie = who.savedCookie()
    await who.get('/delete_all', { does: 'opens /delete_all, as a link or an image could have it done' })
    const after = await read(who)
    expectThat(
      !showsNoSession(after),
      after,
      'A GET of /delete_all should not end the session.',
      'It has ended.',
    )
    const ended = await endSession(who)
    expectRedirect(ended, '/')
    expectGone(ended, who, COOKIE)
    const replay = await read(who, { cookie, does: 'opens /read with the cookie from before' })
    expectNoSession(replay, 'it was ended')
    expectHides(replay, first.value, 'What was in the session should be gone.')
    await expectInNoFile(data.path, first.value, 'The session was ended')
    expectThat(
      !showsNoSession(await read(neighbour)),
      await read(neighbour),
      `${neighbour.name}’s session should go on.`,
      'It has ended as well.',
    )
  },
)

/** This text is in no file of the folder, now or in a moment. */
async function expectInNoFile(folder: string, text: string, because: string): Promise<void> {
  if (await comesTrue(() => filesWith(folder, text).length === 0)) return
  fail({
    expected: `${because}, so what was in it should be in no file any more.`,
    got: 'It is still there.',
    detail: fileLines('files with it', filesWith(folder, text)),
  })
}

check(
  'corrupt',
  {
    name: 'a file that is damaged is no session, never an error, and can be set over',
    step: 3,
    points: 2,
    needs: ['foreign-files'],
    hints: [
      'What does your store do with the file of a session when it is empty, or half of one?',
      'JSON.parse throws on half a text. And what it makes of a whole one need not be a session: null, [] and 5 are JSON, too.',
      'In parseStored: return undefined when JSON.parse throws, when a time is no whole number, and when there is no session with a cookie that is an object.',
    ],
  },
  async ({ store }) => expectProperties(store, files.damaged),
)

check(
  'atomic',
  {
    name: 'a file is the old one or the new one, also after a crash or with the disk full',
    step: 3,
    points: 3,
    needs: ['corrupt'],
    hints: [
      'What is in the file between the first byte that is written and the last?',
      'Who opens a file for writing has emptied it. Which operation gives a file that is already whole its name, all at once?',
      'Write a file with a temporaryName and the mode OWNER_ONLY, and then moveFile it to its real name. When either fails, remove the temporary one.',
    ],
  },
  async ({ store }) => {
    const { diskFull, neverHalf, crash } = wholeWrites
    await expectProperties(store, diskFull, neverHalf, crash, files.ownerOnly)
  },
)

check(
  'idle',
  {
    name: 'a session that nobody uses ends, for get as well as for all and length',
    step: 4,
    points: 2,
    needs: ['corrupt'],
    hints: [
      'When was this session last used, and how long may it be unused?',
      'The cookie cannot tell: a browser may keep it for ever, and so may a thief. What in the file says when a session was last used?',
      'In hasEnded: Date.now() is at least lastAccessMs and timeoutSeconds in milliseconds. Without timeoutSeconds, that never is.',
    ],
  },
  async ({ store }) => expectProperties(store, time.idle, time.noLimit),
)

check(
  'cookie-expiry',
  {
    name: 'a session whose cookie has an end is over at that time',
    step: 4,
    points: 1,
    needs: ['idle'],
    hints: [
      'What is in session.cookie.expires of this session?',
      'Apps can give a cookie an end of its own. After it, a browser sends the cookie no more; a thief does.',
      'In hasEnded: cookie.expires is a Date or null. A Date that is not after now has come.',
    ],
  },
  async ({ store }) => expectProperties(store, time.cookieEnd),
)

check(
  'touch',
  {
    name: 'touch renews the time of a session, and changes nothing else in it',
    step: 4,
    points: 2,
    needs: ['cookie-expiry'],
    hints: [
      'express-session calls touch for a request that has only read its session. What should be in the file after it?',
      'The session that touch is given is as old as its request. Another request may have set something since.',
      'Read what is stored, and write that again with a new lastAccessMs and the cookie that touch was given. If there is nothing, do nothing.',
    ],
  },
  async ({ store }) => expectProperties(store, time.touchIdle, time.touchCookie, time.touchKeeps),
)

interface Times {
  createdMs: number
  lastAccessMs: number
}

/** Both times on the page, with the reply in which they are. */
function timesOn(reply: Reply): Times {
  expectStatus(reply, 200)
  const after = (label: string) => {
    const rest = reply.body.slice(reply.body.indexOf(label) + label.length)
    const [, iso = ''] = /<time\b[^>]*\bdatetime=["']?([^"'\s>]+)/i.exec(rest) ?? []
    const milliseconds = Date.parse(iso)
    expectThat(
      reply.body.includes(label) && !Number.isNaN(milliseconds),
      reply,
      `The page should show "${label}" with a <time datetime="…"> after it.`,
      'There is none.',
    )
    return milliseconds
  }
  return { createdMs: after('Created'), lastAccessMs: after('Last access') }
}

/** For times in whole seconds, and a computer that is slow. */
const SLACK_MS = 10_000

function laterText(seconds: number): string {
  return `opens /read ${seconds} seconds later`
}

check(
  'times',
  {
    name: 'the page shows when the session was created, and when it was last used',
    step: 4,
    points: 1,
    needs: ['restart', 'idle'],
    hints: [
      'Which of the two times is not what it should be? Which method writes it?',
      'A session is set again and again, but it is created once. And a request that changes nothing uses it, too.',
      'set keeps createdMs of what is in the file, if there is something. set and touch write Date.now() as lastAccessMs.',
    ],
  },
  async (context) => {
    const [atSoon, atLater] = await Promise.all([context.instance(soon), context.instance(later)])
    const begin = Date.now()
    const who = await visitorWith(context, [newValue(context.draw)])
    const first = await read(who)
    const created = timesOn(first)
    expectThat(
      Math.abs(created.createdMs - begin) < SLACK_MS && created.lastAccessMs >= created.createdMs - 1_000,
      first,
      'A new session should be created now, and last be used now.',
      `It was created ${describeMs(created.createdMs - begin)}, and last used ${describeMs(created.lastAccessMs - begin)}.`,
    )
    const second = await read(who, { at: atSoon, does: laterText(SOON_SECONDS) })
    const used = timesOn(second)
    const ahead = Math.round((used.lastAccessMs - created.lastAccessMs) / 1000)
    expectThat(
      ahead < SOON_SECONDS / 2,
      second,
      `"Last access" should be the time of the request before this one, ${SOON_SECONDS} seconds ago.`,
      `It is ${ahead} seconds later than that.`,
    )
    expectRedirect(
      await create(who, newValue(context.draw), { at: atSoon, does: 'puts another value into it' }),
      '/read',
    )
    const third = await read(who, { at: atLater, does: laterText(LATER_SECONDS - SOON_SECONDS) })
    const usedAgain = timesOn(third)
    for (const [reply, { createdMs }] of [
      [second, used],
      [third, usedAgain],
    ] as const) {
      expectThat(
        Math.abs(createdMs - created.createdMs) <= 1_000,
        reply,
        '"Created" should stay the same as long as the session goes on.',
        `It has moved by ${Math.round((createdMs - created.createdMs) / 1000)} seconds.`,
      )
    }
    const rise = usedAgain.lastAccessMs - used.lastAccessMs
    if (rise >= (SOON_SECONDS * 1000) / 2) return
    await expectRiseAfterWait(context, third)
  },
)

function describeMs(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  return seconds === 0 ? 'just now' : `${Math.abs(seconds)} seconds ${seconds < 0 ? 'before' : 'after'} now`
}

/** The same with real waiting, for an app that takes its times from a source which the shifted clock does not reach. */
async function expectRiseAfterWait(context: CheckContext, third: Reply): Promise<void> {
  const who = await visitorWith(context, [newValue(context.draw)], { aside: true })
  const waits = { aside: true, does: 'waits two seconds and opens /read' }
  await sleep(2_000)
  const before = timesOn(await read(who, waits))
  await sleep(2_000)
  const after = timesOn(await read(who, waits))
  expectThat(
    after.lastAccessMs - before.lastAccessMs >= 900,
    third,
    '"Last access" should rise with every request that uses the session.',
    'It does not: between two requests it has stayed the same.',
  )
}

check(
  'swept',
  {
    name: 'a session that has ended leaves no file, also when nobody asks for it again',
    step: 4,
    points: 1,
    needs: ['restart', 'idle'],
    hints: [
      'Most visitors never come back. What becomes of their files?',
      'Who reads a file sees that its session has ended. Who reads all of them, from time to time?',
      'The one method that reads files removes a file whose session has ended. sweep in sessions.ts reads them all, with length.',
    ],
  },
  async (context) => {
    await expectProperties(context.store, time.removed)
    const value = newValue(context.draw)
    await visitorWith(context, [value])
    const at = await context.instance(muchTooLate)
    const does = `opens the start page of an instance that was started ${LONG_AHEAD_SECONDS} seconds later`
    expectStatus(await context.visitor().get('/', { at, does }), 200)
    await expectInNoFile(context.data.path, value.value, 'Nobody has used the session for 1800 seconds')
    // Its clock is ahead: what it sweeps from time to time may be in use in the checks to come.
    await at.stop()
  },
)

check(
  'parallel',
  {
    name: 'two requests that change different properties of one session both keep their change',
    step: 5,
    points: 2,
    needs: ['touch'],
    hints: [
      'Both requests have loaded the same session. What does the second one write over?',
      'A request hands over its whole session, also what it has not changed. How could your store tell what the request has changed?',
      'Remember in get what was loaded. In set, under the lock: read what is stored now, and write mergeChanges of it, what was loaded, and what the request has.',
    ],
  },
  async ({ store }) => {
    const { bothKept, changedMeanwhile, deletedStays, lastWins, touchAtOnce } = sameTime
    await expectProperties(store, bothKept, changedMeanwhile, deletedStays, lastWins, touchAtOnce)
  },
)

check(
  'no-resurrection',
  {
    name: 'a request that is late does not bring back a session that has ended',
    step: 5,
    points: 2,
    needs: ['parallel', 'clear', 'swept'],
    hints: [
      'Somebody has logged out, while another request was still on its way. What did that one do at its end?',
      'For set, a session that is new and one that was destroyed look alike: there is no file. What tells them apart?',
      'A request that has loaded its session never makes a file: if there is none any more, set writes nothing. touch never makes one.',
    ],
  },
  async ({ store }) => expectProperties(store, sameTime.lateSet, sameTime.lateTouch, sameTime.lateAfterEnd),
)

check(
  'instances',
  {
    name: 'two processes can share a folder: each finds what the other sets, and no change is lost',
    step: 5,
    points: 2,
    needs: ['no-resurrection'],
    hints: [
      'Where does the second process find what the first one knows?',
      'What is in a variable, one process has for itself: copies of sessions, locks, lists of what was destroyed.',
      'Ask the folder each time. withLock keeps other processes out as well: read, merge and write inside of one withLock.',
    ],
  },
  async ({ store }) => {
    await expectProperties(store, sameTime.shared, sameTime.sharedBothKept, sameTime.sharedLateSet)
  },
)

/** An instance with this environment ends before it listens, and says which variable is wrong. */
async function expectStartRefused({ instance }: CheckContext, name: string, value: string): Promise<void> {
  const says = `With ${name}=${value}, the app should end with a sentence that names ${name}.`
  try {
    await (await instance({ env: { [name]: value } })).stop()
  } catch (error) {
    if (!(error instanceof StartTrouble)) throw error
    const { kind, sentence, detail } = error.trouble
    const isSaid = [sentence, ...detail].some((text) => text.includes(name))
    if ((kind === 'crash' || kind === 'ended') && isSaid) return
    fail({ expected: says, got: isSaid ? sentence : 'It ended without one.', detail })
  }
  fail({ expected: says, got: 'It started.' })
}

const SHORT_SECONDS = 60

check(
  'options',
  {
    name: 'the environment says where sessions are, how long they may be unused, and whether they end at all',
    step: 6,
    points: 2,
    needs: ['times'],
    hints: [
      'Which variable is it about? What does your app do when it is set, when it is not, and when it cannot be right?',
      'Somebody who types SESSION_EXPIRES=no or SESSION_TIMEOUT=30m should hear of it at the start, not when sessions do not end.',
      'In sessionSettings: choice for SESSION_TYPE, SESSION_EXPIRES and SESSION_TESTING, positiveNumber for SESSION_TIMEOUT with 1800, and SESSION_DATA_DIR or .sessions in dataDir().',
    ],
  },
  async (context) => {
    const { draw, instance, data, newFolder } = context
    const folder = newFolder()
    const there = { SESSION_DATA_DIR: `${folder}/deep/sessions` }
    const limited = { ...there, SESSION_TIMEOUT: String(SHORT_SECONDS) }
    const elsewhere = instance({ env: there })
    const short = instance({ env: limited, clockAheadSeconds: SHORT_SECONDS + 40 })
    const unending = { ...limited, SESSION_EXPIRES: 'false' }
    const endless = instance({ env: unending, clockAheadSeconds: LONG_AHEAD_SECONDS })
    // All start at once, and the trouble of one is told when it is wanted.
    const type = draw.pick(['memory', 'redis', 'sqlite', 'File'])
    const refused = [
      expectStartRefused(context, 'SESSION_TYPE', type),
      expectStartRefused(context, 'SESSION_EXPIRES', draw.pick(['no', 'maybe', 'TRUE', '0'])),
      expectStartRefused(context, 'SESSION_TIMEOUT', draw.pick(['30m', '0', '-60', '1.5'])),
      expectStartRefused(context, 'SESSION_TESTING', draw.pick(['yes', '1', 'on'])),
    ]
    for (const one of [elsewhere, short, endless, ...refused]) one.catch(() => {})
    for (const one of refused) await one
    await expectDefaults(context)

    const at = await elsewhere
    const [value, other] = [newValue(draw), newValue(draw)]
    const who = await visitorWith(context, [value], { at })
    const second = await visitorWith(context, [other], { at })
    if (filesIn(folder).length === 0) {
      fail({
        expected: `With SESSION_DATA_DIR=${there.SESSION_DATA_DIR}, the sessions should be in files there.`,
        got: 'There is no file.',
        detail: fileLines('in DATA_DIR', filesIn(data.path)),
      })
    }
    const stays = await read(who, {
      at: await endless,
      does: `opens /read ${LONG_AHEAD_SECONDS} seconds later, with SESSION_EXPIRES=false and SESSION_TIMEOUT=${SHORT_SECONDS}`,
    })
    expectValues(stays, [value], 'With SESSION_EXPIRES=false, the session should go on')
    const ended = await read(second, {
      at: await short,
      does: `opens /read ${SHORT_SECONDS + 40} seconds later, with SESSION_TIMEOUT=${SHORT_SECONDS}`,
    })
    if (showsNoSession(ended)) return
    await expectEndsAfterWait(context)
    fail({
      expected: `The page should say "${NO_SESSION}.", because nobody has used the session for SESSION_TIMEOUT.`,
      got: 'It does not say so.',
      exchange: ended.exchange,
    })
  },
)

/** Without any of these variables: `.sessions` in DATA_DIR, and 1800 seconds. */
async function expectDefaults(context: CheckContext): Promise<void> {
  const { draw, instance, data } = context
  const [value, other] = [newValue(draw), newValue(draw)]
  const [who, second] = [await visitorWith(context, [value]), await visitorWith(context, [other])]
  if (!filesIn(data.path).some(({ name }) => name.startsWith('.sessions/'))) {
    fail({
      expected:
        'Without SESSION_DATA_DIR, the sessions should be in files in the folder .sessions of DATA_DIR.',
      got: 'There is no such file.',
      detail: fileLines('in DATA_DIR', filesIn(data.path)),
    })
  }
  const page = await read(who, { at: await instance(later), does: laterText(LATER_SECONDS) })
  expectValues(page, [value], 'Without SESSION_TIMEOUT, a session may be unused for 1800 seconds')
  const at = await instance(tooLate)
  const ended = await read(second, { at, does: laterText(tooLate.clockAheadSeconds ?? 0) })
  await at.stop()
  if (!showsNoSession(ended))
    expectNoSession(ended, 'without SESSION_TIMEOUT, a session ends after 1800 seconds')
}

/** A session ends after SESSION_TIMEOUT by a real clock, whatever source the app takes its times from. */
async function expectEndsAfterWait(context: CheckContext): Promise<void> {
  const at = await context.instance({ env: { SESSION_TIMEOUT: '1' } })
  const who = await visitorWith(context, [newValue(context.draw)], { at })
  await sleep(2_200)
  const does = 'waits more than two seconds, with SESSION_TIMEOUT=1, and opens /read'
  expectNoSession(await read(who, { at, does }), 'nobody has used the session for SESSION_TIMEOUT')
}

/** The Cookie header that a transaction gave. */
function headerOf({ cookieHeader, error, hung, seen }: TransactionResult, what: string): string {
  if (hung) {
    fail({
      expected: `${what} should resolve to a Cookie header.`,
      got: `It never does: it waits for something that never comes, ${seen ? 'after' : 'before'} it has called change.`,
    })
  }
  if (error)
    fail({ expected: `${what} should resolve to a Cookie header.`, got: `It threw: ${error.message}` })
  if (typeof cookieHeader === 'string' && cookieHeader.includes(`${COOKIE}=`)) return cookieHeader
  fail({
    expected: `${what} should resolve to a Cookie header: ${COOKIE}=…`,
    got: `It resolves to ${JSON.stringify(cookieHeader) ?? 'undefined'}.`,
  })
}

check(
  'transaction',
  {
    name: 'sessionTransaction opens, changes and saves a session for a test, and only for a test',
    step: 6,
    points: 2,
    needs: ['unknown-id', 'restart', 'destroy', 'delete'],
    hints: [
      'Which of its three parts is missing: to open the session, to have it changed, or to save it?',
      'It opens any session without a visitor’s doing. When may it do that, and when has it to refuse?',
      'Refuse first, unless isTesting. Then sessions.get and createSession, or generate; await change(req.session); and await its save.',
    ],
  },
  async (context) => {
    const { draw, data, visitor } = context
    const DATA_DIR = data.path
    const [refusing, alsoRefusing, testing] = await Promise.all([
      context.testSessions({ DATA_DIR }),
      context.testSessions({ DATA_DIR, SESSION_TESTING: 'false' }),
      context.testSessions({ DATA_DIR, SESSION_TESTING: 'true' }),
    ])
    const value = newValue(draw)
    const who = await visitorWith(context, [value])
    const to = `${draw.words(2)} ${draw.int(10_000, 99_999)}`
    const cookieHeader = who.savedCookie()
    const change = { from: value.value, to, put: { note: 'by a test' } }
    await expectOnlyForTests(refusing.transaction({ cookieHeader, ...change }))
    await expectOnlyForTests(
      alsoRefusing.transaction({ cookieHeader, ...change }),
      'With SESSION_TESTING=false',
    )
    expectValues(await read(who), [value], 'Without SESSION_TESTING=true, nothing should be changed')

    const opened = await testing.transaction({ cookieHeader: `theme=dark; ${cookieHeader}`, ...change })
    const header = headerOf(opened, 'sessionTransaction(sessions, cookieHeader, change)')
    if (!JSON.stringify(opened.seen).includes(value.value)) {
      fail({
        expected: 'change should be given the session to which the Cookie header leads.',
        got: `It is given a session with this in it: ${shorten(JSON.stringify(opened.seen), 100)}`,
      })
    }
    const changed = { name: value.name, value: to }
    const saved = 'What change has done in sessionTransaction should be in the session'
    expectValues(await read(who), [changed], saved)
    const does = 'opens /read with the Cookie header from sessionTransaction'
    expectValues(await read(visitor(), { cookie: header, does }), [changed], saved)
    const again = await testing.transaction({ cookieHeader })
    if (again.seen?.note !== 'by a test') {
      fail({
        expected: 'The next transaction with this Cookie header should find what the first one has put in.',
        got: `It finds ${shorten(JSON.stringify(again.seen ?? null), 100)}`,
      })
    }
    expectRedirect(await endSession(who), '/')
    for (const none of [undefined, `${COOKIE}=no-session-has-this-id`, header]) {
      const fresh = await testing.transaction({ cookieHeader: none, put: { mark: 'new' } })
      const given = none === header ? 'a Cookie header whose session has ended' : none && `"${none}"`
      const what = `sessionTransaction(sessions, ${given}, change)`
      const own = headerOf(fresh, what)
      const found = await testing.transaction({ cookieHeader: own })
      if (own === header || found.seen?.mark !== 'new') {
        fail({
          expected: `${what} should make a new session, and resolve to the Cookie header that leads to it.`,
          got: own === header ? 'It is the header of another one, with the same id.' : 'It leads to none.',
        })
      }
      const page = await read(visitor(), { cookie: own, does })
      expectStatus(page, 200)
      expectThat(
        !showsNoSession(page),
        page,
        'The Cookie header should lead to a session.',
        'It leads to none.',
      )
    }
  },
)

async function expectOnlyForTests(
  refused: Promise<TransactionResult>,
  when = 'Without SESSION_TESTING=true',
): Promise<void> {
  const { error, seen } = await refused
  if (error?.message.includes('SESSION_TESTING') && seen === undefined) return
  fail({
    expected: `${when}, sessionTransaction should open nothing, and throw an Error that names SESSION_TESTING.`,
    got: error ? `It threw: ${error.message}` : 'It threw none.',
  })
}
