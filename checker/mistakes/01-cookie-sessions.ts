// Lab 1: what students get wrong, each as a change to the solution.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are pieces of source code.
import type { Mistake } from '../src/verify/mistake.ts'

export const mistakes: Mistake[] = [
  {
    id: 'no-cookie-header',
    says: 'A visitor whose browser has no cookie yet sends no Cookie header, and reading it throws.',
    fails: 'opens',
    file: 'cookies.ts',
    change: [["(req.headers.cookie ?? '').split(';')", "(req.headers.cookie as string).split(';')"]],
  },
  {
    id: 'other-name',
    says: 'The cookie has another name than the one that was asked for.',
    fails: 'set-cookie',
    file: 'cart.ts',
    change: [["const CART_COOKIE = 'cart'", "const CART_COOKIE = 'basket'"]],
  },
  {
    id: 'redirects-with-302',
    says: 'The answer to a form is 302, which is what res.redirect sends when no status is given.',
    fails: 'set-cookie',
    file: 'server.ts',
    change: [
      [
        "  addItem(cart, findItem(field(req, 'item')))\n  writeCart(res, cart)\n  res.redirect(303, '/cart')",
        "  addItem(cart, findItem(field(req, 'item')))\n  writeCart(res, cart)\n  res.redirect('/cart')",
      ],
    ],
  },
  {
    id: 'cookie-after-redirect',
    says: 'The cookie is set after the redirect, when the headers are already on their way.',
    fails: 'set-cookie',
    file: 'server.ts',
    change: [
      [
        "  addItem(cart, findItem(field(req, 'item')))\n  writeCart(res, cart)\n  res.redirect(303, '/cart')",
        "  addItem(cart, findItem(field(req, 'item')))\n  res.redirect(303, '/cart')\n  writeCart(res, cart)",
      ],
    ],
  },
  {
    id: 'domain-of-the-real-shop',
    says: 'The cart is for the domain that the shop will have one day, so on localhost the browser drops it.',
    fails: 'set-cookie',
    file: 'cart.ts',
    change: [
      [
        'res.cookie(CART_COOKIE, value, COOKIE_ATTRIBUTES)',
        "res.cookie(CART_COOKIE, value, { ...COOKIE_ATTRIBUTES, domain: 'toys.example' })",
      ],
    ],
  },
  {
    id: 'path-of-the-cart-page',
    says: 'The cookie of the cart has Path=/cart, so the checkout never sees it.',
    fails: 'every-page',
    file: 'cart.ts',
    change: [
      [
        'res.cookie(CART_COOKIE, value, COOKIE_ATTRIBUTES)',
        "res.cookie(CART_COOKIE, value, { ...COOKIE_ATTRIBUTES, path: '/cart' })",
      ],
      [
        'res.clearCookie(CART_COOKIE, COOKIE_ATTRIBUTES)',
        "res.clearCookie(CART_COOKIE, { ...COOKIE_ATTRIBUTES, path: '/cart' })",
      ],
    ],
  },
  {
    id: 'never-decoded',
    says: 'The value is parsed as it came, without undoing its percent-encoding.',
    fails: 'read-back',
    file: 'cookies.ts',
    change: [
      ['return decodeURIComponent(pair.slice(equals + 1).trim())', 'return pair.slice(equals + 1).trim()'],
    ],
  },
  {
    id: 'cookie-parser-missing',
    says: 'It reads req.cookies, which Express fills only with the cookie-parser middleware.',
    fails: 'read-back',
    file: 'cart.ts',
    change: [['readCookie(req, CART_COOKIE)', 'req.cookies?.[CART_COOKIE]']],
  },
  {
    id: 'one-cart-for-all',
    says: 'The cart is a variable of the module, so all visitors share it.',
    fails: 'own-cart',
    file: 'cart.ts',
    change: [
      [
        "function emptyCart(): Cart {\n  return { lines: {}, note: '' }\n}",
        "let current: Cart = { lines: {}, note: '' }\n\nfunction emptyCart(): Cart {\n  return current\n}",
      ],
      ['  const value = JSON.stringify(cart)\n', '  const value = JSON.stringify(cart)\n  current = cart\n'],
    ],
  },
  {
    id: 'one-empty-cart',
    says: 'The empty cart is one constant object, and whoever comes first fills it for the others.',
    fails: 'own-cart',
    file: 'cart.ts',
    change: [
      [
        "function emptyCart(): Cart {\n  return { lines: {}, note: '' }\n}",
        "const EMPTY: Cart = { lines: {}, note: '' }\n\nfunction emptyCart(): Cart {\n  return EMPTY\n}",
      ],
    ],
  },
  {
    id: 'note-on-the-server',
    says: 'The text of the gift card is a variable of the module, so every visitor sees the last one.',
    fails: 'own-cart',
    file: 'server.ts',
    change: [
      ['const app = createApp()\n', "const app = createApp()\nlet note = ''\n"],
      ["  cart.note = field(req, 'note')\n", "  note = cart.note = field(req, 'note')\n"],
      ['res.send(cartPage(readCart(req)))', 'res.send(cartPage({ ...readCart(req), note }))'],
    ],
  },
  {
    id: 'no-trim',
    says: 'After the split at ";" the names keep the space in front of them, so only the first cookie is found.',
    fails: 'other-cookies',
    file: 'cookies.ts',
    change: [['pair.slice(0, equals).trim() !== name', 'pair.slice(0, equals) !== name']],
  },
  {
    id: 'name-inside-a-name',
    says: 'It looks for "cart=" anywhere, and takes xcart=… for the cart.',
    fails: 'other-cookies',
    file: 'cookies.ts',
    change: [
      [
        'equals === -1 || pair.slice(0, equals).trim() !== name',
        'equals === -1 || !pair.includes(`${name}=`)',
      ],
    ],
  },
  {
    id: 'begins-like-the-name',
    says: 'It takes the first cookie whose name begins with "cart", which may be cart-size.',
    fails: 'other-cookies',
    file: 'cookies.ts',
    change: [['pair.slice(0, equals).trim() !== name', '!pair.trim().startsWith(name)']],
  },
  {
    id: 'cut-at-every-equals-sign',
    says: 'The cookie is split at "=", so a value that has one itself is cut off there.',
    fails: 'other-cookies',
    file: 'cookies.ts',
    change: [['pair.slice(equals + 1).trim()', "(pair.split('=')[1] ?? '').trim()"]],
  },
  {
    id: 'unescape',
    says: 'The value is decoded with unescape, which takes the two bytes of one letter for two letters.',
    fails: 'other-cookies',
    file: 'cookies.ts',
    change: [['decodeURIComponent(pair.slice', 'unescape(pair.slice']],
  },
  {
    id: 'decodes-before-it-splits',
    says: 'It decodes the whole header before it splits it, and a ";" in the gift card then cuts the cart.',
    fails: 'other-cookies',
    file: 'cookies.ts',
    change: [
      [
        "  for (const pair of (req.headers.cookie ?? '').split(';')) {",
        "  let header = ''\n  try {\n    header = decodeURIComponent(req.headers.cookie ?? '')\n  } catch {}\n  for (const pair of header.split(';')) {",
      ],
      ['return decodeURIComponent(pair.slice(equals + 1).trim())', 'return pair.slice(equals + 1).trim()'],
    ],
  },
  {
    id: 'always-one',
    says: 'Adding an item that is there already writes its line anew, with a quantity of 1.',
    fails: 'counts',
    file: 'cart.ts',
    change: [['  if (line) line.quantity += 1\n  else cart.lines', '  cart.lines']],
  },
  {
    id: 'only-the-last-item',
    says: 'Adding an item starts a new cart: what was in it is gone.',
    fails: 'counts',
    file: 'cart.ts',
    change: [
      [
        'else cart.lines[item.id] = { quantity: 1, priceCents: item.priceCents }',
        'else cart.lines = { [item.id]: { quantity: 1, priceCents: item.priceCents } }',
      ],
    ],
  },
  {
    id: 'total-without-quantity',
    says: 'The total adds each price once, however many there are.',
    fails: 'counts',
    file: 'cart.ts',
    change: [['sum + line.quantity * line.priceCents', 'sum + line.priceCents']],
  },
  {
    id: 'inherited-names',
    says: 'It asks whether lines[id] is there, and for "constructor" every object has one.',
    fails: 'any-id',
    file: 'cart.ts',
    change: [['Object.hasOwn(cart.lines, item.id) ? cart.lines[item.id] : undefined', 'cart.lines[item.id]']],
  },
  {
    id: 'in-finds-inherited-names',
    says: 'It asks with the "in" operator, which finds inherited names as well.',
    fails: 'any-id',
    file: 'cart.ts',
    change: [['Object.hasOwn(cart.lines, item.id)', '(item.id in cart.lines)']],
  },
  {
    id: 'catalogue-as-an-object',
    says: 'The items are looked up in a plain object, which has something called "__proto__", too.',
    fails: 'any-id',
    file: 'catalogue.ts',
    change: [
      [
        'const item = catalogue.find((candidate) => candidate.id === id)',
        'const item = Object.fromEntries(catalogue.map((candidate) => [candidate.id, candidate]))[id]',
      ],
    ],
  },
  {
    id: 'cart-behind-a-key',
    says: 'The cart is in a Map on the server, and the cookie holds only the key to it.',
    fails: 'in-the-cookie',
    file: 'cart.ts',
    change: [
      ["const CART_COOKIE = 'cart'", "const CART_COOKIE = 'cart'\nconst carts = new Map<string, string>()"],
      [
        '  const value = readCookie(req, CART_COOKIE)\n',
        "  const value = carts.get(readCookie(req, CART_COOKIE) ?? '')\n",
      ],
      [
        '  res.cookie(CART_COOKIE, value, COOKIE_ATTRIBUTES)',
        "  const key = carts.has(readCookie(res.req, CART_COOKIE) ?? '')\n    ? (readCookie(res.req, CART_COOKIE) as string)\n    : crypto.randomUUID()\n  carts.set(key, value)\n  res.cookie(CART_COOKIE, key, COOKIE_ATTRIBUTES)",
      ],
      ['CART_COOKIE.length + encodeURIComponent(value).length > COOKIE_MAX_BYTES', 'value.length > 100_000'],
    ],
  },
  {
    id: 'new-key-for-every-cart',
    says: 'The cookie holds a new key each time, so older cookies still work, but the carts are on the server.',
    fails: 'in-the-cookie',
    file: 'cart.ts',
    change: [
      ["const CART_COOKIE = 'cart'", "const CART_COOKIE = 'cart'\nconst carts = new Map<string, string>()"],
      [
        'const cart: unknown = JSON.parse(value)',
        'const cart: unknown = JSON.parse(carts.get(value) ?? value)',
      ],
      [
        'res.cookie(CART_COOKIE, value, COOKIE_ATTRIBUTES)',
        'const key = crypto.randomUUID()\n  carts.set(key, value)\n  res.cookie(CART_COOKIE, key, COOKIE_ATTRIBUTES)',
      ],
    ],
  },
  {
    id: 'no-http-only',
    says: 'The cookies are set without HttpOnly.',
    fails: 'attributes',
    file: 'cookies.ts',
    change: [['httpOnly: true, ', '']],
  },
  {
    id: 'no-same-site',
    says: 'The cookies are set without SameSite.',
    fails: 'attributes',
    file: 'cookies.ts',
    change: [[", sameSite: 'lax'", '']],
  },
  {
    id: 'same-site-none',
    says: 'SameSite is None, so other sites can post in the visitor’s name.',
    fails: 'attributes',
    file: 'cookies.ts',
    change: [["sameSite: 'lax'", "sameSite: 'none', secure: true"]],
  },
  {
    id: 'domain-localhost',
    says: 'The cookies have a Domain, which hands them to every subdomain.',
    fails: 'attributes',
    file: 'cookies.ts',
    change: [["path: '/', ", "path: '/', domain: 'localhost', "]],
  },
  {
    id: 'attributes-lost-on-renewal',
    says: 'Only the first cookie of a visitor has the attributes; the later ones are set without them.',
    fails: 'attributes',
    file: 'cart.ts',
    change: [
      [
        'res.cookie(CART_COOKIE, value, COOKIE_ATTRIBUTES)',
        'if (readCookie(res.req, CART_COOKIE) === undefined) res.cookie(CART_COOKIE, value, COOKIE_ATTRIBUTES)\n  else res.cookie(CART_COOKIE, value)',
      ],
    ],
  },
  {
    id: 'attributes-lost-on-clearing',
    says: 'The cookie that clears the cart has none of the attributes.',
    fails: 'attributes',
    file: 'cart.ts',
    change: [['res.clearCookie(CART_COOKIE, COOKIE_ATTRIBUTES)', 'res.clearCookie(CART_COOKIE)']],
  },
  {
    id: 'preference-without-attributes',
    says: 'The cart has the attributes; the preference was thought not to need them.',
    fails: 'attributes',
    file: 'preference.ts',
    change: [
      ['{ ...COOKIE_ATTRIBUTES, maxAge: REMEMBER_SECONDS * 1000 }', '{ maxAge: REMEMBER_SECONDS * 1000 }'],
    ],
  },
  {
    id: 'cart-with-an-age',
    says: 'The maxAge of the preference went into the constant that the cart uses as well.',
    fails: 'session-cookie',
    file: 'cookies.ts',
    change: [["path: '/', ", "path: '/', maxAge: 365 * 24 * 60 * 60 * 1000, "]],
  },
  {
    id: 'decoding-throws',
    says: 'decodeURIComponent throws on a broken encoding, and nobody catches it.',
    fails: 'malformed',
    file: 'cookies.ts',
    change: [
      [
        '    try {\n      return decodeURIComponent(pair.slice(equals + 1).trim())\n    } catch {\n      return undefined\n    }\n',
        '    return decodeURIComponent(pair.slice(equals + 1).trim())\n',
      ],
    ],
  },
  {
    id: 'parsing-throws',
    says: 'JSON.parse throws on what is not JSON, and nobody catches it.',
    fails: 'malformed',
    file: 'cart.ts',
    change: [
      [
        '  try {\n    const cart: unknown = JSON.parse(value)\n    return isCart(cart) ? cart : emptyCart()\n  } catch {\n    return emptyCart()\n  }\n',
        '  const cart: unknown = JSON.parse(value)\n  return isCart(cart) ? cart : emptyCart()\n',
      ],
    ],
  },
  {
    id: 'null-is-json',
    says: 'Whatever JSON.parse returns is taken for a cart, and null is JSON.',
    fails: 'malformed',
    file: 'cart.ts',
    change: [['return isCart(cart) ? cart : emptyCart()', 'return cart as Cart']],
  },
  {
    id: 'items-not-looked-up',
    says: 'The shape is right, but nobody asks whether the shop sells the item.',
    fails: 'malformed',
    file: 'cart.ts',
    change: [['catalogue.some((item) => item.id === id) && isLine(line)', "id !== '' && isLine(line)"]],
  },
  {
    id: 'quantity-not-looked-at',
    says: 'Any quantity is taken: "many" makes the total NaN, and -2 makes the shop owe the visitor money.',
    fails: 'malformed',
    file: 'cart.ts',
    change: [['isCount(value.quantity) && value.quantity > 0 && ', '']],
  },
  {
    id: 'price-not-looked-at',
    says: 'A line without a price goes into the total, which is NaN then.',
    fails: 'malformed',
    file: 'cart.ts',
    change: [[' && isCount(value.priceCents)', '']],
  },
  {
    id: 'quantity-of-zero',
    says: 'A quantity of 0 is taken, or one of 1.5, or one that is a text: it is compared, but not looked at.',
    fails: 'malformed',
    file: 'cart.ts',
    change: [['isCount(value.quantity) && value.quantity > 0', 'Number(value.quantity) >= 0']],
  },
  {
    id: 'broken-cart-is-repaired',
    says: 'Items that the shop does not sell are taken out of the cookie’s cart, and the rest is kept.',
    fails: 'malformed',
    file: 'cart.ts',
    change: [
      [
        '    return isCart(cart) ? cart : emptyCart()',
        '    if (isRecord(cart) && isRecord(cart.lines)) {\n      for (const id of Object.keys(cart.lines)) if (!catalogue.some((item) => item.id === id)) delete cart.lines[id]\n    }\n    return isCart(cart) ? cart : emptyCart()',
      ],
    ],
  },
  {
    id: 'note-not-looked-at',
    says: 'The gift card that comes with a cookie may be anything.',
    fails: 'malformed',
    file: 'cart.ts',
    change: [[" || typeof value.note !== 'string') return false", ') return false']],
  },
  {
    id: 'price-below-zero',
    says: 'A price may be below zero, so the shop pays its customers.',
    fails: 'malformed',
    file: 'cart.ts',
    change: [['Number.isSafeInteger(value) && value >= 0', 'Number.isSafeInteger(value)']],
  },
  {
    id: 'list-is-an-object',
    says: 'A list passes for the lines, because typeof calls it an object; what is added to it is lost in JSON.',
    fails: 'malformed',
    file: 'cart.ts',
    change: [[' && !Array.isArray(value)', '']],
  },
  {
    id: 'list-for-a-doubled-name',
    says: 'The header is parsed as a query string, which gives a list for a name that comes twice.',
    fails: 'strange-headers',
    file: 'cookies.ts',
    change: [
      [
        "import type { CookieOptions, Request } from 'express'",
        "import { parse } from 'node:querystring'\nimport type { CookieOptions, Request } from 'express'",
      ],
      [
        "  for (const pair of (req.headers.cookie ?? '').split(';')) {",
        "  const found = parse(req.headers.cookie ?? '', '; ')[name] as string | undefined\n  if (found !== undefined) return found.trim()\n  for (const pair of [] as string[]) {",
      ],
    ],
  },
  {
    id: 'long-header-throws',
    says: 'A Cookie header over 8,000 characters is thought to be an attack, and answered with an error of the server.',
    fails: 'strange-headers',
    file: 'cookies.ts',
    change: [
      [
        "  for (const pair of (req.headers.cookie ?? '').split(';')) {",
        "  if ((req.headers.cookie ?? '').length > 8000) throw new Error('The Cookie header is too long.')\n  for (const pair of (req.headers.cookie ?? '').split(';')) {",
      ],
    ],
  },
  {
    id: 'note-as-html',
    says: 'The gift card goes into the page as HTML, so a visitor’s script runs there.',
    fails: 'escaped',
    file: 'pages.ts',
    change: [
      ["import { html, page } from '#kit/html.ts'", "import { Html, html, page } from '#kit/html.ts'"],
      [
        "<p>Gift card: ${cart.note === '' ? 'none' : cart.note}</p>",
        '<p>Gift card: ${new Html(cart.note)}</p>',
      ],
      ['>${cart.note}</textarea>', '></textarea>'],
    ],
  },
  {
    id: 'error-as-html',
    says: 'The student’s own error page puts the name that was asked for into the HTML.',
    fails: 'escaped',
    file: 'server.ts',
    change: [
      [
        "app.post('/cart', (req, res) => {\n",
        "app.post('/cart', (req, res) => {\n  const id = field(req, 'item')\n  if (!catalogue.some((item) => item.id === id)) return void res.status(404).send(`<p>No ${id} here.</p>`)\n",
      ],
    ],
  },
  {
    id: 'unknown-item-throws',
    says: 'The item is used without asking whether it was found, and the server answers with an error.',
    fails: 'unknown-item',
    file: 'server.ts',
    change: [
      [
        "addItem(cart, findItem(field(req, 'item')))",
        'addItem(cart, catalogue.find((item) => item.id === req.body.item)!)',
      ],
    ],
  },
  {
    id: 'unknown-item-ignored',
    says: 'An unknown item is ignored, and the visitor goes to the cart without a word.',
    fails: 'unknown-item',
    file: 'server.ts',
    change: [
      [
        "  addItem(cart, findItem(field(req, 'item')))\n",
        '  const item = catalogue.find((candidate) => candidate.id === req.body.item)\n  if (item) addItem(cart, item)\n',
      ],
    ],
  },
  {
    id: 'no-limit',
    says: 'Nobody measures the cookie, and the browser drops one that is too large without a word.',
    fails: 'size-limit',
    file: 'cart.ts',
    change: [['const COOKIE_MAX_BYTES = 4096', 'const COOKIE_MAX_BYTES = Number.POSITIVE_INFINITY']],
  },
  {
    id: 'measured-before-encoding',
    says: 'The size is measured before the value is percent-encoded, which makes it larger.',
    fails: 'size-limit',
    file: 'cart.ts',
    change: [['encodeURIComponent(value).length', 'value.length']],
  },
  {
    id: 'name-not-measured',
    says: 'Only the value is measured; the name counts as well.',
    fails: 'size-limit',
    file: 'cart.ts',
    change: [['CART_COOKIE.length + encodeURIComponent', 'encodeURIComponent']],
  },
  {
    id: 'full-cart-is-emptied',
    says: 'What does not fit is refused, but the cart is cleared with it.',
    fails: 'size-limit',
    file: 'cart.ts',
    change: [
      ['    throw new Refusal(\n      413,', '    forgetCart(res)\n    throw new Refusal(\n      413,'],
    ],
  },
  {
    id: 'full-cart-says-nothing',
    says: 'What does not fit is not sent, and nobody tells the visitor.',
    fails: 'size-limit',
    file: 'cart.ts',
    change: [
      [
        '    throw new Refusal(\n      413,\n      `That does not fit: a cart can have ${COOKIE_MAX_BYTES} bytes. It is as it was before.`,\n    )\n',
        '    return\n',
      ],
    ],
  },
  {
    id: 'full-cart-is-an-error',
    says: 'What does not fit throws an ordinary Error, and the visitor sees an error of the server.',
    fails: 'size-limit',
    file: 'cart.ts',
    change: [['throw new Refusal(\n      413,\n', 'throw new Error(\n']],
  },
  {
    id: 'format-not-read',
    says: 'The choice is saved, but the price list never looks at it.',
    fails: 'preference',
    file: 'preference.ts',
    change: [["FORMATS.find((format) => format === value) ?? 'json'", "(value && 'json') || 'json'"]],
  },
  {
    id: 'format-in-an-object',
    says: 'The format is looked up with "in", which also finds the names that every object has.',
    fails: 'preference',
    file: 'preference.ts',
    change: [
      [
        "return FORMATS.find((format) => format === value) ?? 'json'",
        "return value !== undefined && value in { json: 1, csv: 2 } ? (value as Format) : 'json'",
      ],
    ],
  },
  {
    id: 'csv-anywhere',
    says: 'The word csv is looked for in the whole Cookie header, so any cookie can choose the format.',
    fails: 'preference',
    file: 'preference.ts',
    change: [
      [
        'const value = readCookie(req, FORMAT_COOKIE)',
        "const value = req.headers.cookie?.includes('csv') ? 'csv' : readCookie(req, FORMAT_COOKIE)",
      ],
    ],
  },
  {
    id: 'any-format',
    says: 'Whatever the cookie says is taken for a format.',
    fails: 'preference',
    file: 'preference.ts',
    change: [["FORMATS.find((format) => format === value) ?? 'json'", "(value as Format) ?? 'json'"]],
  },
  {
    id: 'age-in-days',
    says: 'maxAge is given in days. Express takes it for milliseconds, and the cookie ends at once.',
    fails: 'preference',
    file: 'preference.ts',
    change: [['maxAge: REMEMBER_SECONDS * 1000', 'maxAge: 365']],
  },
  {
    id: 'age-in-seconds',
    says: 'maxAge is given in seconds. Express takes it for milliseconds, and the choice is gone the same day.',
    fails: 'persistent',
    file: 'preference.ts',
    change: [['maxAge: REMEMBER_SECONDS * 1000', 'maxAge: REMEMBER_SECONDS']],
  },
  {
    id: 'no-age',
    says: 'The preference has no age, so it goes when the browser closes.',
    fails: 'persistent',
    file: 'preference.ts',
    change: [[', maxAge: REMEMBER_SECONDS * 1000', '']],
  },
  {
    id: 'cart-kept-after-buying',
    says: 'Buying leaves the cookie as it is, and the visitor can buy the same cart again.',
    fails: 'checkout',
    file: 'server.ts',
    change: [
      [
        '  const order = await placeOrder(cart)\n  forgetCart(res)\n',
        '  const order = await placeOrder(cart)\n',
      ],
    ],
  },
  {
    id: 'cleared-on-another-path',
    says: 'The cookie is cleared with another path than it was set with, and that is another cookie.',
    fails: 'checkout',
    file: 'cart.ts',
    change: [
      [
        'res.clearCookie(CART_COOKIE, COOKIE_ATTRIBUTES)',
        "res.clearCookie(CART_COOKIE, { ...COOKIE_ATTRIBUTES, path: '/checkout' })",
      ],
    ],
  },
  {
    id: 'empty-cart-is-bought',
    says: 'Nobody asks whether there is anything to buy.',
    fails: 'checkout',
    file: 'server.ts',
    change: [
      [
        "  if (isEmpty(cart)) throw new Refusal(400, 'Your cart is empty, so there is nothing to buy.')\n",
        '',
      ],
    ],
  },
  {
    id: 'no-answer',
    says: 'The order is placed, but no answer is sent.',
    fails: 'checkout',
    file: 'server.ts',
    change: [['  res.redirect(303, `/orders/${order.id}`)\n', '']],
  },
  {
    id: 'forget-is-a-link',
    says: '"Forget me" is a GET, which any link or image on another site can cause.',
    fails: 'forget',
    file: 'server.ts',
    change: [["app.post('/forget'", "app.get('/forget'"]],
  },
  {
    id: 'forgets-only-the-cart',
    says: '"Forget me" clears the cart and leaves the preference.',
    fails: 'forget',
    file: 'server.ts',
    change: [['  forgetFormat(res)\n', '']],
  },
  {
    id: 'preference-cleared-on-another-path',
    says: 'The preference is cleared with the path of the page that uses it, and the one with Path=/ stays.',
    fails: 'forget',
    file: 'preference.ts',
    change: [
      [
        'res.clearCookie(FORMAT_COOKIE, COOKIE_ATTRIBUTES)',
        "res.clearCookie(FORMAT_COOKIE, { ...COOKIE_ATTRIBUTES, path: '/api/prices' })",
      ],
    ],
  },
]
