// What checks expect of replies, cookies and pages. Each function is one expectation and says it in words.
import { COOKIE_MAX_BYTES, type SetCookie } from '../http/jar.ts'
import { visibleText } from '../http/page.ts'
import type { Reply, Visitor } from '../http/visitor.ts'
import { fail } from './failure.ts'
import type { Mark } from './record.ts'
import { shorten } from './shorten.ts'

export { fail }

function statusOf(reply: Reply): string {
  return `${reply.status} ${reply.exchange.reply?.statusText ?? ''}`.trim()
}

/** The reply has this status. */
export function expectStatus(reply: Reply, status: number, because = ''): void {
  if (reply.status === status) return
  const broke = reply.status >= 500
  fail({
    expected: broke
      ? `The answer should be ${status}.`
      : `The answer should be ${status}${because && `, ${because}`}.`,
    got: broke ? `Your app broke: the answer is ${statusOf(reply)}.` : `It is ${statusOf(reply)}.`,
    exchange: reply.exchange,
    mark: { line: 'status', at: String(reply.status), note: `should be ${status}` },
  })
}

/**
 * Post/redirect/get: 303 (RFC 9110, section 15.4.4) to `path`; to anywhere when no path is given.
 * @param because why it has to be this path, if that is not plain
 */
export function expectRedirect(reply: Reply, path?: string, because = ''): void {
  expectStatus(reply, 303, 'so that a reload does not send the form again')
  const target = targetOf(reply)
  if (path === undefined ? target !== null : target?.pathname === path) return
  fail({
    expected: `The answer should send the browser to ${path ?? 'another page'}${because && `, because ${because}`}.`,
    got: reply.location === null ? 'It has no Location header.' : `It sends it to ${reply.location}.`,
    exchange: reply.exchange,
    mark: { line: 'Location:', at: reply.location ?? '', note: `should be ${path ?? 'an address'}` },
  })
}

/** Where the reply sends the browser; null when that is nowhere, or no address. */
function targetOf({ location }: Reply): URL | null {
  if (location === null || !URL.canParse(location, 'http://localhost')) return null
  return new URL(location, 'http://localhost')
}

/** A refusal: a page with a 4xx status. */
export function expectRefusal(reply: Reply, because: string): void {
  if (reply.status >= 400 && reply.status < 500) return
  fail({
    expected: `The answer should refuse it with a status from 400 to 499, because ${because}.`,
    got:
      reply.status >= 500 ? `Your app broke: the answer is ${statusOf(reply)}.` : `It is ${statusOf(reply)}.`,
    exchange: reply.exchange,
    mark: { line: 'status', at: String(reply.status), note: 'should be 4xx' },
  })
}

/** The page shows this text to a person. */
export function expectShows(
  reply: Reply,
  text: string,
  what = 'The page should show it',
  detail: string[] = [],
): void {
  if (visibleText(reply.body).includes(text.replace(/\s+/g, ' ').trim())) return
  fail({
    expected: `${what}: "${shorten(text)}".`,
    got: 'It is not on the page.',
    exchange: reply.exchange,
    mark: { line: 'body', at: '', note: `"${shorten(text)}" is not in here` },
    detail,
  })
}

/** The page shows these texts to a person, in this order; other text can stand between them. */
export function expectShowsInOrder(reply: Reply, texts: string[], what: string): void {
  for (const text of texts) expectShows(reply, text, what)
  const page = visibleText(reply.body)
  let end = 0
  for (const [index, text] of texts.entries()) {
    const shown = text.replace(/\s+/g, ' ').trim()
    const at = page.indexOf(shown, end)
    end = at + shown.length
    if (at !== -1) continue
    fail({
      expected: `${what}, in this order: ${texts.map((one) => `"${shorten(one)}"`).join(', ')}.`,
      got: `"${shorten(text)}" does not stand behind "${shorten(texts[index - 1] ?? '')}".`,
      exchange: reply.exchange,
      mark: { line: 'body', at: '', note: 'another order' },
    })
  }
}

/** The page does not show this text. */
export function expectHides(reply: Reply, text: string, what: string): void {
  if (!visibleText(reply.body).includes(text)) return
  fail({
    expected: what,
    got: `The page shows "${shorten(text)}".`,
    exchange: reply.exchange,
    mark: { line: 'body', at: text, note: 'should not be here' },
  })
}

/** The reply sets a cookie with this name. @returns that cookie */
export function expectSetsCookie(reply: Reply, name: string): SetCookie {
  const cookie = reply.setCookies.findLast((one) => one.name === name)
  if (cookie) return cookie
  if (reply.status >= 500) {
    fail({
      expected: `The answer should set the cookie "${name}".`,
      got: `Your app broke: the answer is ${statusOf(reply)}.`,
      exchange: reply.exchange,
      mark: { line: 'status', at: String(reply.status), note: 'should be below 500' },
    })
  }
  const [other] = reply.setCookies
  const others = reply.setCookies.map((one) => `"${one.name}"`)
  fail({
    expected: `The answer should set the cookie "${name}".`,
    got: others.length === 0 ? 'It sets no cookie.' : `It sets only ${others.join(' and ')}.`,
    exchange: reply.exchange,
    mark: other
      ? markOn(other, other.name, `there is no "${name}"`)
      : { line: 'Set-Cookie:', at: '', note: `a line is missing here: Set-Cookie: ${name}=…` },
  })
}

/** The reply sets no cookie at all. */
export function expectSetsNothing(reply: Reply, because: string): void {
  const [first] = reply.setCookies
  if (!first) return
  fail({
    expected: `The answer should set no cookie, because ${because}.`,
    got: `It sets the cookie "${first.name}".`,
    exchange: reply.exchange,
    mark: markOn(first, first.name, 'should not be here'),
  })
}

/** Every cookie of the reply is HttpOnly, SameSite=Lax or Strict, Path=/ and without Domain (OWASP ASVS 5, 3.3). */
export function expectAttributes(reply: Reply): void {
  for (const cookie of reply.setCookies) {
    const point = (expected: string, got: string, at: string, note: string) =>
      fail({ expected, got, exchange: reply.exchange, mark: markOn(cookie, at, note) })
    if (!cookie.httpOnly) {
      point(
        `${whichCookie(cookie)} should be HttpOnly, so that no script on the page can read it.`,
        'HttpOnly is missing.',
        '',
        'HttpOnly is missing',
      )
    }
    if (cookie.sameSite !== 'lax' && cookie.sameSite !== 'strict') {
      point(
        `${whichCookie(cookie)} should be SameSite=Lax, so that other sites cannot post in the visitor's name.`,
        cookie.sameSite ? `It is SameSite=${cookie.sameSite}.` : 'SameSite is missing.',
        attributeIn(cookie, 'SameSite'),
        cookie.sameSite ? 'should be Lax' : 'SameSite=Lax is missing',
      )
    }
    if (cookie.path !== '/') {
      point(
        `${whichCookie(cookie)} should have Path=/, so that every page of the app gets it.`,
        cookie.path ? `It has Path=${cookie.path}.` : 'Path is missing.',
        attributeIn(cookie, 'Path'),
        cookie.path ? 'should be /' : 'Path=/ is missing',
      )
    }
    if (cookie.domain !== null) {
      point(
        `The cookie "${cookie.name}" should have no Domain, so that only this host gets it.`,
        `It has Domain=${cookie.domain}, which hands it to every subdomain as well.`,
        attributeIn(cookie, 'Domain'),
        'should not be here',
      )
    }
  }
}

/** Says whether the cookie is set or cleared: the attributes are easily forgotten in the second. */
function whichCookie({ name, maxAge, expires }: SetCookie): string {
  // Max-Age goes before Expires (RFC 6265, section 5.3).
  const clears = maxAge === null ? expires !== null && expires.getTime() <= Date.now() : maxAge <= 0
  return clears ? `Also the Set-Cookie that clears "${name}"` : `The cookie "${name}"`
}

/** Points at a piece of the cookie's header; behind its end when `at` is empty. */
function markOn(cookie: SetCookie, at: string, note: string): Mark {
  return { line: 'Set-Cookie:', header: cookie.header, at, note }
}

/** The attribute as this header spells it, such as `path=/cart`; empty when it has none. */
function attributeIn(cookie: SetCookie, name: string): string {
  return new RegExp(`;\\s*(${name}\\b[^;]*)`, 'i').exec(cookie.header)?.[1]?.trim() ?? ''
}

/** A session cookie: the browser drops it when it closes. */
export function expectUntilBrowserCloses(reply: Reply, cookie: SetCookie): void {
  if (cookie.maxAge === null && cookie.expires === null) return
  fail({
    expected: `The cookie "${cookie.name}" should end when the browser closes, so it should have no Max-Age and no Expires.`,
    got: cookie.maxAge === null ? 'It has Expires.' : `It has Max-Age=${cookie.maxAge}.`,
    exchange: reply.exchange,
    mark: markOn(
      cookie,
      attributeIn(cookie, cookie.maxAge === null ? 'Expires' : 'Max-Age'),
      'should not be here',
    ),
  })
}

/** Express counts in milliseconds what the header counts in seconds, so a mix-up is wrong by a factor of 1,000. */
function unitHint(lasts: number, wanted: number): string {
  return Math.abs(lasts * 1000 - wanted) < wanted / 100
    ? ' That is a thousandth of it: maxAge in Express counts milliseconds, and the header counts seconds.'
    : ''
}

/** A persistent cookie that lasts at least `seconds`. */
export function expectLasts(reply: Reply, cookie: SetCookie, seconds: number): void {
  const lasts = cookie.maxAge ?? (cookie.expires ? (cookie.expires.getTime() - Date.now()) / 1000 : null)
  // A minute of slack, for an Expires that was counted from the start of the answer.
  if (lasts !== null && lasts > seconds - 60) return
  const days = Math.round(seconds / 86_400)
  fail({
    expected: `The cookie "${cookie.name}" should still be there when the browser opens again: Max-Age of at least ${days} days (${seconds} seconds).`,
    got:
      lasts === null
        ? 'It has neither Max-Age nor Expires.'
        : `It lasts ${Math.round(lasts)} seconds.${unitHint(lasts, seconds)}`,
    exchange: reply.exchange,
    mark: markOn(
      cookie,
      attributeIn(cookie, cookie.maxAge === null ? 'Expires' : 'Max-Age'),
      lasts === null ? 'Max-Age is missing' : 'too short',
    ),
  })
}

/** How long an Expires can be off: it counts from when the app wrote the answer, and a reply can take 5 seconds. */
const EXPIRES_SLACK_SECONDS = 6

/**
 * A persistent cookie that lasts `seconds`, give or take one, as Max-Age or else as Expires says.
 * @param clockAheadSeconds of the instance that has answered
 */
export function expectLastsExactly(
  reply: Reply,
  cookie: SetCookie,
  seconds: number,
  clockAheadSeconds = 0,
): void {
  const { maxAge, expires } = cookie
  const left = expires === null ? null : (expires.getTime() - Date.now()) / 1000 - clockAheadSeconds
  // Max-Age counts when there are both (RFC 6265bis, section 5.7).
  if (maxAge !== null ? Math.abs(maxAge - seconds) <= 1 : left !== null && isAbout(left, seconds)) return
  fail({
    expected: `The cookie "${cookie.name}" should have Max-Age=${seconds}, as long as the session goes on.`,
    got:
      maxAge !== null
        ? `It has Max-Age=${maxAge}.`
        : left !== null
          ? `By its Expires, it lasts ${Math.round(left)} seconds.`
          : 'It has neither Max-Age nor Expires, so the browser drops it when it closes.',
    exchange: reply.exchange,
    mark: markOn(
      cookie,
      attributeIn(cookie, maxAge === null ? 'Expires' : 'Max-Age'),
      maxAge === null && left === null ? 'Max-Age is missing' : `should be ${seconds} seconds`,
    ),
  })
}

function isAbout(left: number, seconds: number): boolean {
  return left <= seconds + 1 && left >= seconds - EXPIRES_SLACK_SECONDS
}

/** Every cookie of the reply is small enough for a browser to keep (RFC 6265bis, section 5.7: 4,096 bytes). */
export function expectFits(reply: Reply): void {
  for (const cookie of reply.setCookies) {
    if (cookie.bytes <= COOKIE_MAX_BYTES) continue
    fail({
      expected: `Name and value of a cookie should have at most ${COOKIE_MAX_BYTES} bytes together; a browser drops a larger one and says nothing.`,
      got: `"${cookie.name}" has ${cookie.bytes} bytes.`,
      exchange: reply.exchange,
      mark: markOn(cookie, cookie.name, `${cookie.bytes} bytes: too large`),
    })
  }
}

/** The visitor's browser no longer has the cookie. */
export function expectGone(reply: Reply, visitor: Visitor, name: string): void {
  if (visitor.jar.get(name) === undefined) return
  const cookie = reply.setCookies.findLast((one) => one.name === name)
  fail({
    expected: `After this, ${visitor.name}'s browser should have no cookie "${name}".`,
    got: cookie
      ? 'The browser keeps it: the Set-Cookie that clears a cookie needs the same Path, and a date in the past or Max-Age=0.'
      : 'The browser still has it, because the answer does not clear it.',
    exchange: reply.exchange,
    mark: cookie
      ? markOn(cookie, '', `does not clear "${name}"`)
      : {
          line: 'Set-Cookie:',
          at: '',
          note: `a line is missing here: Set-Cookie: ${name}=; Expires=Thu, 01 Jan 1970 …`,
        },
  })
}

/** Strange input does no harm: whatever the answer is, the app did not break. @param what "Such a cookie" */
export function expectNoServerError(reply: Reply, what: string): void {
  if (reply.status < 500) return
  fail({
    expected: `${what} should do no harm.`,
    got: `Your app broke: the answer is ${statusOf(reply)}.`,
    exchange: reply.exchange,
    mark: { line: 'status', at: String(reply.status), note: 'should be below 500' },
  })
}

/** Something else that should be so. */
export function expectThat(
  condition: boolean,
  reply: Reply,
  expected: string,
  got: string,
): asserts condition {
  if (!condition) fail({ expected, got, exchange: reply.exchange })
}
