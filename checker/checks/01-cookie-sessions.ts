// Lab 1: the cart lives in the visitor's cookie, as it is.
import { type CheckContext, check } from '../src/check/check.ts'
import type { Draw } from '../src/check/draw.ts'
import {
  expectAttributes,
  expectFits,
  expectGone,
  expectHides,
  expectLasts,
  expectNoServerError,
  expectRedirect,
  expectRefusal,
  expectSetsCookie,
  expectShows,
  expectStatus,
  expectThat,
  expectUntilBrowserCloses,
  fail,
} from '../src/check/expect.ts'
import { expectHugeCookieHarmless } from '../src/check/large-cookies.ts'
import { COOKIE_MAX_BYTES } from '../src/http/jar.ts'
import { NoReply, type Reply, type Visitor } from '../src/http/visitor.ts'

const YEAR_SECONDS = 365 * 24 * 60 * 60

interface Item {
  id: string
  name: string
  priceCents: number
}

/** What the shop of the submission sells, from its own price list. */
async function itemsOf(visitor: Visitor): Promise<Item[]> {
  const reply = await visitor.get('/api/prices', {
    cookie: null,
    aside: true,
    does: 'asks for the price list',
  })
  const expected = 'GET /api/prices should answer with the price list as JSON to a visitor who chose nothing.'
  let list: unknown
  try {
    list = JSON.parse(reply.body)
  } catch {
    fail({
      expected,
      got: 'The answer is not JSON.',
      exchange: reply.exchange,
      mark: { line: 'body', at: '', note: 'not JSON' },
    })
  }
  if (Array.isArray(list) && list.length > 0 && list.every(isItem)) return list
  fail({
    expected,
    got: 'The answer is JSON, but not a list of items with id, name and priceCents.',
    exchange: reply.exchange,
    mark: { line: 'body', at: '', note: 'not a price list' },
  })
}

function isItem(value: unknown): value is Item {
  const { id, name, priceCents } = (value ?? {}) as Partial<Item>
  return typeof id === 'string' && typeof name === 'string' && typeof priceCents === 'number'
}

function money(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`
}

function add(visitor: Visitor, item: Item): Promise<Reply> {
  return visitor.post('/cart', { item: item.id }, { does: `puts "${item.name}" into the cart` })
}

function openCart(visitor: Visitor): Promise<Reply> {
  return visitor.get('/cart', { does: 'opens the cart' })
}

function writeNote(visitor: Visitor, note: string, aside = false): Promise<Reply> {
  const does = note.length > 100 ? `writes a gift card of ${note.length} letters` : 'writes a gift card'
  return visitor.post('/note', { note }, { does, aside })
}

function chooseFormat(visitor: Visitor, format: string): Promise<Reply> {
  return visitor.post('/format', { format }, { does: `chooses ${format.toUpperCase()}` })
}

function buy(visitor: Visitor): Promise<Reply> {
  return visitor.post('/checkout', {}, { does: 'buys the cart' })
}

function askToBeForgotten(visitor: Visitor): Promise<Reply> {
  return visitor.post('/forget', {}, { does: 'asks to be forgotten' })
}

/** A cookie's value without percent-encoding, for people. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** Some visitor with one item in the cart. */
async function visitorWithItem({ visitor, draw }: CheckContext): Promise<{ who: Visitor; item: Item }> {
  const who = visitor()
  const item = draw.pick(ordinary(await itemsOf(who)))
  await add(who, item)
  return { who, item }
}

/** Two different items. */
async function twoItems(who: Visitor, draw: Draw): Promise<[Item, Item]> {
  const [first, second] = draw.shuffle(ordinary(await itemsOf(who)))
  if (first && second) return [first, second]
  fail({
    expected: 'The shop should sell several items, as catalogue.ts does.',
    got: 'The price list has fewer than two.',
  })
}

/** All items but the one whose id is the name of something that every object has; a check of its own is about that. */
function ordinary(items: Item[]): Item[] {
  return items.filter((item) => !(item.id in {}))
}

function expectCart(
  reply: Reply,
  lines: [item: Item, quantity: number][],
  what = 'The cart should show the item and how many',
): void {
  expectStatus(reply, 200)
  for (const [item, quantity] of lines) expectShows(reply, `${quantity} x ${item.name}`, what)
}

function expectTotal(reply: Reply, lines: [item: Item, quantity: number][]): void {
  const total = lines.reduce((sum, [item, quantity]) => sum + quantity * item.priceCents, 0)
  expectShows(reply, `Total: ${money(total)}`, 'The cart should show the total')
}

function expectEmptyCart(reply: Reply, because: string, detail: string[] = []): void {
  expectStatus(reply, 200, `a page with an empty cart, because ${because}`)
  expectShows(reply, 'Your cart is empty', `Because ${because}, the page should say`, detail)
}

/** The page shows what somebody typed, and a browser does not take it for HTML. */
function expectNotHtml(reply: Reply, typed: string, what: string): void {
  if (!reply.contentType.includes('html') || !reply.body.includes(typed)) return
  fail({
    expected: `${what} should show what was typed as text.`,
    got: 'It is HTML there, so a browser obeys it.',
    exchange: reply.exchange,
    mark: { line: 'body', at: typed, note: 'has to be &lt;…' },
  })
}

/** The reply sets the cookie, and a browser does not throw it away at once. */
function expectKept(reply: Reply, visitor: Visitor, name: string): void {
  const cookie = expectSetsCookie(reply, name)
  if (visitor.jar.get(name) !== undefined) return
  const [at, got] =
    cookie.domain !== null
      ? ['Domain', `It has Domain=${cookie.domain}, which is not this host.`]
      : cookie.maxAge !== null
        ? ['Max-Age', `It has Max-Age=${cookie.maxAge}: it ends as it begins.`]
        : [cookie.expires ? 'Expires' : '', 'A browser drops it at once.']
  fail({
    expected: `The browser should keep the cookie "${name}".`,
    got,
    exchange: reply.exchange,
    mark: { line: 'Set-Cookie:', header: cookie.header, at, note: 'so the browser drops it' },
  })
}

function expectType(reply: Reply, type: string, expected: string): void {
  if (reply.contentType.includes(type)) return
  fail({
    expected,
    got: `It is ${reply.contentType || 'of no type'}.`,
    exchange: reply.exchange,
    mark: { line: 'Content-Type:', at: reply.contentType, note: `should be ${type}` },
  })
}

check(
  'opens',
  {
    name: 'the shop opens, and its price list is there',
    step: 0,
    points: 1,
    hints: [
      'The starter passes this check. What have you changed since?',
      'GET / shows every item with its price; GET /api/prices lists them as JSON.',
      'Put server.ts, catalogue.ts and pages.ts side by side with the starter: npx lab-check reset 1 keeps your work and shows where.',
    ],
  },
  async ({ visitor }) => {
    const who = visitor()
    const home = await who.get('/')
    expectStatus(home, 200)
    for (const item of await itemsOf(who)) expectShows(home, item.name, 'The shop should show every item')
  },
)

check(
  'set-cookie',
  {
    name: 'adding an item puts the cart into a cookie',
    step: 1,
    points: 1,
    needs: ['opens'],
    hints: [
      'Which function in cart.ts is called after an item was added?',
      'A cookie value is text. How does an object become text, and what does Express call the method that sets a cookie?',
      'In writeCart: turn the cart into JSON and give it to res.cookie under the name "cart". Express percent-encodes it for you.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const reply = await add(who, draw.pick(ordinary(await itemsOf(who))))
    expectRedirect(reply, '/cart')
    expectKept(reply, who, 'cart')
  },
)

check(
  'every-page',
  {
    name: 'every page of the shop gets the cart',
    step: 1,
    points: 1,
    needs: ['set-cookie'],
    hints: [
      'Look into the developer tools: which path does your cookie have?',
      'A browser sends a cookie only to the pages below its Path. Buying is a POST to /checkout.',
      'Give res.cookie the option path: "/", or leave it out: in Express that is what it is then.',
    ],
  },
  async (context) => {
    const who = context.visitor()
    const reply = await add(who, context.draw.pick(ordinary(await itemsOf(who))))
    const { path, header } = expectSetsCookie(reply, 'cart')
    for (const page of ['/checkout', '/note', '/cart']) {
      if (who.jar.headerFor(page)) continue
      fail({
        expected: 'The cookie "cart" should have Path=/, so that every page of the shop gets it.',
        got: `It has Path=${path}, so ${page} does not get it.`,
        exchange: reply.exchange,
        mark: { line: 'Set-Cookie:', header, at: 'Path', note: 'should be /' },
      })
    }
  },
)

/**
 * The attributes of what the answer sets. Whether an answer comes at all, and whether one that should clear
 * a cookie does so, is for other checks.
 */
async function judgeAttributes(answer: Promise<Reply>, clears?: [from: Visitor, names: string[]]) {
  try {
    const reply = await answer
    const [visitor, names] = clears ?? []
    if (visitor && names?.some((name) => visitor.jar.get(name) !== undefined)) return
    expectAttributes(reply)
  } catch (error) {
    if (!(error instanceof NoReply)) throw error
  }
}

check(
  'attributes',
  {
    name: 'every Set-Cookie is HttpOnly, SameSite=Lax, Path=/ and has no Domain',
    step: 1,
    points: 2,
    needs: ['every-page'],
    hints: [
      'Look at the Set-Cookie line above: the caret is where something is missing.',
      'res.cookie takes options as its third argument. Every call needs them, also one that changes or clears a cookie.',
      'The options are httpOnly: true, sameSite: "lax" and path: "/". Keep them in one constant, and use it everywhere.',
    ],
  },
  async (context) => {
    const who = context.visitor()
    const [first, second] = await twoItems(who, context.draw)
    await judgeAttributes(add(who, first))
    await judgeAttributes(add(who, second))
    await judgeAttributes(writeNote(who, context.draw.words()))
    context.aboutStep(6)
    await judgeAttributes(chooseFormat(who, 'csv'))
    context.aboutStep(7)
    await judgeAttributes(buy(who), [who, ['cart']])
    await judgeAttributes(askToBeForgotten(who), [who, ['cart', 'format']])
  },
)

check(
  'session-cookie',
  {
    name: 'the cart is gone when the browser closes',
    step: 1,
    points: 1,
    needs: ['set-cookie'],
    hints: [
      'Which attributes tell a browser how long to keep a cookie?',
      'A cookie without an age lives as long as the browser is open. That is what a cart should do here.',
      'Leave maxAge and expires out of the options for the cart.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const reply = await add(who, draw.pick(ordinary(await itemsOf(who))))
    expectUntilBrowserCloses(reply, expectSetsCookie(reply, 'cart'))
  },
)

check(
  'read-back',
  {
    name: 'the cart page shows what is in the cookie',
    step: 2,
    points: 2,
    needs: ['set-cookie'],
    hints: [
      'The browser sent the cookie back. In which header, and does your code look there?',
      'Cookie: a=1; b=2 is one header with all cookies. You need the one called "cart", and then undo what writeCart did, in reverse order.',
      'Split the header at ";", split each part at its first "=", decodeURIComponent the value, then JSON.parse it.',
    ],
  },
  async (context) => {
    const { who, item } = await visitorWithItem(context)
    const page = await openCart(who)
    expectStatus(page, 200)
    // How many is for `own-cart` and `counts` to judge.
    expectShows(page, item.name, 'The cart should show the item', [
      `The cookie "cart" that came with the request says: ${decoded(who.jar.get('cart') ?? '')}`,
    ])
  },
)

check(
  'own-cart',
  {
    name: 'two visitors never see each other’s cart',
    step: 2,
    points: 2,
    needs: ['read-back'],
    hints: [
      'Where does your code keep the cart between two requests?',
      'A variable outside of your functions is one for all visitors.',
      'Nothing is kept on the server: readCart makes a new cart from the cookie each time, or a new empty one.',
    ],
  },
  async (context) => {
    const [who, other] = [context.visitor(), context.visitor()]
    const [mine, theirs] = await twoItems(who, context.draw)
    await writeNote(who, context.draw.words())
    await add(who, mine)
    expectEmptyCart(await openCart(other), `${other.name} has added nothing`)
    await add(other, theirs)
    const seen = await openCart(other)
    expectCart(seen, [[theirs, 1]], `The page should show what ${other.name} added`)
    expectHides(seen, `1 x ${mine.name}`, `${other.name} should see only what ${other.name} added.`)
    expectCart(await openCart(who), [[mine, 1]], `The page should still show what ${who.name} added`)
  },
)

check(
  'other-cookies',
  {
    name: 'the cart is found among other cookies',
    step: 2,
    points: 1,
    needs: ['own-cart', 'every-page'],
    hints: [
      'Other programs on localhost set cookies too, and the browser sends all of them to you.',
      'What does your code do with "colour=cart; my-cart=1; cart=…"? Look for the name, the whole name, and nothing but the name.',
      'Split at ";" first, and decode last. There is a space in front of most names: trim it, then compare with ===.',
    ],
  },
  async (context) => {
    const { who, item } = await visitorWithItem(context)
    const word = context.draw.words(1)
    const note = `${word} = 1; cart=${word} é`
    await writeNote(who, note)
    // What a careless search finds stands in front; something stands behind, too, for one that takes all the rest.
    const before = context.draw.shuffle([`xcart=${word}`, `${word}=cart=1`, `cart-size=3`, 'pad=YQ=='])
    // An "=" means the same with and without its percent-encoding, and only the first one ends the name.
    const own = (who.jar.headerFor('/cart') ?? '').replaceAll('%3D', '=')
    const header = [...before, own, `my-cart=${word}`].join('; ')
    const page = await who.get('/cart', {
      cookie: header,
      does: 'opens the cart with other cookies around it',
    })
    expectCart(page, [[item, 1]], 'The cart should be found in this Cookie header, and the page should show')
    expectShows(page, note, 'The gift card should come back as it was written')
  },
)

check(
  'counts',
  {
    name: 'the same item twice is counted, and the total adds up',
    step: 3,
    points: 2,
    needs: ['own-cart'],
    hints: [
      'What should happen to a line that is already in the cart?',
      'addItem gets the cart that came with the request: what was in it has to be in it afterwards.',
      'If the item has a line, make its quantity one larger; if not, add a line with quantity 1. The total is the sum of quantity times price.',
    ],
  },
  async (context) => {
    const who = context.visitor()
    const [twice, once] = await twoItems(who, context.draw)
    for (const item of [twice, once, twice]) await add(who, item)
    const page = await openCart(who)
    expectCart(page, [
      [twice, 2],
      [once, 1],
    ])
    expectTotal(page, [
      [twice, 2],
      [once, 1],
    ])
  },
)

check(
  'unknown-item',
  {
    name: 'an unknown or missing item is refused, and the cart stays',
    step: 0,
    points: 1,
    needs: ['own-cart'],
    hints: [
      'server.ts refuses these for you, through findItem and field. Have you changed it?',
      'A refusal is a page with a status from 400 to 499.',
      'throw new Refusal(404, "…") from #kit/app.ts makes such a page.',
    ],
  },
  async (context) => {
    const { who, item } = await visitorWithItem(context)
    const reply = await who.post(
      '/cart',
      { item: context.draw.words(2) },
      { does: 'asks for an item that is not sold' },
    )
    expectRefusal(reply, 'the shop has no such item')
    expectRefusal(
      await who.post('/cart', {}, { does: 'sends the form without an item' }),
      'the field "item" is missing',
    )
    expectCart(await openCart(who), [[item, 1]])
  },
)

check(
  'any-id',
  {
    name: 'an item called "constructor" is an item like any other',
    step: 3,
    points: 1,
    needs: ['counts', 'unknown-item'],
    hints: [
      'Open the cart after adding the Constructor set. Where does that quantity come from?',
      'Type this into node: ({}).constructor. An object has more names than those you gave it.',
      'Ask Object.hasOwn(cart.lines, item.id) before you use cart.lines[item.id], or keep the lines in a Map.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const items = await itemsOf(who)
    const special = items.find((item) => item.id in {})
    const other = draw.pick(ordinary(items))
    if (!special) {
      fail({
        expected: 'The shop should sell the item "constructor", as catalogue.ts does.',
        got: 'It is not in the price list.',
      })
    }
    const reply = await add(who, special)
    expectRedirect(reply, '/cart')
    await add(who, other)
    await add(who, special)
    expectCart(await openCart(who), [
      [special, 2],
      [other, 1],
    ])
    const proto = await who.post('/cart', { item: '__proto__' }, { does: 'asks for an item "__proto__"' })
    expectRefusal(proto, 'the shop has no such item')
    expectCart(await openCart(who), [
      [special, 2],
      [other, 1],
    ])
  },
)

check(
  'in-the-cookie',
  {
    name: 'the cookie holds the whole cart, and the server nothing',
    step: 3,
    points: 1,
    needs: ['counts'],
    hints: [
      'What would your app show if it were started anew between two requests?',
      'An older copy of the cookie is an older cart. Does your app show it as it was?',
      'Put everything that the cart page needs into the cookie. A number or a key that stands for a cart on the server is what lab 3 is about.',
    ],
  },
  async (context) => {
    const { who, item } = await visitorWithItem(context)
    const earlier = who.jar.headerFor('/cart') ?? ''
    await add(who, item)
    const copy = context.visitor()
    const reply = await copy.get('/cart', {
      cookie: earlier,
      does: `opens the cart with a copy of ${who.name}'s cookie from before the second one was added`,
    })
    expectCart(reply, [[item, 1]], 'An older cookie is an older cart, and the page should show it as it was')
    const text = longText(context.draw, ASCII_LETTERS, NOTE_LETTERS)
    const noted = await writeNote(who, text)
    const { bytes, header } = expectSetsCookie(noted, 'cart')
    if (bytes >= NOTE_BYTES_MIN) return
    fail({
      expected: `The cookie should hold the whole cart, also a gift card of ${NOTE_LETTERS} letters.`,
      got: `It has only ${bytes} bytes, so the gift card is somewhere else.`,
      exchange: noted.exchange,
      mark: { line: 'Set-Cookie:', header, at: 'cart', note: `only ${bytes} bytes` },
    })
  },
)

/** What a gift card has to leave in the cookie: a drawn letter of 62 is 5.95 bits, however it is compressed. */
const NOTE_LETTERS = 280
const NOTE_BYTES_MIN = 200

/** What a Cookie header can hold instead of a cart. `id` is that of an item that the shop sells. */
function notACart(id: string): [cookie: string, what: string][] {
  const cart = (value: unknown) => `cart=${encodeURIComponent(JSON.stringify(value))}`
  const line = { quantity: 1, priceCents: 1 }
  return [
    ['cart=%E0%A4', 'a broken percent-encoding'],
    ['cart={', 'half a JSON text'],
    ['cart=%7B%22lines%22', 'an encoded half of a JSON text'],
    [cart(null), 'null'],
    [cart([]), 'a list'],
    [cart(42), 'a number'],
    [cart('text'), 'a text'],
    [cart(true), 'true'],
    [cart({}), 'an object with nothing in it'],
    [cart({ lines: null, note: null }), 'lines that are null'],
    [cart({ lines: [1], note: 7 }), 'lines that are a list'],
    [cart({ lines: null, note: 'hello' }), 'null for the lines'],
    [cart({ lines: { [id]: line }, note: 7 }), 'a number for the gift card'],
    [
      cart({ lines: { [id]: line, unicorn: line }, note: '' }),
      'an item that the shop does not sell, besides one that it sells',
    ],
    [
      cart({ lines: { toString: line }, note: '' }),
      'an item with the name of something that every object has',
    ],
    [cart({ lines: { unicorn: line }, note: '' }), 'an item that the shop does not sell'],
    [cart({ lines: { [id]: null }, note: '' }), 'an item with null for its line'],
    [cart({ lines: { [id]: { ...line, quantity: 'many' } }, note: '' }), 'a quantity of "many"'],
    [cart({ lines: { [id]: { ...line, quantity: '2' } }, note: '' }), 'a quantity that is a text'],
    [cart({ lines: { [id]: { ...line, quantity: 0 } }, note: '' }), 'a quantity of 0'],
    [cart({ lines: { [id]: { ...line, quantity: 1.5 } }, note: '' }), 'a quantity of 1.5'],
    [cart({ lines: { [id]: { ...line, quantity: -2 } }, note: '' }), 'a quantity below zero'],
    [cart({ lines: { [id]: { ...line, priceCents: 0.5 } }, note: '' }), 'a price of half a cent'],
    [cart({ lines: { [id]: { ...line, priceCents: -1 } }, note: '' }), 'a price below zero'],
    ['cart', 'no value'],
    ['cart=', 'an empty value'],
    ['=; ;;cart=;', 'only separators'],
  ]
}

check(
  'malformed',
  {
    name: 'a cookie that is not a cart is an empty cart',
    step: 4,
    points: 3,
    needs: ['own-cart'],
    hints: [
      'Who can change what is in a cookie? What can stand in it, then?',
      'decodeURIComponent and JSON.parse throw on bad input. And what they return need not be a cart: null is JSON, too.',
      'Catch both. Then look whether the result has the shape of a cart, with items that the shop sells; whatever has not is an empty cart.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const item = draw.pick(ordinary(await itemsOf(who)))
    for (const [cookie, what] of draw.shuffle(notACart(item.id))) {
      const reply = await who.get('/cart', {
        cookie,
        does: `opens the cart with a cookie that holds ${what}`,
        aside: true,
      })
      expectEmptyCart(reply, 'this cookie is not a cart', [
        `Decoded, the header is: Cookie: ${decoded(cookie)}`,
      ])
    }
    const noPrice = await who.get('/cart', {
      cookie: `cart=${encodeURIComponent(JSON.stringify({ lines: { [item.id]: { quantity: 1 } }, note: '' }))}`,
      does: 'opens the cart with a cookie that holds an item without a price',
      aside: true,
    })
    expectStatus(noPrice, 200)
    expectHides(noPrice, 'NaN', 'A line without a price is not a line, so the page should show no sum of it.')
    const added = await who.post(
      '/cart',
      { item: item.id },
      {
        cookie: `cart=${encodeURIComponent('{"lines":[],"note":""}')}`,
        does: `adds "${item.name}" with a cookie that holds an empty list for the lines`,
      },
    )
    expectRedirect(added, '/cart')
    const { value } = expectSetsCookie(added, 'cart')
    const page = await who.get('/cart', {
      cookie: `cart=${value}`,
      does: 'opens the cart with the cookie that came',
    })
    expectCart(
      page,
      [[item, 1]],
      'That cookie was not a cart, so the item should be in a new one, and the page should show',
    )
  },
)

check(
  'strange-headers',
  {
    name: 'doubled and huge Cookie headers do no harm',
    step: 4,
    points: 1,
    needs: ['malformed'],
    hints: [
      'A browser may send two cookies with one name, and a hostile client may send anything.',
      'What does your code do with a Cookie header of 12,000 characters, or with "cart" in it twice?',
      'Take the first cookie that has the name and ignore the others. Node itself refuses headers over 16 kB with 431.',
    ],
  },
  async (context) => {
    const { who, item } = await visitorWithItem(context)
    const own = who.jar.headerFor('/cart') ?? ''
    const doubled = await who.get('/cart', {
      cookie: `${own}; cart=%7B`,
      does: 'opens the cart with the cookie twice, broken the second time',
    })
    expectStatus(doubled, 200)
    const reversed = await who.get('/cart', {
      cookie: `cart=${context.draw.words(1)}; ${own}`,
      does: 'opens the cart with the cookie twice, broken the first time',
    })
    expectStatus(reversed, 200)
    const filler = [1, 2, 3].map((number) => `filler${number}=${'x'.repeat(3_900)}`)
    const large = await who.get('/cart', {
      cookie: [...filler, own].join('; '),
      does: 'opens the cart with 12 kB of cookies',
    })
    expectNoServerError(large, 'A large Cookie header')
    await expectHugeCookieHarmless('cart', (options) => who.get('/cart', options))
    expectCart(await openCart(who), [[item, 1]])
  },
)

check(
  'escaped',
  {
    name: 'what a visitor typed is shown as text, never as HTML',
    step: 0,
    points: 1,
    needs: ['own-cart'],
    hints: [
      'The page was given to you with its text escaped. Have you changed pages.ts?',
      'Text between tags has to have &lt; in place of <, and so on.',
      'The html`…` tag of #kit/html.ts escapes every value; new Html(…) does not.',
    ],
  },
  async (context) => {
    const { who } = await visitorWithItem(context)
    const word = context.draw.words(1)
    const note = `<b>${word}</b> & "quotes" <script>alert('${word}')</script>`
    expectRedirect(await writeNote(who, note), '/cart')
    const reply = await openCart(who)
    expectStatus(reply, 200)
    expectNotHtml(reply, `<b>${word}</b>`, 'The gift card')
    expectShows(reply, note, 'The page should show the gift card as it was typed')
    const unknown = `<i>${word}</i>`
    const refused = await who.post('/cart', { item: unknown }, { does: `asks for an item "${unknown}"` })
    expectNotHtml(refused, unknown, 'The error page')
  },
)

const ASCII_LETTERS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789']

/** Two bytes each in UTF-8, which percent-encoding makes six. */
const ACCENTED_LETTERS = [...'àáâãäåæçèéêëìíîïñòóôõöøùúûüý']

/** Drawn letter by letter, so that a cart that is compressed is full in the end as well. */
function longText(draw: Draw, letters: string[], length: number): string {
  return Array.from({ length }, () => draw.pick(letters)).join('')
}

/**
 * What was sent is in the cart, in a cookie that a browser keeps; or it was refused, and the browser has what it had.
 * @param text what the cart page shows when it was accepted
 * @returns whether it was accepted
 */
async function expectAllOrNothing(reply: Reply, who: Visitor, text: string): Promise<boolean> {
  expectFits(reply)
  const { exchange } = reply
  if (reply.status >= 400) {
    expectRefusal(reply, 'the cart would not fit into a cookie')
    if (exchange.jarBefore.join() === exchange.jarAfter.join()) return false
    fail({
      expected: 'What does not fit should be refused, and the cart should stay as it was.',
      got: 'It was refused, but the answer changes the cookie.',
      exchange,
      mark: { line: 'Set-Cookie:', at: 'cart', note: 'should not be here' },
    })
  }
  const page = await who.get('/cart', { does: 'opens the cart', aside: true })
  expectShows(page, text, `The answer was ${reply.status}, which accepts it, so it should be in the cart`)
  return true
}

/**
 * Makes the gift card longer until no letter more fits: a limit that forgets a few bytes shows only there.
 * @returns the last one that was accepted
 */
async function fillUp(who: Visitor, draw: Draw): Promise<string> {
  const text = longText(draw, ASCII_LETTERS, COOKIE_MAX_BYTES)
  let note = ''
  for (let length = 300; length <= COOKIE_MAX_BYTES; ) {
    const next = text.slice(0, length)
    const reply = await writeNote(who, next, true)
    const accepted = await expectAllOrNothing(reply, who, next)
    expectThat(
      accepted || note !== '',
      reply,
      'A gift card of 300 letters should fit.',
      `The answer is ${reply.status}.`,
    )
    if (!accepted) return note
    note = next
    const room = COOKIE_MAX_BYTES - expectSetsCookie(reply, 'cart').bytes
    // A letter takes one byte at least, two in some encodings.
    length += Math.max(1, Math.floor(room / 2))
  }
  return note
}

check(
  'size-limit',
  {
    name: 'what does not fit into 4,096 bytes is refused, and the cart stays',
    step: 5,
    points: 3,
    needs: ['in-the-cookie', 'every-page'],
    hints: [
      'What does a browser do with a cookie of 5,000 bytes? Try it: write a long gift card.',
      'Measure what is sent, and before it is sent: after encoding, "é" is six bytes. The name counts as well.',
      'In writeCart: if the length of the name plus the length of the encoded value is over 4096, throw a Refusal before res.cookie.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    const [first, ...others] = draw.shuffle(ordinary(await itemsOf(who)))
    if (first) await add(who, first)
    const accented = longText(draw, ACCENTED_LETTERS, draw.int(850, 950))
    await expectAllOrNothing(await writeNote(who, accented), who, accented)
    const note = await fillUp(who, draw)
    for (const item of others) await expectAllOrNothing(await add(who, item), who, `1 x ${item.name}`)
    // More than 4,096 bytes in any encoding.
    const long = await writeNote(who, longText(draw, ASCII_LETTERS, draw.int(6_000, 7_000)))
    expectFits(long)
    expectRefusal(long, 'the gift card does not fit into a cookie')
    const page = await openCart(who)
    if (first) expectCart(page, [[first, 1]])
    expectShows(page, note, 'What was in the cart should stay')
  },
)

check(
  'preference',
  {
    name: 'the price list comes in the format that the visitor chose',
    step: 6,
    points: 2,
    needs: ['opens'],
    hints: [
      'Which functions in preference.ts still do nothing?',
      'The choice is a second cookie, "format". It is read like the cart, and its value is one word.',
      'writeFormat sets the cookie; readFormat looks for it, and gives "json" when it is missing or says anything but json or csv.',
    ],
  },
  async ({ visitor }) => {
    const who = visitor()
    const items = await itemsOf(who)
    const chosen = await chooseFormat(who, 'csv')
    expectRedirect(chosen, '/')
    expectKept(chosen, who, 'format')
    const csv = await who.get('/api/prices', { does: 'asks for the price list' })
    expectType(csv, 'text/csv', 'The price list should be CSV now.')
    for (const item of items)
      expectThat(csv.body.includes(item.id), csv, `It should list "${item.id}".`, 'It does not.')
    expectRedirect(await chooseFormat(who, 'json'), '/')
    const json = await who.get('/api/prices', { does: 'asks for the price list' })
    expectType(json, 'json', 'The price list should be JSON again.')
    expectRefusal(await chooseFormat(who, 'xml'), 'there is no such format')
    for (const [cookie, because] of [
      ['format=xml', 'There is no format "xml"'],
      // The name of something that every object has.
      ['format=constructor', 'There is no format "constructor"'],
      ['prices=csv', 'The cookie "prices" is not ours'],
    ] as const) {
      const forged = await who.get('/api/prices', {
        cookie,
        does: `asks for the price list with the cookie ${cookie}`,
        aside: true,
      })
      expectType(forged, 'json', `${because}, so the price list should be JSON.`)
    }
  },
)

check(
  'persistent',
  {
    name: 'the preference is still there when the browser opens again; the cart is not',
    step: 6,
    points: 2,
    needs: ['preference', 'session-cookie', 'own-cart'],
    hints: [
      'Close the browser, open it again: which of your two cookies is left, and which should be?',
      'A cookie stays when it has an age. Which option of res.cookie gives it one, and in which unit?',
      'maxAge is in milliseconds in Express, Max-Age in seconds in the header. A year is 365 * 24 * 60 * 60 seconds.',
    ],
  },
  async ({ visitor, draw }) => {
    const who = visitor()
    await add(who, draw.pick(ordinary(await itemsOf(who))))
    const chosen = await chooseFormat(who, 'csv')
    expectLasts(chosen, expectSetsCookie(chosen, 'format'), YEAR_SECONDS)
    who.jar.closeBrowser()
    const prices = await who.get('/api/prices', {
      does: 'closes the browser, opens it again and asks for the price list',
    })
    expectType(prices, 'text/csv', 'The price list should still be CSV.')
    expectEmptyCart(await openCart(who), 'the browser was closed')
  },
)

check(
  'checkout',
  {
    name: 'buying makes an order and empties the cart',
    step: 7,
    points: 2,
    needs: ['counts', 'every-page'],
    hints: [
      'After buying, the browser still sends the old cart. What has to happen to its cookie?',
      'A server cannot delete a cookie. It can only tell the browser that the cookie ended in the past.',
      'res.clearCookie does that. Give it the same attributes as when the cookie was set: another path is another cookie.',
    ],
  },
  async (context) => {
    const who = context.visitor()
    const items = await twoItems(who, context.draw)
    for (const item of items) await add(who, item)
    const total = items.reduce((sum, item) => sum + item.priceCents, 0)
    const bought = await buy(who)
    expectRedirect(bought)
    expectGone(bought, who, 'cart')
    const order = await who.get(new URL(bought.location ?? '/', 'http://localhost').pathname, {
      does: 'opens the order',
    })
    expectStatus(order, 200)
    expectShows(order, `Paid: ${money(total)}`, 'The order should show what was paid')
    for (const item of items) expectShows(order, item.name, 'The order should list what was bought')
    expectEmptyCart(await openCart(who), 'it was bought')
    expectRefusal(await who.post('/checkout', {}, { does: 'buys the empty cart' }), 'there is nothing to buy')
  },
)

check(
  'forget',
  {
    name: '"Forget me" removes both cookies, and only a POST does',
    step: 7,
    points: 2,
    needs: ['checkout', 'preference'],
    hints: [
      'Which cookies does this app set? All of them have to go.',
      'Clearing is setting again, with the same name and path and a date in the past. Compare the two Set-Cookie lines.',
      'Call res.clearCookie for "cart" and for "format" with the attributes they were set with.',
    ],
  },
  async (context) => {
    const { who } = await visitorWithItem(context)
    await chooseFormat(who, 'csv')
    const link = await who.get('/forget', { does: 'follows a link to /forget' })
    if (who.jar.get('cart') === undefined || who.jar.get('format') === undefined) {
      fail({
        expected: 'A GET should change nothing: a link or an image on another site can cause one.',
        got: 'It clears cookies.',
        exchange: link.exchange,
        mark: { line: 'Set-Cookie:', at: link.setCookies.at(-1)?.name ?? '', note: 'should not be here' },
      })
    }
    const reply = await askToBeForgotten(who)
    expectRedirect(reply, '/')
    expectGone(reply, who, 'cart')
    expectGone(reply, who, 'format')
    expectEmptyCart(await openCart(who), 'it was forgotten')
  },
)
