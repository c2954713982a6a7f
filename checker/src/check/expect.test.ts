import { describe, expect, test } from 'vitest'
import { Visitor } from '../http/visitor.ts'
import { reply } from '../testing/samples.ts'
import {
  expectAttributes,
  expectFits,
  expectGone,
  expectHides,
  expectLasts,
  expectRedirect,
  expectRefusal,
  expectSetsCookie,
  expectSetsNothing,
  expectShows,
  expectStatus,
  expectThat,
  expectUntilBrowserCloses,
} from './expect.ts'
import { CheckFailure, type FailureParts } from './failure.ts'

/** What the expectation says when it is not met. */
function refusalOf(expectation: () => void): FailureParts {
  try {
    expectation()
  } catch (error) {
    if (error instanceof CheckFailure) return error.parts
    throw error
  }
  throw new Error('The expectation was met.')
}

const GOOD = 'cart=1; Path=/; HttpOnly; SameSite=Lax'

describe('expectStatus', () => {
  test('accepts the status', () => {
    expectStatus(reply({ status: 200 }), 200)
  })

  test('refuses another, with the reason, what came, and a caret under the number', () => {
    const answer = reply({ status: 404 })
    expect(refusalOf(() => expectStatus(answer, 200, 'because it is there'))).toEqual({
      expected: 'The answer should be 200, because it is there.',
      got: 'It is 404 Not Found.',
      exchange: answer.exchange,
      mark: { line: 'status', at: '404', note: 'should be 200' },
    })
  })

  test.each([
    [500, '500 Internal Server Error'],
    [503, '503 Service Unavailable'],
  ])('says of %i that the app broke, without the reason, which is beside the point', (status, shown) => {
    const answer = reply({ status })
    expect(refusalOf(() => expectStatus(answer, 200, 'because it is there'))).toEqual({
      expected: 'The answer should be 200.',
      got: `Your app broke: the answer is ${shown}.`,
      exchange: answer.exchange,
      mark: { line: 'status', at: String(status), note: 'should be 200' },
    })
  })
})

describe('expectRedirect', () => {
  test.each(['/cart', '/cart?added=1', 'http://localhost:3001/cart', 'cart'])(
    'accepts 303 to the path, written as %s',
    (location) => expectRedirect(reply({ status: 303, location }), '/cart'),
  )

  test('accepts 303 to anywhere when no path is asked for', () => {
    expectRedirect(reply({ status: 303, location: '/orders/7' }))
  })

  test('refuses another redirect status, which would send the form again', () => {
    const { expected, got } = refusalOf(() => expectRedirect(reply({ status: 302, location: '/cart' })))
    expect(expected).toContain('303')
    expect(got).toBe('It is 302 Found.')
  })

  test('refuses another path', () => {
    const { got, mark } = refusalOf(() => expectRedirect(reply({ status: 303, location: '/carts' }), '/cart'))
    expect(got).toBe('It sends it to /carts.')
    expect(mark).toEqual({ line: 'Location:', at: '/carts', note: 'should be /cart' })
  })

  test('says why it has to be this path, if told', () => {
    const answer = reply({ status: 303, location: '/' })
    const { expected } = refusalOf(() => expectRedirect(answer, '/login', 'nobody is logged in'))
    expect(expected).toBe('The answer should send the browser to /login, because nobody is logged in.')
  })

  test('refuses a reply without Location', () => {
    expect(refusalOf(() => expectRedirect(reply({ status: 303 }))).got).toBe('It has no Location header.')
  })

  test('refuses a Location that is no address, as the student’s fault and not ours', () => {
    const answer = reply({ status: 303, location: 'http://[' })
    expect(refusalOf(() => expectRedirect(answer)).got).toBe('It sends it to http://[.')
    expect(refusalOf(() => expectRedirect(answer, '/cart')).got).toBe('It sends it to http://[.')
  })
})

describe('expectRefusal', () => {
  test.each([400, 404, 499])('accepts %i', (status) => expectRefusal(reply({ status }), 'it is not there'))

  test.each([200, 303, 399, 500])('refuses %i', (status) => {
    const { expected } = refusalOf(() => expectRefusal(reply({ status }), 'it is not there'))
    expect(expected).toBe(
      'The answer should refuse it with a status from 400 to 499, because it is not there.',
    )
  })
})

describe('expectShows', () => {
  test('accepts what a person sees, whatever the HTML around it', () => {
    expectShows(reply({ body: '<b>2</b> x\n  Kite &amp; <i>line</i>' }), '2 x Kite & line')
  })

  test('refuses what stands only in the title or in an attribute', () => {
    const body = '<title>Kite</title><input value="Kite">'
    expect(refusalOf(() => expectShows(reply({ body }), 'Kite', 'The cart should show it'))).toMatchObject({
      expected: 'The cart should show it: "Kite".',
      got: 'It is not on the page.',
    })
  })

  test('adds what the check knows besides', () => {
    const detail = ['The order has two kites.']
    expect(refusalOf(() => expectShows(reply(), 'Kite', 'It should', detail)).detail).toEqual(detail)
    expect(refusalOf(() => expectShows(reply(), 'Kite')).detail).toEqual([])
  })

  test('shortens a long text in its sentence', () => {
    const { expected } = refusalOf(() => expectShows(reply(), 'x'.repeat(500)))
    expect(expected.length).toBeLessThan(120)
  })
})

describe('expectHides', () => {
  test('accepts a page without the text', () => expectHides(reply({ body: 'Drum' }), 'Kite', 'No kite.'))

  test('refuses a page that shows it', () => {
    expect(refusalOf(() => expectHides(reply({ body: 'a Kite' }), 'Kite', 'No kite here.'))).toMatchObject({
      expected: 'No kite here.',
      got: 'The page shows "Kite".',
      mark: { line: 'body', at: 'Kite' },
    })
  })
})

describe('expectSetsCookie', () => {
  test('accepts, and returns the last one of that name, which the browser keeps', () => {
    const answer = reply({ setCookie: ['cart=old', 'other=1', 'cart=new'] })
    expect(expectSetsCookie(answer, 'cart').value).toBe('new')
  })

  test('refuses a reply that sets none', () => {
    expect(refusalOf(() => expectSetsCookie(reply(), 'cart')).got).toBe('It sets no cookie.')
  })

  test('refuses a reply that sets others, and names them', () => {
    const answer = reply({ setCookie: ['Cart=1', 'xcart=2'] })
    expect(refusalOf(() => expectSetsCookie(answer, 'cart')).got).toBe('It sets only "Cart" and "xcart".')
  })
})

describe('expectSetsNothing', () => {
  test('accepts a reply without Set-Cookie', () => expectSetsNothing(reply(), 'nothing changed'))

  test('refuses one with', () => {
    expect(refusalOf(() => expectSetsNothing(reply({ setCookie: [GOOD] }), 'nothing changed'))).toMatchObject(
      {
        expected: 'The answer should set no cookie, because nothing changed.',
        got: 'It sets the cookie "cart".',
      },
    )
  })
})

describe('expectAttributes', () => {
  test.each([
    GOOD,
    'cart=1; samesite=strict; path=/; httponly',
    'cart=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
  ])('accepts %s', (header) => expectAttributes(reply({ setCookie: [header] })))

  test('accepts a reply without cookies', () => expectAttributes(reply()))

  test.each([
    ['cart=1; Path=/; SameSite=Lax', 'HttpOnly is missing.', ''],
    ['cart=1; Path=/; HttpOnly', 'SameSite is missing.', ''],
    ['cart=1; Path=/; HttpOnly; SameSite=None', 'It is SameSite=none.', 'SameSite=None'],
    ['cart=1; HttpOnly; SameSite=Lax', 'Path is missing.', ''],
    ['cart=1; path=/cart; HttpOnly; SameSite=Lax', 'It has Path=/cart.', 'path=/cart'],
    [
      'cart=1; Path=/; HttpOnly; SameSite=Lax; domain=localhost',
      'It has Domain=localhost, which hands it to every subdomain as well.',
      'domain=localhost',
    ],
  ])('refuses %s', (header, got, at) => {
    const refusal = refusalOf(() => expectAttributes(reply({ setCookie: [header] })))
    expect(refusal.got).toBe(got)
    expect(refusal.mark).toMatchObject({ line: 'Set-Cookie:', header, at })
  })

  test('looks at every cookie, and points at the one that falls short', () => {
    const bad = 'format=csv; Path=/; SameSite=Lax'
    for (const setCookie of [
      [GOOD, bad],
      [bad, GOOD],
    ]) {
      const { expected, mark } = refusalOf(() => expectAttributes(reply({ setCookie })))
      expect(expected).toMatch(/^The cookie "format" should be HttpOnly/)
      expect(mark?.header).toBe(bad)
    }
  })

  const PAST = 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'
  const FUTURE = 'Expires=Fri, 01 Jan 2038 00:00:00 GMT'

  test.each([
    ['cart=; Max-Age=0; Path=/; SameSite=Lax', 'should be HttpOnly,'],
    [`cart=; ${PAST}; Path=/; HttpOnly`, 'should be SameSite=Lax,'],
    [`cart=; Max-Age=0; ${FUTURE}; HttpOnly; SameSite=Lax`, 'should have Path=/,'],
  ])('says that %s is the one that clears the cookie', (header, wanted) => {
    const { expected } = refusalOf(() => expectAttributes(reply({ setCookie: [header] })))
    expect(expected).toContain(`Also the Set-Cookie that clears "cart" ${wanted}`)
  })

  test.each([
    'cart=1; Max-Age=60; Path=/; SameSite=Lax',
    `cart=1; ${FUTURE}; Path=/; SameSite=Lax`,
    `cart=1; Max-Age=60; ${PAST}; Path=/; SameSite=Lax`,
  ])('does not say so of %s, which lasts', (header) => {
    const { expected } = refusalOf(() => expectAttributes(reply({ setCookie: [header] })))
    expect(expected).toMatch(/^The cookie "cart" should be HttpOnly/)
  })
})

describe('expectUntilBrowserCloses', () => {
  const judge = (header: string) => {
    const answer = reply({ setCookie: [header] })
    expectUntilBrowserCloses(answer, expectSetsCookie(answer, 'cart'))
  }

  test('accepts a cookie without an age', () => judge(GOOD))

  test.each([
    ['cart=1; max-age=60', 'It has Max-Age=60.', 'max-age=60'],
    [
      'cart=1; Expires=Fri, 01 Jan 2038 00:00:00 GMT',
      'It has Expires.',
      'Expires=Fri, 01 Jan 2038 00:00:00 GMT',
    ],
  ])('refuses %s', (header, got, at) => {
    expect(refusalOf(() => judge(header))).toMatchObject({ got, mark: { at } })
  })
})

describe('expectLasts', () => {
  const judge = (header: string, seconds: number) => {
    const answer = reply({ setCookie: [header] })
    expectLasts(answer, expectSetsCookie(answer, 'format'), seconds)
  }
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString()

  test('accepts an age that is long enough, as Max-Age or as Expires', () => {
    judge('format=csv; Max-Age=86400', 86_400)
    judge(`format=csv; Expires=${inSeconds(86_400)}`, 86_400)
  })

  test('refuses milliseconds taken for seconds, and says so', () => {
    expect(refusalOf(() => judge('format=csv; Max-Age=86.4', 86_400)).got).toBe(
      'It has neither Max-Age nor Expires.',
    )
    expect(refusalOf(() => judge('format=csv; Max-Age=86', 86_400)).got).toBe(
      'It lasts 86 seconds. That is a thousandth of it: maxAge in Express counts milliseconds, and the header counts seconds.',
    )
    expect(refusalOf(() => judge(`format=csv; Expires=${inSeconds(2592.5)}`, 2_592_000)).got).toMatch(
      /^It lasts 259\d seconds\. That is a thousandth of it: maxAge in Express counts milliseconds, and the header counts seconds\.$/,
    )
  })

  test.each([5, 85, 88, 864, 43_200])('takes %i seconds of 86,400 for what they are', (lasts) => {
    expect(refusalOf(() => judge(`format=csv; Max-Age=${lasts}`, 86_400)).got).toBe(
      `It lasts ${lasts} seconds.`,
    )
  })

  test('takes Max-Age before Expires, as browsers do', () => {
    expect(refusalOf(() => judge(`format=csv; Max-Age=5; Expires=${inSeconds(99_999)}`, 86_400)).got).toBe(
      'It lasts 5 seconds.',
    )
  })

  test('refuses a session cookie, with the number of seconds that it should have', () => {
    const { expected, got, mark } = refusalOf(() => judge('format=csv; Path=/', 86_400))
    expect(expected).toContain('(86400 seconds)')
    expect(got).toBe('It has neither Max-Age nor Expires.')
    expect(mark).toMatchObject({ at: '', note: 'Max-Age is missing' })
  })
})

describe('expectFits', () => {
  test('accepts 4,096 bytes of name and value', () => {
    expectFits(reply({ setCookie: [`cart=${'x'.repeat(4092)}; Path=/`] }))
  })

  test('refuses one byte more, and says how many there are', () => {
    const answer = reply({ setCookie: [GOOD, `big=${'x'.repeat(4094)}; Path=/`] })
    expect(refusalOf(() => expectFits(answer)).got).toBe('"big" has 4097 bytes.')
  })
})

describe('expectGone', () => {
  const after = (...setCookie: string[]) => {
    const visitor = new Visitor('Ada', () => ({ host: '127.0.0.1', port: 1 }), [])
    visitor.jar.receive(['cart=1; Path=/'], '/')
    visitor.jar.receive(setCookie, '/')
    expectGone(reply({ setCookie }), visitor, 'cart')
  }

  test.each(['cart=; Path=/; Max-Age=0', 'cart=bye; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'])(
    'accepts %s',
    (header) => after(header),
  )

  test('refuses a reply that does not clear it', () => {
    const { got, mark } = refusalOf(() => after())
    expect(got).toContain('the answer does not clear it')
    expect(mark).toMatchObject({
      line: 'Set-Cookie:',
      note: 'a line is missing here: Set-Cookie: cart=; Expires=Thu, 01 Jan 1970 …',
    })
  })

  test.each(['cart=; Path=/cart; Max-Age=0', 'cart=; Path=/'])(
    'refuses %s, which clears nothing',
    (header) => {
      const { got, mark } = refusalOf(() => after(header))
      expect(got).toContain('The browser keeps it')
      expect(mark?.header).toBe(header)
    },
  )
})

describe('expectThat', () => {
  test('accepts what holds and refuses what does not, in the words of the check', () => {
    expectThat(true, reply(), 'It should.', 'It does not.')
    expect(refusalOf(() => expectThat(false, reply(), 'It should.', 'It does not.'))).toMatchObject({
      expected: 'It should.',
      got: 'It does not.',
    })
  })
})
