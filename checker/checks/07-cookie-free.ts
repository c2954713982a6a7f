// Lab 7: sessions without cookies. The API and its tokens from outside, and the student's tests with apps of ours.
import { type CheckContext, check } from '../src/check/check.ts'
import { getJudged, startEarly } from '../src/check/current.ts'
import type { Draw } from '../src/check/draw.ts'
import {
  expectNoServerError,
  expectRefusal,
  expectSetsNothing,
  expectStatus,
  expectThat,
  fail,
} from '../src/check/expect.ts'
import type { InstanceOptions } from '../src/check/judged.ts'
import { shorten } from '../src/check/shorten.ts'
import type { Reply, RequestOptions } from '../src/http/visitor.ts'
import type { Outcome } from '../src/judging-tests/outcome.ts'
import {
  type Answer,
  begin,
  beginEditing,
  Client,
  expectError,
  expectOk,
  expectOutcome,
  expectToken,
  expectUnknown,
  PASSWORD,
  type Reflection,
  solve,
} from './07-cookie-free/client.ts'
import { type StudentTests, studentTests, TESTS_FILES } from './07-cookie-free/student-tests.ts'

type At = RequestOptions['at']

/** Another server on the same database, where nobody is too fast: a checker is always faster than a human. */
const quick: InstanceOptions = { data: 'shared', env: { HUMAN_SECONDS: '0' } }

startEarly(quick)

/**
 * The outcome of a request that comes much later. Whether a session lives that long is for `parallel` and `idle` to say,
 * in the steps on tokens and limits: who has lost it there has broken no rule of replies and votes.
 */
function expectLateOutcome(answer: Answer, outcome: string, because: string): void {
  if (answer.status !== 401) expectOutcome(answer, outcome, because)
}

/** Limits that are long enough for a busy machine. The idle limit is out of the way of the absolute one. */
const env = {
  GRACE_SECONDS: '600',
  HUMAN_SECONDS: '600',
  REPLY_SECONDS: '1000',
  QUARANTINE_VOTES: '2',
  SESSION_IDLE_SECONDS: '100000',
}
const limited = (clockAheadSeconds = 0): InstanceOptions => ({ data: 'shared', env, clockAheadSeconds })
/** Within the grace, and after it. */
const SOON_SECONDS = 300
const LATER_SECONDS = 800
/** Before the absolute limit of 12 hours, and after it. */
const NEARLY_TOO_OLD_SECONDS = 43_000
const TOO_OLD_SECONDS = 43_400

/** With the limits as they are when nobody sets them: before the idle limit of 30 minutes, and after it. */
const NEARLY_IDLE_SECONDS = 1700
const IDLE_SECONDS = 1900
const nearlyIdle: InstanceOptions = { data: 'shared', clockAheadSeconds: NEARLY_IDLE_SECONDS }
const idle: InstanceOptions = { data: 'shared', clockAheadSeconds: IDLE_SECONDS }
const startedLate: InstanceOptions = { data: 'shared', clockAheadSeconds: IDLE_SECONDS + 50 }

function after(seconds: number): string {
  if (seconds >= 7200)
    return `${Math.floor(seconds / 3600)} hours and ${Math.round((seconds % 3600) / 60)} minutes later`
  return seconds >= 1000 ? `${Math.round(seconds / 60)} minutes later` : `${seconds} seconds later`
}

function someText(draw: Draw): string {
  return `${draw.words(2)} ${draw.int(1000, 9999)}`
}

/** A reflection that takes replies without end, and the newest reply to it: those of other checks are there, too. */
async function openOne(client: Client, options: { at?: At } = {}): Promise<{ id: number; last: number }> {
  const answer = await client.list(options)
  expectOk(answer)
  const open = answer.reflections.find((one) => one.open && one.closesAt === null)
  expectThat(open !== undefined, answer, 'One of the reflections should be open.', 'None is.')
  return { id: open.id, last: newest(open) }
}

function newest({ replies }: Reflection): number {
  return Math.max(0, ...replies.map(({ id }) => id))
}

/** The reflection with this id as the visitor sees it now; undefined when it is not listed. */
async function seen(client: Client, id: number, at?: At): Promise<[Reflection | undefined, Answer]> {
  const answer = await client.list({ at })
  expectOk(answer)
  return [answer.reflections.find((one) => one.id === id), answer]
}

/** Somebody else replies, and the reply is published. @returns its id, and that of its reflection */
async function publishedReply(
  context: CheckContext,
  text: string,
  at: At,
): Promise<{ id: number; reflection: number }> {
  const author = await begin(context, at)
  const { id: reflection, last } = await openOne(author)
  const answer = await author.reply(reflection, text, last)
  expectOutcome(answer, 'success', 'nobody else replied meanwhile')
  const reply = answer.replies.find((one) => one.text === text)
  expectThat(
    reply !== undefined,
    answer,
    'The answer should bring the reply with its id, in "replies".',
    'It is not there.',
  )
  return { id: reply.id, reflection }
}

async function expectVotes(
  client: Client,
  reply: { id: number; reflection: number },
  votes: number,
  at?: At,
) {
  const [reflection, answer] = await seen(client, reply.reflection, at)
  const shown = reflection?.replies.find(({ id }) => id === reply.id)?.votes
  expectThat(
    shown === votes,
    answer,
    `Reply ${reply.id} should have ${votes} votes: those up, less those down.`,
    shown === undefined ? 'It is not listed.' : `It has ${shown}.`,
  )
}

async function expectListed(
  client: Client,
  {
    reflection,
    text,
    listed,
    because,
  }: { reflection: number; text: string; listed: boolean; because: string },
  at?: At,
): Promise<void> {
  const [found, answer] = await seen(client, reflection, at)
  const isListed = found?.replies.some((one) => one.text === text) ?? false
  if (isListed === listed) return
  fail({
    expected: `The reply "${shorten(text, 30)}" should ${listed ? '' : 'not '}be listed, because ${because}.`,
    got: listed ? 'It is not listed.' : 'It is.',
    exchange: answer.exchange,
    mark: listed
      ? undefined
      : { line: 'body', at: `"text":${JSON.stringify(text)}`, note: 'should not be listed' },
  })
}

check(
  'opens',
  {
    name: 'the page opens, a session begins, and there are two reflections, one of them open',
    step: 0,
    points: 1,
    hints: [
      'The starter passes this check. What have you changed since?',
      'POST /api/start answers with a token; POST /api/reflections takes it, and answers with "reflections".',
      'Put your files beside the starter’s: npx lab-check reset 7 keeps your work and shows where.',
    ],
  },
  async (context) => {
    // They take the longest, and run while the app is looked at.
    studentTests(getJudged())
    const client = new Client(context.visitor())
    const page = await client.visitor.get('/', { does: 'opens the page' })
    expectStatus(page, 200)
    expectThat(
      /^text\/html\b/i.test(page.contentType),
      page,
      'The page should be HTML.',
      `Its Content-Type is ${page.contentType || 'missing'}.`,
    )
    await client.start()
    const answer = await client.list()
    expectToken(answer)
    const states = answer.reflections.map(({ open }) => open)
    expectThat(
      states.includes(true) && states.includes(false),
      answer,
      'A new database should have two reflections, one that is open and one that is closed.',
      states.length === 0
        ? 'There is none.'
        : `They are ${states.map((open) => (open ? 'open' : 'closed')).join(' and ')}.`,
    )
  },
)

/** What the page loads from this server. */
function partsOf(page: Reply): string[] {
  const found = [...page.body.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)=["']?([^"'\s>]+)/gi)]
  return found.map(([, url = '']) => new URL(url, 'http://localhost/').pathname)
}

check(
  'no-cookie',
  {
    name: 'no cookie is ever set or read, and no token is in a URL',
    step: 0,
    points: 1,
    needs: ['opens'],
    hints: [
      'Where do tokens travel in this lab? Which other ways are open in your app?',
      'A token in a URL stays in histories and in the logs of servers. A cookie comes along by itself, with requests of other sites, too.',
      'The token is read from the body alone, body?.token, and goes back in the JSON alone, as answer.token.',
    ],
  },
  async (context) => {
    const client = await begin(context)
    const because = 'a token in the JSON is all that this app needs'
    const page = await client.visitor.get('/', { does: 'opens the page' })
    expectSetsNothing(page, because)
    for (const part of [
      page,
      ...(await Promise.all(partsOf(page).map((path) => client.visitor.get(path)))),
    ]) {
      expectSetsNothing(part, because)
      const [inUrl] = /[?&](?:token|session|sid)=/i.exec(part.body) ?? []
      if (inUrl === undefined) continue
      fail({
        expected: 'No token should be in a URL.',
        got: `There is "${inUrl}" in what the page loads.`,
        exchange: part.exchange,
        mark: { line: 'body', at: inUrl, note: 'should go into the body of a POST' },
      })
    }
    const token = String(client.token)
    const stranger = new Client(context.visitor('Stranger'))
    const ways: [path: string, options: { cookie?: string }, where: string][] = [
      [`/reflections?token=${token}`, {}, 'in the URL'],
      ['/reflections', { cookie: `token=${token}; session=${token}` }, 'in a cookie'],
    ]
    for (const [path, options, where] of ways) {
      const answer = await stranger.send(
        path,
        {},
        { ...options, does: `sends a good token ${where}, and none in the body` },
      )
      expectUnknown(answer, 'there is no token in the body')
      expectSetsNothing(answer, because)
    }
    const { id, last } = await openOne(client)
    for (const answer of [
      await client.list(),
      await client.reply(id, someText(context.draw), last),
      await client.logIn({ password: 'wrong', does: 'logs in with a wrong password' }),
      await client.logIn(),
      await client.end(),
    ]) {
      expectSetsNothing(answer, because)
    }
  },
)

check(
  'no-store',
  {
    name: 'every answer of the API says Cache-Control: no-store, also a refusal',
    step: 0,
    points: 1,
    needs: ['opens'],
    hints: [
      'Who else could keep an answer with a token in it?',
      'Browsers and proxies keep answers, unless they are told not to. Which header tells them?',
      'api.ts sets it before anything else, for all answers: res.set("Cache-Control", "no-store").',
    ],
  },
  async (context) => {
    const client = new Client(context.visitor())
    const answers = [
      await client.start(),
      await client.list(),
      await client.logIn({ password: 'wrong', does: 'logs in with a wrong password' }),
      await client.send('/reflections', { token: 'x' }, { does: 'sends a token that nobody was given' }),
      await client.post('/nothing', {}, { does: 'asks for something that is not there' }),
      await client.send('/start', {}, { headers: { 'Content-Type': 'text/plain' }, does: 'sends text' }),
      await client.end(),
    ]
    for (const answer of answers) {
      if (/\bno-store\b/i.test(answer.header('cache-control') ?? '')) continue
      fail({
        expected: 'Every answer of the API should have the header Cache-Control: no-store.',
        got: `It has ${answer.header('cache-control') === undefined ? 'none' : `Cache-Control: ${answer.header('cache-control')}`}.`,
        exchange: answer.exchange,
        mark: { line: 'Cache-Control:', at: '', note: 'Cache-Control: no-store is missing here' },
      })
    }
  },
)

check(
  'replies',
  {
    name: 'a reply is published, unless somebody was quicker, the reflection is closed, or it is invalid',
    step: 0,
    points: 1,
    needs: ['opens'],
    hints: [
      'The starter passes this check. What have you changed in replies.ts?',
      'The five outcomes are tried one after the other: invalid, closed, ninja, captcha, success.',
      'ninja: there are replies newer than `last`. It brings them along, and the second try, with a new `last`, goes through.',
    ],
  },
  async (context) => {
    const { draw } = context
    const at = await context.instance(quick)
    const [first, second] = [someText(draw), someText(draw)]
    const ada = await begin(context, at)
    const { id, last } = await openOne(ada)
    const published = await ada.reply(id, `  ${first} `, last)
    expectOutcome(published, 'success', 'nobody else replied meanwhile')
    const grace = await begin(context, at)
    const ninja = await grace.reply(id, second, last)
    expectOutcome(ninja, 'ninja', `${ada.name} replied meanwhile`)
    const [sent] = ninja.replies
    expectThat(
      ninja.replies.length === 1 && sent?.text === first && sent.votes === 0,
      ninja,
      `With the outcome "ninja", the answer should bring what is new in "replies": "${first}", with 0 votes.`,
      `It brings ${JSON.stringify(ninja.replies)}.`,
    )
    const because = `${grace.name} should read first what is new`
    await expectListed(grace, { reflection: id, text: second, listed: false, because })
    const again = await grace.reply(id, second, sent.id)
    const itsTurn = `${grace.name} has seen the newest reply, and has published none before`
    expectOutcome(again, 'success', itsTurn)
    const [reflection, list] = await seen(ada, id)
    const texts = reflection?.replies.filter((one) => one.id > last).map(({ text }) => text)
    expectThat(
      JSON.stringify(texts) === JSON.stringify([first, second]),
      list,
      `The new replies should be listed in their order: "${first}", "${second}".`,
      `There are ${JSON.stringify(texts)}.`,
    )
    const closed = list.reflections.find((one) => !one.open)
    const late = await begin(context, at)
    const third = someText(draw)
    if (closed) {
      expectOutcome(await late.reply(closed.id, third, newest(closed)), 'closed', 'this reflection is closed')
      await expectListed(late, {
        reflection: closed.id,
        text: third,
        listed: false,
        because: 'the reflection is closed',
      })
    }
    expectOutcome(await late.reply(id, ' \n', sent.id + 1), 'invalid', 'the text is empty')
    expectOutcome(
      await late.reply(draw.int(100_000, 999_999), third, 0),
      'invalid',
      'there is no such reflection',
    )
  },
)

check(
  'restart',
  {
    name: 'sessions outlive a restart of the server, with all that they carry',
    step: 2,
    points: 1,
    needs: ['replies'],
    hints: [
      'What was in the memory of your process is gone. Where are the tokens, and where are the sessions?',
      'A Map, or a key that is drawn at the start, ends with the process.',
      'Tokens and sessions are rows in the database: nothing else is needed to find a session again.',
    ],
  },
  async (context) => {
    const client = await begin(context)
    const { id, last } = await openOne(client)
    const reply = await client.reply(id, someText(context.draw), last)
    expectToken(reply)
    await context.restart()
    const answer = await client.list({ does: 'asks for the reflections, after the server was started anew' })
    expectStatus(answer, 200, 'because a session is no matter of one process')
    const again = await client.reply(id, someText(context.draw), (await openOne(client)).last)
    expectOutcome(again, 'captcha', 'this visitor has replied a moment ago')
    const elsewhere = await client.list({
      at: await context.instance(quick),
      does: 'asks another server, on the same database',
    })
    expectStatus(elsewhere, 200, 'because all sessions and tokens are in the database, at any time')
  },
)

check(
  'editors',
  {
    name: 'editors, and nobody else, publish and bump reflections, each at its time',
    step: 0,
    points: 1,
    needs: ['restart'],
    hints: [
      'The starter passes this check. What have you changed in admin.ts or reflections.ts?',
      'Everything below /api/admin but the login is refused with 403, unless the session has isAdmin.',
      'requireAdmin comes first in each action, and the list has the reflections whose publishAt is not after now().',
    ],
  },
  async (context) => {
    const { draw } = context
    const [atNow, atSoon, atLater] = await Promise.all(
      [limited(), limited(SOON_SECONDS), limited(LATER_SECONDS)].map(context.instance),
    )
    const nowMs = Date.now()
    const teaser = (closesAt: number | null, publishAt: number) => ({
      title: someText(draw),
      text: someText(draw),
      publishAt,
      closesAt,
    })
    const mine = teaser(null, 0)
    const stranger = await begin(context, atNow)
    for (const [path, fields] of [
      ['teasers', {}],
      ['publish', mine],
      ['bump', { id: 1 }],
      ['release', { reply: 1 }],
    ] as const) {
      const answer = await stranger.post(`/admin/${path}`, fields)
      expectStatus(answer, 403, `because ${stranger.name} has not logged in as an editor`)
    }
    for (const password of draw.shuffle(['', 'wrong', `${PASSWORD} `, 7, undefined])) {
      // JSON has no undefined: null, for "as the default", would be the right password.
      const answer = await stranger.post(
        '/admin/login',
        { password },
        { does: `logs in with the password ${JSON.stringify(password) ?? 'left out'}` },
      )
      expectStatus(answer, 403, 'because that is not the password')
    }
    expectStatus(await stranger.post('/admin/teasers'), 403, 'because no login has worked')

    const editor = await beginEditing(context, atNow)
    const [older, newer] = [teaser(null, nowMs - 20_000), teaser(null, nowMs - 10_000)]
    const soon = teaser(nowMs + 500_000, nowMs + 100_000)
    const publish = async (one: ReturnType<typeof teaser>, what: string) => {
      const answer = await editor.post('/admin/publish', one, { does: `publishes ${what}` })
      expectOk(answer)
      expectThat(
        typeof answer.id === 'number',
        answer,
        'The answer should bring the "id" of the reflection.',
        'It brings none.',
      )
      return answer.id as number
    }
    const id = await publish(older, `"${older.title}", from 20 seconds ago on`)
    await publish(newer, `"${newer.title}", from 10 seconds ago on`)
    const later = await publish(soon, `"${soon.title}", from 100 seconds from now to 500`)
    const teasers = await editor.post('/admin/teasers')
    expectOk(teasers)
    for (const { title } of [older, newer, soon]) {
      expectThat(
        teasers.teasers.some((one) => one.title === title),
        teasers,
        `The editors’ list should have all teasers, also "${title}".`,
        'It is not there.',
      )
    }
    const titles = async (client: Client, at: At, does?: string): Promise<[string[], Answer]> => {
      const answer = await client.list({ at, ...(does ? { does } : {}) })
      expectOk(answer)
      const ours = [older, newer, soon, mine].map(({ title }) => title)
      return [answer.reflections.map(({ title }) => title).filter((title) => ours.includes(title)), answer]
    }
    const expectOrder = ([came, answer]: [string[], Answer], order: string[], because: string) =>
      expectThat(
        JSON.stringify(came) === JSON.stringify(order),
        answer,
        `These reflections should be listed, in this order: ${order.map((title) => `"${title}"`).join(', ')}. ${because}`,
        `There are: ${came.map((title) => `"${title}"`).join(', ') || 'none'}.`,
      )
    const reader = await begin(context, atNow)
    expectOrder(
      await titles(reader, atNow),
      [newer.title, older.title],
      'The one with the newest time is at the top.',
    )
    expectOutcome(
      await reader.reply(later, someText(draw), 0),
      'invalid',
      'this reflection is not published yet',
    )
    expectOk(await editor.post('/admin/bump', { id }, { does: `bumps "${older.title}"` }))
    expectOrder(await titles(reader, atNow), [older.title, newer.title], 'A bump publishes it now.')
    expectOrder(
      await titles(reader, atSoon, `asks for the reflections, ${after(SOON_SECONDS)}`),
      [soon.title, older.title, newer.title],
      'The time of the first has come.',
    )
    const [reflection, answer] = await seen(reader, later, atLater)
    expectThat(
      reflection?.open === false && reflection.closesAt === soon.closesAt,
      answer,
      `"${soon.title}" should be closed by then, with its "closesAt" and "open": false.`,
      `It has "closesAt": ${reflection?.closesAt}, "open": ${reflection?.open}.`,
    )
  },
)

check(
  'votes',
  {
    name: 'a vote up or down counts once, until the reflection has closed',
    step: 0,
    points: 1,
    needs: ['editors'],
    hints: [
      'The starter passes this check. What have you changed in votes.ts?',
      'Votes are those up, less those down. What does an unknown reply, or a vote that is neither up nor down, get?',
      'The vote looks for the reply, then for its reflection, and asks isOpen as a reply does.',
    ],
  },
  async (context) => {
    const { draw } = context
    const at = await context.instance(quick)
    const text = someText(draw)
    const reply = await publishedReply(context, text, at)
    for (const [vote, votes] of [
      ['up', 1],
      ['down', 0],
      ['down', -1],
    ] as const) {
      const voter = await begin(context, at)
      expectOutcome(await voter.vote(reply.id, vote), 'success', 'the reflection is open')
      await expectVotes(voter, reply, votes)
    }
    const voter = await begin(context, at)
    expectOutcome(await voter.vote(reply.id, 'sideways'), 'invalid', 'a vote is "up" or "down"')
    expectOutcome(await voter.vote(draw.int(100_000, 999_999), 'up'), 'invalid', 'there is no such reply')
    await expectVotes(voter, reply, -1)

    const [atNow, atSoon] = await Promise.all([limited(), limited(SOON_SECONDS)].map(context.instance))
    const editor = await beginEditing(context, atNow)
    const nowMs = Date.now()
    const teaser = {
      title: someText(draw),
      text: someText(draw),
      publishAt: nowMs - 1000,
      closesAt: nowMs + 100_000,
    }
    const { id } = await editor.post('/admin/publish', teaser, {
      does: 'publishes a reflection that closes in 100 seconds',
    })
    const author = await begin(context, atNow)
    const published = await author.reply(Number(id), text, 0)
    expectOutcome(published, 'success', 'the reflection is open')
    const last = { id: published.replies.at(-1)?.id ?? 0, reflection: Number(id) }
    const late = await begin(context, atNow)
    const does = `votes up on reply ${last.id}, ${after(SOON_SECONDS)}`
    expectOutcome(await late.vote(last.id, 'up', { at: atSoon, does }), 'closed', 'the reflection has closed')
    await expectVotes(late, last, 0, atSoon)
  },
)

check(
  'captcha',
  {
    name: 'who replies twice within REPLY_SECONDS is asked a question, until the answer is right',
    step: 0,
    points: 1,
    needs: ['restart'],
    hints: [
      'The starter passes this check. What have you changed in replies.ts or human.ts?',
      'The session carries when the last reply was published, and the right answer to the question asked last.',
      'solveCaptcha compares the answer with data.captcha, and takes it from there: a right answer is good once.',
    ],
  },
  async (context) => {
    const { draw } = context
    const [at, atNow, atLater, atNearlyIdle] = await Promise.all(
      [quick, limited(), limited(LATER_SECONDS), nearlyIdle].map(context.instance),
    )
    const client = await begin(context, at)
    const { id, last } = await openOne(client)
    const reply = async (seen: number, captcha?: string) =>
      client.reply(id, someText(draw), seen, { captcha })
    const first = await reply(last)
    expectOutcome(first, 'success', 'it is this visitor’s first reply')
    const newestNow = first.replies.at(-1)?.id ?? 0
    const twice = 'this visitor has replied a moment ago'
    const asked = await reply(newestNow)
    expectOutcome(asked, 'captcha', twice)
    const wrong = String(Number(solve(asked)) + draw.int(1, 9))
    const askedAgain = await reply(newestNow, wrong)
    expectOutcome(askedAgain, 'captcha', 'that answer is wrong')
    const right = solve(askedAgain)
    const solved = await reply(newestNow, right)
    expectOutcome(solved, 'success', 'that answer is right')
    const third = await reply(solved.replies.at(-1)?.id ?? 0, right)
    expectOutcome(third, 'captcha', 'an answer is good once')

    const patient = await begin(context, at)
    const before = await openOne(patient)
    expectOutcome(
      await patient.reply(before.id, someText(draw), before.last),
      'success',
      'it is the first reply',
    )
    const then = await openOne(patient)
    const does = `replies again, ${after(NEARLY_IDLE_SECONDS)}`
    const again = await patient.reply(then.id, someText(draw), then.last, { at: atNearlyIdle, does })
    expectLateOutcome(again, 'success', 'the last reply is longer ago than 10 minutes')

    const limit = `REPLY_SECONDS is ${env.REPLY_SECONDS}`
    const slow = await begin(context, atNow)
    const found = await openOne(slow)
    expectOutcome(await slow.reply(found.id, someText(draw), found.last), 'success', 'it is the first reply')
    const options = { at: atLater, does: `replies again, ${after(LATER_SECONDS)}, where ${limit}` }
    const limitedReply = await slow.reply(found.id, someText(draw), (await openOne(slow)).last, options)
    expectLateOutcome(limitedReply, 'captcha', `${limit}, and the last reply is ${LATER_SECONDS} seconds ago`)
  },
)

/** Two votes that are further apart than this, by our clock, say nothing. */
const HUMAN_MS = 1000
const TRIES = 4

/** With the limit of one second: two votes at once taint, if the machine is quick enough for it. */
async function expectQuickVotesTaint(context: CheckContext, reply: number): Promise<void> {
  for (let left = TRIES; left > 0; left -= 1) {
    const robot = await begin(context)
    const began = performance.now()
    expectOutcome(await robot.vote(reply, 'up'), 'success', 'it is the first vote')
    const second = await robot.vote(reply, 'down')
    if (performance.now() - began > HUMAN_MS) continue
    return expectOutcome(second, 'captcha', 'the last vote was less than a second ago')
  }
}

check(
  'taint',
  {
    name: 'who votes or replies faster than a human is tainted, until the CAPTCHA is solved',
    step: 0,
    points: 1,
    needs: ['captcha', 'votes'],
    hints: [
      'The starter passes this check. What have you changed in human.ts?',
      'noteAct compares the time of the last reply or vote with now. Which answer takes the taint away?',
      'A tainted session’s votes do not count, and each of its replies and votes is asked the CAPTCHA. solveCaptcha sets tainted to false.',
    ],
  },
  async (context) => {
    const { draw } = context
    const at = await context.instance(quick)
    const [atNow, atLater] = await Promise.all([limited(), limited(LATER_SECONDS)].map(context.instance))
    const reply = await publishedReply(context, someText(draw), at)
    const robot = await begin(context, atNow)
    const limit = `HUMAN_SECONDS is ${env.HUMAN_SECONDS}`
    expectOutcome(await robot.vote(reply.id, 'up'), 'success', 'it is the first vote')
    const tooFast = await robot.vote(reply.id, 'up', { does: `votes up again at once, where ${limit}` })
    expectOutcome(tooFast, 'captcha', `${limit}, and the last vote was a moment ago`)
    solve(tooFast)
    await expectVotes(robot, reply, 1)
    const { id, last } = await openOne(robot)
    const asked = await robot.reply(id, someText(draw), last)
    expectOutcome(asked, 'captcha', 'the session is tainted')
    const solved = await robot.vote(reply.id, 'up', { captcha: solve(asked) })
    expectOutcome(solved, 'success', 'that answer is right')
    await expectVotes(robot, reply, 2)
    const does = `votes up, ${after(LATER_SECONDS)}`
    const clean = await robot.vote(reply.id, 'up', { at: atLater, does })
    expectLateOutcome(clean, 'success', 'the right answer has taken the taint away')

    const human = await begin(context, atNow)
    expectOutcome(await human.vote(reply.id, 'down'), 'success', 'it is the first vote')
    const second = await human.vote(reply.id, 'down', {
      at: atLater,
      does: `votes down, ${after(LATER_SECONDS)}`,
    })
    expectLateOutcome(second, 'success', `the last vote was ${LATER_SECONDS} seconds ago, and ${limit}`)
    await expectQuickVotesTaint(context, reply.id)
  },
)

check(
  'quarantine',
  {
    name: 'five votes down more than up hide a reply, until an editor releases it',
    step: 0,
    points: 1,
    needs: ['votes'],
    hints: [
      'The starter passes this check. What have you changed in votes.ts or admin.ts?',
      'Votes count up as well: a reply is hidden at −5, not at the fifth vote down.',
      'A hidden reply is in no list but the editors’. Releasing it sets its votes to 0, or the next vote down would hide it again.',
    ],
  },
  async (context) => {
    const { draw } = context
    const at = await context.instance(quick)
    const text = someText(draw)
    const reply = await publishedReply(context, text, at)
    const vote = async (vote: string) => {
      const voter = await begin(context, at)
      expectOutcome(await voter.vote(reply.id, vote), 'success', 'the reply is listed')
      return voter
    }
    const listed = (client: Client, listed: boolean, because: string, at?: At) =>
      expectListed(client, { reflection: reply.reflection, text, listed, because }, at)
    await vote('up')
    for (let down = 1; down < 5; down += 1) await vote('down')
    const voter = await vote('down')
    await listed(voter, true, 'it has 4 votes down more than up')
    await vote('down')
    await listed(voter, false, 'it has 5 votes down more than up')
    expectOutcome(await voter.vote(reply.id, 'up'), 'invalid', 'visitors do not see this reply any more')

    const editor = await beginEditing(context, at)
    const teasers = await editor.post('/admin/teasers')
    const hidden = teasers.teasers.flatMap(({ quarantined }) => quarantined)
    expectThat(
      hidden.some((one) => one.id === reply.id && one.text === text),
      teasers,
      'The editors’ list should have the hidden reply, in "quarantined" of its teaser.',
      'It is not there.',
    )
    expectOk(await editor.post('/admin/release', { reply: reply.id }, { does: `releases reply ${reply.id}` }))
    await listed(voter, true, 'an editor has released it')
    await vote('down')
    await listed(voter, true, 'one vote down after its release hides no reply')

    const atNow = await context.instance(limited())
    const other = await publishedReply(context, someText(draw), at)
    for (let down = 0; down < 2; down += 1) {
      const voter = await begin(context, atNow)
      const does = `votes down on reply ${other.id}, where QUARANTINE_VOTES is 2`
      expectOutcome(await voter.vote(other.id, 'down', { does }), 'success', 'the reply is listed')
    }
    const [reflection, answer] = await seen(voter, other.reflection)
    if (reflection?.replies.every(({ id }) => id !== other.id)) return
    fail({
      expected: `Reply ${other.id} should not be listed, because QUARANTINE_VOTES was 2 where it got its second vote down.`,
      got: 'It is.',
      exchange: answer.exchange,
      mark: { line: 'body', at: `"id":${other.id},`, note: 'should not be listed' },
    })
  },
)

const REPLY_MAX_CHARACTERS = 1000

check(
  'bad-input',
  {
    name: 'what is no JSON object, too long, or of another type is refused, and nothing breaks',
    step: 0,
    points: 1,
    needs: ['replies'],
    hints: [
      'The starter passes this check. What have you changed in api.ts or fields.ts?',
      'Which Content-Type can a form on another site send? Which characters count as two in JavaScript?',
      'The type is application/json, or the answer is 415; the body is an object, or it is 400; larger than the limit, and it is 413.',
    ],
  },
  async (context) => {
    const { draw } = context
    const at = await context.instance(quick)
    const client = await begin(context, at)
    const { id, last } = await openOne(client)
    const { visitor, token } = client
    const raw = (body: string, type: string, does: string) =>
      visitor.request('POST', '/api/reply', body, { at, headers: { 'Content-Type': type }, does })
    const fromOutside = someText(draw)
    const json = JSON.stringify({ token, reflection: id, text: fromOutside, last })
    for (const type of draw.shuffle([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
    ])) {
      const reply = await raw(json, type, `sends a reply as ${type}, as a form on another site can`)
      expectThat(
        reply.status === 415 || reply.status === 400,
        reply,
        'The answer should be 415, because the Content-Type is not application/json.',
        `It is ${reply.status}.`,
      )
    }
    for (const body of draw.shuffle(['{', 'nonsense', `{"token":"${client.token}"`, "{'a':1}"])) {
      expectStatus(
        await raw(body, 'application/json', 'sends something that is not JSON'),
        400,
        'because this is not JSON',
      )
    }
    for (const body of draw.shuffle(['[]', 'null', '7', '"text"', 'true', `["${client.token}"]`])) {
      expectRefusal(await raw(body, 'application/json', `sends ${shorten(body, 20)}`), 'it is no JSON object')
    }
    const huge = JSON.stringify({ token: client.token, reflection: id, text: 'x'.repeat(300_000), last })
    expectStatus(await raw(huge, 'application/json', 'sends 300 kB'), 413, 'because that is far too much')
    for (const [method, path] of [
      ['GET', '/api/reflections'],
      ['PUT', '/api/reply'],
      ['GET', '/api/nothing'],
    ] as const) {
      expectRefusal(await visitor.request(method, path, null, { at }), 'the API answers POST only')
    }
    expectRefusal(await client.post('/nothing'), 'there is nothing of this name')

    const odd: [fields: object, what: string][] = [
      [{ text: 'x'.repeat(REPLY_MAX_CHARACTERS + 1) }, 'with 1,001 characters'],
      [{ text: undefined }, 'without text'],
      [{ text: 7 }, 'with a number as text'],
      [{ text: ['a'] }, 'with a list as text'],
      [{ reflection: String(id) }, 'to an id that is text'],
      [{ reflection: -1 }, 'to the id −1'],
      [{ reflection: id + 0.5 }, 'to half an id'],
      [{ reflection: { id } }, 'to an object'],
      [{ reflection: null }, 'to null'],
      [{ last: undefined }, 'without the last reply seen'],
      [{ last: `${last}` }, 'with a last reply that is text'],
    ]
    for (const [fields, what] of draw.shuffle(odd)) {
      const text = someText(draw)
      const answer = await client.post(
        '/reply',
        { reflection: id, text, last, ...fields },
        { does: `replies ${what}` },
      )
      expectNoServerError(answer, 'Such a reply')
      if (answer.status < 400) expectOutcome(answer, 'invalid', `this is a reply ${what}`)
    }
    for (const fields of [{ reply: 'x', vote: 'up' }, { reply: {}, vote: {} }, {}]) {
      expectNoServerError(await client.post('/vote', fields), 'Such a vote')
    }
    const [reflection, list] = await seen(client, id)
    expectThat(
      reflection !== undefined && newest(reflection) === last,
      list,
      'None of these replies should be listed, because they are invalid.',
      'There is a new one.',
    )
    const longest = '\u{1f426}'.repeat(REPLY_MAX_CHARACTERS)
    const long = await client.reply(id, longest, last, {
      does: 'replies with 1,000 birds, each of them one character',
    })
    expectOutcome(long, 'success', 'a reply can have 1,000 characters')

    const editor = await beginEditing(context, at)
    const good = { title: someText(draw), text: someText(draw), publishAt: Date.now(), closesAt: null }
    for (const [fields, what] of [
      [{ title: 'x'.repeat(201) }, 'a title of 201 characters'],
      [{ title: ' ' }, 'an empty title'],
      [{ text: 'x'.repeat(1001) }, 'a text of 1,001 characters'],
      [{ publishAt: 'soon' }, 'no time to publish it'],
      [{ closesAt: 'never' }, 'an end that is no time'],
    ] as const) {
      const answer = await editor.post(
        '/admin/publish',
        { ...good, ...fields },
        { does: `publishes something with ${what}` },
      )
      expectRefusal(answer, `it has ${what}`)
    }
    for (const [path, fields] of [
      ['bump', { id: 'x' }],
      ['release', { reply: [] }],
    ] as const) {
      expectNoServerError(await editor.post(`/admin/${path}`, fields), 'Such an id')
    }
  },
)

check(
  'as-text',
  {
    name: 'what visitors write comes back as they wrote it: never HTML, never SQL',
    step: 0,
    points: 1,
    needs: ['replies'],
    hints: [
      'The starter passes this check. What have you changed in replies.ts or reflections.ts?',
      'Text becomes SQL where it is glued to some. Text becomes HTML in the page, and nowhere else: the JSON has it as it is.',
      'Every value goes into a statement through a ?, and into the page as textContent.',
    ],
  },
  async (context) => {
    const { draw } = context
    const at = await context.instance(quick)
    const text = `'); DROP TABLE replies; -- <img src=x onerror=alert(1)> & "${draw.int(1000, 9999)}" &amp; \\u0041 <script>alert('x')</script>`
    const client = await begin(context, at)
    const { id, last } = await openOne(client)
    const answer = await client.reply(id, text, last, { does: 'replies with HTML and SQL' })
    expectOutcome(answer, 'success', 'this is a text like any other')
    await expectListed(client, {
      reflection: id,
      text,
      listed: true,
      because: 'texts come back as they were written',
    })
    const sniffed = /^application\/json\b/i.test(answer.contentType)
    expectThat(
      sniffed,
      answer,
      'The answer should be JSON, so that no browser takes it for a page.',
      `It is ${answer.contentType}.`,
    )
  },
)

/** The tests of the run's submission, which the first check has started. */
function tests(): StudentTests {
  return studentTests(getJudged())
}

/** The file that the tests of this lab are about is there. */
function expectFile(there: boolean, name: string): void {
  if (there) return
  fail({ expected: `Your folder should have the file ${name}.`, got: 'It is not there.' })
}

function failBroken(
  outcome: Extract<Outcome, { state: 'broken' }>,
  expected: string,
  withWhat: string,
): never {
  fail({
    expected,
    got: `${withWhat}: ${outcome.because}.`.replace(/([.?!])\.$/, '$1'),
    detail: outcome.detail,
  })
}

/** How many of the failing tests are shown. */
const SHOWN_MAX = 3

function failureLines(outcome: Extract<Outcome, { state: 'failed' }>): string[] {
  return outcome.failures
    .slice(0, SHOWN_MAX)
    .flatMap(({ test, message }) => [`"${test}"`, `  ${shorten(message, 100)}`])
}

check(
  'helper',
  {
    name: 'with your session-helper.ts, the seven given tests pass with tokens',
    step: 1,
    points: 2,
    needs: ['opens'],
    hints: [
      'Put a value on a session with withSession, send a request, and print the session that the request finds. Is it the same one?',
      'How does a request of the page lead to its session, with cookies and with tokens? How does withSession lead to it?',
      'sessions.open looks at the body as well: give it what a request of this visitor would have there.',
    ],
  },
  async () => {
    expectFile(tests().hasHelper, 'session-helper.ts')
    const outcome = await tests().given()
    if (outcome.state === 'passed') return
    const expected =
      'With your session-helper.ts and a right app, the seven given tests should pass with tokens.'
    if (outcome.state === 'broken') failBroken(outcome, expected, 'I could not run them')
    fail({
      expected,
      got: 'They do not. Is the session that withSession opens the one that the visitor’s requests find?',
      detail: failureLines(outcome),
    })
  },
)

check(
  'helper-goes-on',
  {
    name: 'after withSession, the visitor of your session-helper.ts goes on',
    step: 1,
    points: 1,
    needs: ['helper'],
    hints: [
      'With which token does the visitor send the next request, and is it the newest?',
      'Every save brings a new token in the answer. The one before is old, and its grace is short.',
      'visitor.keep takes the whole answer of sessions.save, with its token and its cookie.',
    ],
  },
  async () => {
    const outcome = await tests().goesOn()
    if (outcome.state === 'passed') return
    const expected = 'After withSession, a request a minute later should be answered with 200.'
    if (outcome.state === 'broken') failBroken(outcome, expected, 'I could not try it')
    const isTooEarly = outcome.failures.some(({ test }) => test.includes('somebody else'))
    fail({
      expected,
      got: isTooEarly
        ? 'It is not, when somebody else sends a request first: withSession comes back before the session is saved. Is there an await missing?'
        : 'It is not: withSession saves the session, and the visitor goes on with a token from before.',
      detail: failureLines(outcome),
    })
  },
)

check(
  'loud-save',
  {
    name: 'a session that no token leads back to cannot be saved, and that is said loudly',
    step: 1,
    points: 1,
    needs: ['helper'],
    hints: [
      'Why did nobody hear of it when the sessions of the tests were lost?',
      'What does save do with a session that has no id, and what does its caller learn of that?',
      'save throws an Error that says why this session cannot be saved.',
    ],
  },
  async () => {
    // A submission without one has nothing that could be saved in silence.
    if (!tests().hasApp) return
    const outcome = await tests().loudSave()
    if (outcome.state === 'passed') return
    const expected =
      'sessions.save should throw when the session was opened without a token that leads to it.'
    if (outcome.state === 'broken') failBroken(outcome, expected, 'I could not try it')
    const throwsOther = outcome.failures.some(({ message }) => message.includes('throws no Error'))
    fail({
      expected,
      got: throwsOther
        ? 'It throws something that is no Error, so nobody learns where it came from: throw new Error("…").'
        : 'It says nothing, and the session is lost.',
    })
  },
)

/**
 * The student's own app keeps this limit also by the clock that a test gives it. Nothing that comes from outside can
 * tell that clock from the computer's.
 */
async function expectOwnClock(limit: 'grace' | 'idle' | 'absolute'): Promise<void> {
  // A submission without one is asked from outside only.
  if (!tests().hasApp) return
  const outcome = await tests().ownClock()
  if (outcome.state === 'passed') return
  const expected =
    'All answers of the server are right. The app should keep its limits also with the settings of a test: openApp({ now: () => …, graceSeconds: … }).'
  if (outcome.state === 'broken') failBroken(outcome, expected, 'I could not try it')
  const failure = outcome.failures.find(({ test }) => test === limit)
  if (!failure) return
  const [what, came, should] = failure.message.split(/: expected '|' to be '|'$/)
  fail({
    expected,
    got:
      came === undefined
        ? `I could not try it: ${what}.`
        : `By that clock, and ${what} is ${came}, and should be ${should}.`,
    detail: [
      came === undefined
        ? 'Each limit is tried with an app of its own, in one process. Is something of an app kept outside of openApp?'
        : 'Look for Date.now(), and for a limit that does not come from the settings that openApp was given.',
    ],
  })
}

const SESSIONS = 12
const ANSWERS = 6
/** Sixteen random bytes have 128 bits, and a UUID 122. A character that is the same everywhere by chance is forgiven. */
const RANDOM_BITS = 112

/** How many places of these tokens are not the same in all. */
function variedPlaces(tokens: string[]): number {
  const shortest = Math.min(...tokens.map((token) => token.length))
  return Array.from(
    { length: shortest },
    (_, place) => new Set(tokens.map((token) => token[place])).size,
  ).filter((size) => size > 1).length
}

/** How many random bits the tokens have: those of a character in their alphabet, for each place that is not the same in all. */
function randomBits(tokens: string[]): number {
  const text = tokens.join('')
  const alphabets: [RegExp, size: number][] = [
    [/^[\d-]*$/, 10],
    [/^[\da-f-]*$/i, 16],
    [/^([\da-z]|-)*$/, 36],
  ]
  const size = alphabets.find(([characters]) => characters.test(text))?.[1] ?? 64
  return Math.floor(variedPlaces(tokens) * Math.log2(size))
}

check(
  'random',
  {
    name: 'tokens are long and cannot be guessed',
    step: 2,
    points: 1,
    needs: ['opens'],
    hints: [
      'Whoever has your token is you. What would somebody try who has seen a few tokens?',
      'Counters and times can be guessed, and Math.random was not made to keep secrets. What does node:crypto offer?',
      'randomBytes(32).toString("base64url"), new for each token.',
    ],
  },
  async (context) => {
    const begun: string[] = []
    let last: Answer | undefined
    for (let count = 1; count <= SESSIONS; count += 1) {
      last = await new Client(context.visitor(`Visitor ${count}`)).start()
      begun.push(expectToken(last))
    }
    const client = await begin(context)
    const given = [String(client.token)]
    for (let count = 0; count < ANSWERS; count += 1) {
      last = await client.list()
      given.push(expectToken(last))
    }
    // Whether it changes at all is the matter of another check.
    const changed = [...new Set(given)]
    for (const [tokens, whose] of [
      [begun, `${SESSIONS} sessions`],
      ...(changed.length > 1 ? [[changed, 'one session'] as const] : []),
    ] as const) {
      const bits = randomBits([...tokens])
      if (new Set(tokens).size === tokens.length && bits >= RANDOM_BITS) continue
      fail({
        expected: 'A token should have 128 random bits or more: at least 16 random bytes, written as text.',
        got:
          new Set(tokens).size === tokens.length
            ? `The tokens of ${whose} differ in at most ${bits} bits.`
            : `Of the tokens of ${whose}, some are the same.`,
        exchange: last?.exchange,
        detail: ['some of them:', ...tokens.slice(0, 4).map((token) => `  ${shorten(token, 70)}`)],
      })
    }
  },
)

/** A token as an app could have made it, and none has. */
function chosenToken(draw: Draw): string {
  return Array.from({ length: 43 }, () =>
    draw.pick([...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']),
  ).join('')
}

function expectChallenge(answer: Answer): void {
  const header = answer.header('www-authenticate')
  if (/^Bearer\b/i.test(header ?? '')) return
  fail({
    expected:
      'A 401 should say which kind of credential is wanted: WWW-Authenticate: Bearer realm="session-labs".',
    got: header === undefined ? 'The header WWW-Authenticate is missing.' : `It says "${header}".`,
    exchange: answer.exchange,
    mark: { line: 'status', at: '401', note: 'needs WWW-Authenticate: Bearer …' },
  })
}

check(
  'unknown-token',
  {
    name: 'a token that the server never gave out gets a 401, and is not adopted',
    step: 2,
    points: 1,
    needs: ['random'],
    hints: [
      'Who made the token in this request? What does your open return for it?',
      'A server that adopts a token lets an attacker choose that of somebody else (session fixation, CWE-384).',
      'When no row has the hash of this token, open returns nobody(), and the rest is done for you.',
    ],
  },
  async (context) => {
    const { draw } = context
    const because = 'the server never gave out this token'
    const chosen = chosenToken(draw)
    const client = new Client(context.visitor())
    const does = 'sends a token of their own choice'
    for (const path of [
      '/reflections',
      '/reply',
      '/vote',
      '/end',
      '/admin/login',
      '/admin/teasers',
      '/admin/publish',
    ]) {
      const fields = {
        token: chosen,
        password: PASSWORD,
        reflection: 1,
        text: 'x',
        last: 0,
        reply: 1,
        vote: 'up',
      }
      const answer = await client.send(path, fields, { does: `${does} to ${path}` })
      expectUnknown(answer, because)
      expectChallenge(answer)
    }
    const without = await client.send('/reflections', {}, { does: 'sends no token' })
    expectUnknown(without, 'there is no token')
    expectChallenge(without)
    const started = await client.send('/start', { token: chosen }, { does: `begins a session, and ${does}` })
    expectThat(
      expectToken(started) !== chosen,
      started,
      'A session that begins should get a token of the server’s own making.',
      'It gets the one that came with the request.',
    )
    const again = await client.send('/reflections', { token: chosen }, { does: `${does} once more` })
    expectUnknown(again, because)
  },
)

check(
  'malformed',
  {
    name: 'a token that is no token at all does no harm',
    step: 2,
    points: 1,
    needs: ['unknown-token'],
    hints: [
      'Who can change what is in the body? What can stand in it, then?',
      'What does your open do with a number, a list or an object? What does createHash().update() do with them?',
      'Only a string can be a token: typeof comes first, and everything else is nobody().',
    ],
  },
  async (context) => {
    const client = await begin(context)
    const good = String(client.token)
    const tokens: [token: unknown, what: string][] = [
      [null, 'null'],
      ['', 'an empty text'],
      [7, 'a number'],
      [true, 'true'],
      [[], 'an empty list'],
      [{}, 'an object'],
      [[good], 'a list with a good token in it'],
      [{ token: good }, 'an object with a good token in it'],
      [{ toString: good }, 'an object whose toString is no function'],
      [good.slice(0, -5), 'the beginning of a good token'],
      [`${good} `, 'a good token with a space behind it'],
      ['%', 'a wildcard of SQL'],
      [`${good.slice(0, 5)}%`, 'the beginning of a good token, and a wildcard'],
      ["' OR 1=1 --", 'a piece of SQL'],
      ['undefined', 'the word "undefined"'],
      ['__proto__', 'the name of something that every object has'],
      ['\u0000', 'a null byte'],
      ['\ud800', 'half a character'],
      ['x'.repeat(9000), '9 kB of text'],
    ]
    for (const [token, what] of context.draw.shuffle(tokens)) {
      const answer = await client.send('/reflections', { token }, { does: `sends ${what} as the token` })
      expectNoServerError(answer, 'Such a token')
      expectUnknown(answer, 'that is no token')
    }
    expectOk(await client.list())
  },
)

check(
  'hashed',
  {
    name: 'no token is stored as it is: only its hash',
    step: 2,
    points: 2,
    needs: ['random'],
    hints: [
      'Somebody has got hold of a copy of your database. Whose sessions can they use?',
      'What could you store of a token, so that you find it again and nobody can send it?',
      'Store createHash("sha256").update(token).digest("hex"), and look for the hash of the token that comes.',
    ],
  },
  async (context) => {
    const client = await begin(context)
    const tokens = [String(client.token)]
    let last: Answer | undefined
    for (let count = 0; count < 2; count += 1) {
      last = await client.list()
      tokens.push(expectToken(last))
    }
    for (const token of tokens) {
      const written = [
        token,
        Buffer.from(token, 'base64url').toString('hex'),
        Buffer.from(token).toString('base64'),
      ]
      const [file] = written.flatMap((text) => context.data.filesWith(text))
      if (file === undefined) continue
      fail({
        expected: 'No token should be in the files of the app: a stolen copy of them should open no session.',
        got: `The token ${shorten(token, 8)} is in ${file}.`,
        exchange: last?.exchange,
      })
    }
  },
)

check(
  'own-session',
  {
    name: 'a token leads to one visitor’s session, and to nobody else’s',
    step: 2,
    points: 1,
    needs: ['captcha', 'editors'],
    hints: [
      'Whose values are on this session, and who put them there?',
      'What does your save write, and on which rows? A variable outside of your functions is one for all visitors.',
      'UPDATE sessions … WHERE id = ?, with the id of this session alone.',
    ],
  },
  async (context) => {
    const { draw } = context
    const at = await context.instance(quick)
    const [one, other] = [await begin(context, at), await begin(context, at)]
    const { id, last } = await openOne(one)
    expectOutcome(await one.reply(id, someText(draw), last), 'success', 'it is the first reply')
    const { last: newer } = await openOne(other)
    const because = `${other.name} has not replied yet: that was ${one.name}`
    expectOutcome(await other.reply(id, someText(draw), newer), 'success', because)
    expectOk(await one.logIn())
    expectStatus(await other.post('/admin/teasers'), 403, `because it was ${one.name} who has logged in`)
    expectStatus(await one.post('/admin/teasers'), 200, `because ${one.name} has logged in`)
    const asked = await other.reply(id, someText(draw), (await openOne(other)).last)
    expectOutcome(asked, 'captcha', `${other.name} has replied a moment ago`)
  },
)

check(
  'rotated',
  {
    name: 'every answer brings a new token; a refusal changes nothing',
    step: 3,
    points: 1,
    needs: ['hashed', 'unknown-token', 'restart'],
    hints: [
      'How long is a token good that somebody has read over your shoulder?',
      'save makes a token for each answer, and puts it into answer.token.',
      'In save: a new token, its hash into the table tokens with the session’s id, and the token itself into the answer.',
    ],
  },
  async (context) => {
    const at = await context.instance(quick)
    const client = new Client(context.visitor(), at)
    const seen = new Set<string>()
    const expectNew = (answer: Answer) => {
      const token = expectToken(answer)
      expectThat(
        !seen.has(token),
        answer,
        'Each answer should bring a token that has not been there before.',
        'It brings an old one.',
      )
      seen.add(token)
    }
    expectNew(await client.start())
    const { id, last } = await openOne(client)
    seen.add(String(client.token))
    const reply = await client.reply(id, someText(context.draw), last)
    expectNew(reply)
    expectNew(await client.vote(reply.replies.at(-1)?.id ?? 0, 'up'))
    expectNew(await client.list())
    const refused = await client.post('/admin/bump', { id }, { does: 'asks for what only editors may do' })
    expectStatus(refused, 403, `because ${client.name} has not logged in as an editor`)
    expectError(refused)
    expectNew(await client.list({ does: 'sends the same token again, after the refusal' }))
    expectNew(await client.list())
  },
)

/** Sends several requests with the same token at the same time. @returns their tokens */
async function atOnce(client: Client, count: number): Promise<string[]> {
  const does = `asks for the reflections, with the same token as ${count - 1} other request${count === 2 ? '' : 's'} at the same time`
  const body = { token: client.token }
  const answers = await Promise.all(
    Array.from({ length: count }, () => client.send('/reflections', body, { does })),
  )
  return answers.map((answer) => {
    expectStatus(answer, 200, 'because the token was the newest when the request was sent')
    return expectToken(answer)
  })
}

check(
  'parallel',
  {
    name: 'two requests at once with one token both work, and so do the tokens of both answers',
    step: 3,
    points: 2,
    needs: ['rotated'],
    hints: [
      'A page sends two requests before the first answer is there. Which token do they carry?',
      'The second of them comes with a token that is no longer the newest. And which of the two new ones does the page keep?',
      'A token that is replaced is retired, not deleted. Retire those up to the generation of the request, not those that other requests have just got.',
    ],
  },
  async (context) => {
    const [atNow, atLater] = await Promise.all([limited(), limited(LATER_SECONDS)].map(context.instance))
    for (const count of [2, 3]) {
      const client = await begin(context, atNow)
      for (const token of await atOnce(client, count)) {
        const answer = await client.send(
          '/reflections',
          { token },
          { does: 'goes on with the token of one of these answers' },
        )
        expectStatus(answer, 200, 'because whichever answer comes last is the one that the page goes on with')
      }
    }
    for (const which of [0, 1]) {
      const client = await begin(context, atNow)
      const token = (await atOnce(client, 2))[which]
      const does = `goes on with the token of the ${which === 0 ? 'first' : 'second'} answer, ${after(LATER_SECONDS)}`
      const answer = await client.post('/reflections', { token }, { at: atLater, does })
      expectStatus(answer, 200, 'because nothing has come after this token')
      expectStatus(await client.list({ at: atLater }), 200, 'because this token is the newest')
    }
  },
)

check(
  'grace',
  {
    name: 'an old token is good for GRACE_SECONDS more, and not a second longer',
    step: 3,
    points: 2,
    needs: ['parallel'],
    hints: [
      'A token was replaced, but the answer with the new one was lost. What can the visitor send?',
      'When does the grace begin: when the token is made, when it is replaced, or when it is used again? It begins once.',
      'retiredMs is set where it is still NULL. open compares it with now() and settings.graceSeconds * 1000; all times come from now().',
    ],
  },
  async (context) => {
    const [atNow, atSoon, atLater] = await Promise.all(
      [limited(), limited(SOON_SECONDS), limited(LATER_SECONDS)].map(context.instance),
    )
    const limit = `GRACE_SECONDS is ${env.GRACE_SECONDS}`
    const client = await begin(context, atNow)
    await client.list()
    const old = client.token
    const answer = await client.list()
    expectOk(answer)
    const soon = {
      at: atSoon,
      does: `sends the token of before once more, ${after(SOON_SECONDS)}, where ${limit}`,
    }
    const again = await client.send('/reflections', { token: old }, soon)
    expectStatus(again, 200, `because ${limit}`)
    const next = await client.send(
      '/reflections',
      { token: expectToken(again) },
      { at: atSoon, does: 'goes on with the token that came back' },
    )
    expectStatus(next, 200, 'because this token is new')
    const later = { at: atLater, does: `sends that old token again, ${after(LATER_SECONDS)}` }
    expectUnknown(
      await client.send('/reflections', { token: old }, later),
      `${limit}, and the token was replaced ${LATER_SECONDS} seconds ago`,
    )

    const refused = await begin(context, atNow)
    expectStatus(await refused.post('/admin/teasers'), 403, `because ${refused.name} has not logged in`)
    const still = await refused.list({
      at: atLater,
      does: `sends the token of that refused request again, ${after(LATER_SECONDS)}`,
    })
    expectStatus(
      still,
      200,
      'because a refusal brings no new token, so the one that came is as good as before',
    )

    const twice = await begin(context, atNow)
    const body = { token: twice.token }
    const [goesOn, leftOver] = [
      await twice.send('/reflections', body, { does: 'asks for the reflections' }),
      await twice.send('/reflections', body, {
        does: 'asks again with the same token, as the answer was lost',
      }),
    ].map(expectToken)
    const on = await twice.send(
      '/reflections',
      { token: goesOn },
      { does: 'goes on with the token of the first of these answers' },
    )
    expectStatus(on, 200, 'because this token is good')
    expectUnknown(
      await twice.send(
        '/reflections',
        { token: leftOver },
        { at: atLater, does: `sends the token of the second one, ${after(LATER_SECONDS)}` },
      ),
      `the session has gone on with the other one, ${LATER_SECONDS} seconds ago, and ${limit}`,
    )

    const slow = await begin(context, atNow)
    const slowBody = { token: slow.token }
    expectOk(
      await slow.send('/reflections', slowBody, {
        at: atLater,
        does: `asks for the reflections, ${after(LATER_SECONDS)}`,
      }),
    )
    expectStatus(
      await slow.send('/reflections', slowBody, {
        at: atLater,
        does: 'asks again with the same token, as the answer was lost',
      }),
      200,
      'because this token was replaced a moment ago: the grace begins then, and not when the token is made',
    )

    const ahead = await begin(context, atNow)
    const first = ahead.token
    expectOk(await ahead.list())
    expectOk(await ahead.list())
    const behind = expectToken(
      await ahead.send(
        '/reflections',
        { token: first },
        { does: 'sends the first token once more, two answers later' },
      ),
    )
    expectOk(await ahead.list({ does: 'goes on with the newest token' }))
    expectUnknown(
      await ahead.send(
        '/reflections',
        { token: behind },
        {
          at: atLater,
          does: `sends what the first token got, ${after(LATER_SECONDS)}`,
        },
      ),
      `the session has gone on ${LATER_SECONDS} seconds ago, with a token of a later generation, and ${limit}`,
    )
    await expectOwnClock('grace')
  },
)

check(
  'stolen',
  {
    name: 'an old token that comes after the grace ends the session for both: one of them is a thief',
    step: 3,
    points: 2,
    needs: ['grace'],
    hints: [
      'Two people have tokens of the same session. Which of them is the thief?',
      'Nobody knows which. What can you do that is safe for the visitor in any case?',
      'In open: when the time of a retired token is over, end its session, and return nobody(). Does sessions.end do something yet?',
    ],
  },
  async (context) => {
    const at = await context.instance(nearlyIdle)
    const client = await begin(context)
    const other = await begin(context)
    const stolen = client.token
    expectOk(await client.list())
    const later = after(NEARLY_IDLE_SECONDS)
    expectOk(await client.list({ at, does: `asks for the reflections, ${later}` }))
    // What is swept then has to leave the old token, or nobody would notice the thief.
    await begin(context, at)
    expectStatus(
      await other.list({ at, does: `asks for the reflections, ${later}` }),
      200,
      'because the limit is 30 minutes, and when a session begins, only those are deleted whose time is over',
    )
    const thief = new Client(context.visitor('Thief'), at)
    const does = `sends the first token of ${client.name}, ${later}`
    expectUnknown(
      await thief.send('/reflections', { token: stolen }, { does }),
      'this token was replaced long ago',
    )
    const victim = await client.list({ at, does: 'sends the newest token' })
    expectUnknown(
      victim,
      'somebody has sent an old token of this session, and nobody knows who of the two is the thief',
    )
    expectStatus(await other.list({ at }), 200, 'because nothing has happened to this visitor’s session')
  },
)

check(
  'end',
  {
    name: 'a session that was ended is gone on the server, with all of its tokens, and no other is',
    step: 4,
    points: 1,
    needs: ['stolen'],
    hints: [
      'The page has forgotten its token. Who else may have a copy?',
      'What has to go from the tables, so that no token leads to this session any more?',
      'end deletes the session by its id, and then the tokens that lead to no session.',
    ],
  },
  async (context) => {
    const at = await context.instance(quick)
    const client = await begin(context)
    const other = await begin(context)
    const before = client.token
    expectOk(await client.list())
    const newestToken = client.token
    const ended = await client.end()
    expectOk(ended)
    expectThat(
      ended.token === undefined,
      ended,
      'After the end there is no session, so there should be no token.',
      'The answer brings one.',
    )
    const copies: [token: string | undefined, which: string, at: At][] = [
      [newestToken, 'the newest token', undefined],
      [before, 'the token before it', undefined],
      [newestToken, 'the newest token', at],
    ]
    for (const [token, which, at] of copies) {
      const does = `sends a copy of ${which}${at ? ', to another server on the same database' : ''}`
      expectUnknown(await client.send('/reflections', { token }, { at, does }), 'this session has ended')
    }
    expectUnknown(
      await client.send('/end', { token: newestToken }, { does: 'ends the session again' }),
      'it has ended already',
    )
    expectStatus(await other.list(), 200, `because it was ${client.name} whose session has ended`)
  },
)

check(
  'idle',
  {
    name: 'a session that nobody uses for SESSION_IDLE_SECONDS ends; every request starts that time anew',
    step: 4,
    points: 2,
    needs: ['end', 'own-session'],
    hints: [
      'Somebody has left the library without ending the session. How long is it open?',
      'seenMs of the session is written with every save. Who compares it with the limit?',
      'open takes sessions alone whose seenMs is greater than now() less idleSeconds * 1000; all times come from now().',
    ],
  },
  async (context) => {
    const [atSoon, atLate] = await Promise.all([nearlyIdle, idle].map(context.instance))
    const used = await begin(context)
    const unused = await begin(context)
    const refused = await begin(context)
    const soon = after(NEARLY_IDLE_SECONDS)
    const seen = await used.list({ at: atSoon, does: `asks for the reflections, ${soon}` })
    expectStatus(seen, 200, 'because the limit is 30 minutes')
    const editing = { at: atSoon, does: `asks for what only editors may do, ${soon}` }
    expectStatus(await refused.post('/admin/teasers', {}, editing), 403, 'because nobody has logged in')
    const late = after(IDLE_SECONDS)
    const again = await used.list({ at: atLate, does: `asks again, ${late} than at first` })
    expectStatus(again, 200, 'because the last request was a few minutes ago')
    const ended = await unused.list({ at: atLate, does: `asks for the reflections, ${late}` })
    expectUnknown(ended, 'there was no request for more than 30 minutes')
    expectUnknown(
      await refused.list({ at: atLate, does: `asks for the reflections, ${late} than at first` }),
      'a refused request saves nothing, and this session began more than 30 minutes ago',
    )
    await expectOwnClock('idle')
  },
)

check(
  'absolute',
  {
    name: 'a session ends SESSION_ABSOLUTE_SECONDS after it began, however much it is used',
    step: 4,
    points: 1,
    needs: ['idle'],
    hints: [
      'A thief sends a request every minute. When does the session end?',
      'Which of the two times of a session does never change?',
      'open looks at beganMs as well: greater than now() less absoluteSeconds * 1000. save leaves beganMs alone.',
    ],
  },
  async (context) => {
    const [atNow, atSoon, atLate] = await Promise.all(
      [limited(), limited(NEARLY_TOO_OLD_SECONDS), limited(TOO_OLD_SECONDS)].map(context.instance),
    )
    const client = await begin(context, atNow)
    const soon = after(NEARLY_TOO_OLD_SECONDS)
    const limit = `SESSION_IDLE_SECONDS is ${env.SESSION_IDLE_SECONDS}`
    const seen = await client.list({ at: atSoon, does: `asks for the reflections, ${soon}, where ${limit}` })
    expectStatus(seen, 200, 'because a session lives for 12 hours')
    const late = await client.list({
      at: atLate,
      does: `asks again, ${after(TOO_OLD_SECONDS)} than at first`,
    })
    expectUnknown(late, 'the session began more than 12 hours ago')
    await expectOwnClock('absolute')
  },
)

check(
  'new-session-at-login',
  {
    name: 'a login begins a new session with the same data, and the one before is dead at once',
    step: 4,
    points: 2,
    needs: ['absolute', 'captcha'],
    hints: [
      'Who else may have known the token with which this visitor has logged in?',
      'An attacker begins a session, and has somebody else log in with its token (session fixation). What has to change at the login?',
      'renew begins a session with the data of the old one, ends the old one, and returns the new one.',
    ],
  },
  async (context) => {
    const { draw } = context
    const at = await context.instance(quick)
    const victim = await begin(context, at)
    const { id, last } = await openOne(victim)
    expectOutcome(await victim.reply(id, someText(draw), last), 'success', 'it is the first reply')
    const planted = victim.token
    expectStatus(await victim.logIn({ password: 'wrong', does: 'logs in with a wrong password' }), 403)
    expectToken(await victim.logIn({ does: 'logs in, with a token that an attacker knows' }))
    const attacker = new Client(context.visitor('Attacker'), at)
    for (const path of ['/admin/teasers', '/reflections']) {
      const does = `sends the token of before the login to ${path}, at once`
      expectUnknown(
        await attacker.send(path, { token: planted }, { does }),
        'a login begins a new session, and has no grace',
      )
    }
    expectStatus(await victim.post('/admin/teasers'), 200, 'because this visitor has logged in')
    const again = await victim.reply(id, someText(draw), (await openOne(victim)).last)
    expectOutcome(
      again,
      'captcha',
      'the new session has the data of the old one, and with them the time of the last reply',
    )

    const [atNow, atSoon, atLate] = await Promise.all(
      [limited(), limited(NEARLY_TOO_OLD_SECONDS), limited(TOO_OLD_SECONDS)].map(context.instance),
    )
    const waiting = await begin(context, atNow)
    expectOk(await waiting.logIn({ at: atSoon, does: `logs in, ${after(NEARLY_TOO_OLD_SECONDS)}` }))
    expectStatus(
      await waiting.list({
        at: atLate,
        does: `asks for the reflections, ${after(TOO_OLD_SECONDS)} than at first`,
      }),
      200,
      'because the session that began at the login is a few minutes old, and it can live for 12 hours',
    )
  },
)

const SWEPT_SESSIONS = 12
/** Rows that the sessions of the check itself may leave. */
const OWN_ROWS = 6

/** How many rows there are in all tables of the app’s SQLite files. */
async function countRows({ data }: CheckContext): Promise<number> {
  let count = 0
  // A log of the database has a copy of its beginning.
  const files = data.filesWith('SQLite format 3\0').filter((file) => !/-(wal|shm|journal)$/.test(file))
  for (const file of files) {
    for (const rows of Object.values(await data.tables(file))) count += (rows as unknown[]).length
  }
  return count
}

check(
  'swept',
  {
    name: 'when a session begins, the rows of those that have ended are deleted',
    step: 4,
    points: 1,
    needs: ['absolute'],
    hints: [
      'How many of the rows in your tables can still be used? Who takes the others away?',
      'Robots begin many sessions and end none. There are two tables with rows of theirs.',
      'begin deletes the sessions whose time is over, and then the tokens whose session is not there any more.',
    ],
  },
  async (context) => {
    const [atIdle, atTooOld] = await Promise.all([idle, limited(TOO_OLD_SECONDS)].map(context.instance))
    await begin(context, atIdle)
    const before = await countRows(context)
    const gone = async () => (await countRows(context)) <= before + OWN_ROWS
    // The later servers see an end to more of them.
    const ends: { which: string; at: At; when: string; anew?: InstanceOptions }[] = [
      { which: 'that were ended', at: undefined, when: 'after these' },
      {
        which: 'that nobody has used for 30 minutes',
        at: atIdle,
        when: after(IDLE_SECONDS),
        anew: startedLate,
      },
      {
        which: 'that began more than 12 hours ago',
        at: atTooOld,
        when: `${after(TOO_OLD_SECONDS)}, where SESSION_IDLE_SECONDS is ${env.SESSION_IDLE_SECONDS}`,
        anew: limited(TOO_OLD_SECONDS + 50),
      },
    ]
    for (const { which, at, when, anew } of ends) {
      for (let count = 1; count <= SWEPT_SESSIONS; count += 1) {
        const robot = await begin(context, undefined, `Robot ${count}`)
        if (at === undefined) await robot.end()
      }
      const full = await countRows(context)
      const reply = await new Client(context.visitor(), at).start({ does: `begins a session, ${when}` })
      if (await gone()) continue
      if (anew) {
        await context.instance(anew)
        if (await gone()) continue
      }
      const left = await countRows(context)
      fail({
        expected: `The rows of ${SWEPT_SESSIONS} sessions ${which} should be deleted when another one begins.`,
        got:
          at === undefined
            ? `There are ${left - before} rows more than before them.`
            : `They brought ${full - before} rows, and ${left - before} are still there.`,
        exchange: reply.exchange,
      })
    }
  },
)

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

check(
  'tests-accept',
  {
    name: 'every right app passes your tests',
    about: TESTS_FILES,
    step: 5,
    points: 2,
    needs: ['helper-goes-on'],
    hints: [
      'Which promise does this test ask for, and where is it written?',
      'Another app may have other ids and other tables. A test asks for what the contract promises, and for nothing else; and it needs no other test before it.',
      'Take ids from answers, have each test start an app of its own, and import nothing but ./app.ts, ./session-helper.ts and vitest.',
    ],
  },
  async () => {
    expectFile(tests().hasTests, 'reflections.test.ts')
    const expected = 'Every right app should pass your tests.'
    for (const { says, outcome } of await tests().right()) {
      if (outcome.state === 'broken') failBroken(outcome, expected, `With ${says}, I could not run them`)
      if (outcome.state === 'passed') continue
      const [first] = outcome.failures
      fail({
        expected,
        got: `With ${says}, this test fails: "${first?.test}".`,
        detail: [`It says: ${shorten(first?.message ?? '', 200)}`],
      })
    }
  },
)

/** All wrong apps of this check are caught: at least one of the student’s tests fails with each. */
async function expectAllCaught(check: string): Promise<void> {
  const judged = await tests().wrong(check)
  const caught = judged.filter(({ outcome }) => outcome.state === 'failed').length
  const missed = judged.find(({ outcome }) => outcome.state !== 'failed')
  if (!missed) return
  const { app, outcome } = missed
  const score = `Your tests catch ${caught} of ${countOf(judged.length, 'wrong app')}.`
  const expected = 'At least one of your tests should fail with each wrong app.'
  const fault = `${app.says.charAt(0).toLowerCase()}${app.says.slice(1)}`
  if (outcome.state === 'broken') failBroken(outcome, expected, `${score} With this one I could not run them`)
  const skipped = outcome.state === 'passed' ? (outcome.skipped ?? 0) : 0
  fail({
    expected,
    got: `All of them pass with this one: ${fault} ${score}`,
    detail:
      skipped > 0
        ? [`${countOf(skipped, 'test')} did not run at all: look for only, skip and runIf.`]
        : undefined,
  })
}

check(
  'tests-given',
  {
    name: 'your tests notice what the seven given tests are there for',
    about: TESTS_FILES,
    step: 5,
    points: 2,
    needs: ['tests-accept'],
    hints: [
      'Is there a test for this among the seven? Have you changed it? Can it still fail?',
      'Does a request stand between what the test puts in and what it looks at? A value that is compared with itself is always right.',
      'Put by withSession, then post, then look at the answer; or post first, and look by withSession at what the app has stored.',
    ],
  },
  () => expectAllCaught('tests-given'),
)

check(
  'tests-refuse',
  {
    name: 'your tests notice every wrong app',
    about: TESTS_FILES,
    step: 5,
    points: 4,
    needs: ['tests-given'],
    hints: [
      'What would a visitor, or a thief, notice of this mistake? Do the same in a test.',
      'Break the rule in your own app for a moment. Which of your tests becomes red?',
      'app.step(seconds) moves the clock, visitor.send sends any token you like, and a Promise.all sends several requests at once.',
    ],
  },
  () => expectAllCaught('tests-refuse'),
)
