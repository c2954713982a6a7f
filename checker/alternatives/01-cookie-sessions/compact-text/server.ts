// Different: the cart is a Map and the cookie a short text, `v1~kite*2*1850~drum*1*2175~note`; SameSite=Strict.
import type { Response } from 'express'
import { createApp, field, Refusal, serve } from '../../../../labs/kit/app.ts'
import { port } from '../../../../labs/kit/config.ts'
import { html, page } from '../../../../labs/kit/html.ts'
import { catalogue, findItem, money } from '../../../../solutions/01-cookie-sessions/catalogue.ts'

interface Line {
  quantity: number
  priceCents: number
}

interface Cart {
  lines: Map<string, Line>
  note: string
}

const LINE = /^(?<id>[a-z-]+)\*(?<quantity>[1-9]\d{0,6})\*(?<priceCents>\d{1,9})$/
const orders: Cart[] = []

/** The value of a cookie, by a pattern that takes the name only at the start of a pair. */
function cookieValue(header: string | undefined, name: string): string {
  return header?.match(new RegExp(`(?:^|;)\\s*${name}=([^;]*)`))?.[1]?.trim() ?? ''
}

function unpack(header: string | undefined): Cart {
  const nothing: Cart = { lines: new Map(), note: '' }
  const [version, ...parts] = cookieValue(header, 'cart').split('~')
  if (version !== 'v1') return nothing
  const note = Buffer.from(parts.pop() ?? '', 'base64url').toString()
  const lines = new Map<string, Line>()
  for (const part of parts) {
    const { id, quantity, priceCents } = part.match(LINE)?.groups ?? {}
    if (id === undefined || !catalogue.some((item) => item.id === id)) return nothing
    lines.set(id, { quantity: Number(quantity), priceCents: Number(priceCents) })
  }
  return { lines, note }
}

function setCookie(res: Response, name: string, value: string, more = ''): void {
  res.append('Set-Cookie', `${name}=${value}; path=/; httponly; samesite=strict${more}`)
}

function pack(res: Response, { lines, note }: Cart): void {
  const parts = [...lines].map(([id, { quantity, priceCents }]) => `${id}*${quantity}*${priceCents}`)
  const value = ['v1', ...parts, Buffer.from(note).toString('base64url')].join('~')
  if (value.length > 4096 - 'cart'.length) throw new Refusal(400, 'There is no room for that in your cart.')
  setCookie(res, 'cart', value)
}

function show({ lines, note }: Cart, sumIsCalled: string) {
  const sum = [...lines.values()].reduce((cents, line) => cents + line.priceCents * line.quantity, 0)
  return html`<table>${[...lines].map(
    ([id, { quantity, priceCents }]) =>
      html`<tr><td>${quantity} x ${findItem(id).name}</td><td>${money(priceCents * quantity)}</td></tr>`,
  )}</table><blockquote>${note}</blockquote><p>${sumIsCalled}: ${money(sum)}</p>`
}

const app = createApp()

app.get('/', (_req, res) => {
  res.send(
    page(
      'Toys',
      html`${catalogue.map(({ name, priceCents }) => html`<p>${name}: ${money(priceCents)}</p>`)}`,
    ),
  )
})

app
  .route('/cart')
  .get((req, res) => {
    const cart = unpack(req.headers.cookie)
    res.send(
      page('Cart', cart.lines.size || cart.note ? show(cart, 'Total') : html`<p>Your cart is empty</p>`),
    )
  })
  .post((req, res) => {
    const { id, priceCents } = findItem(field(req, 'item'))
    const cart = unpack(req.headers.cookie)
    const line = cart.lines.get(id) ?? { quantity: 0, priceCents }
    cart.lines.set(id, { ...line, quantity: line.quantity + 1 })
    pack(res, cart)
    res.redirect(303, '/cart')
  })

app.post('/note', (req, res) => {
  const cart = unpack(req.headers.cookie)
  pack(res, { ...cart, note: field(req, 'note') })
  res.redirect(303, '/cart')
})

app.post('/checkout', (req, res) => {
  const cart = unpack(req.headers.cookie)
  if (cart.lines.size === 0) throw new Refusal(409, 'There is nothing in your cart.')
  const number = orders.push(cart)
  setCookie(res, 'cart', '', '; max-age=0')
  res.redirect(303, `/orders/${number}`)
})

app.get('/orders/:number', (req, res) => {
  const order = orders[Number(req.params.number) - 1]
  if (!order) throw new Refusal(404, 'There is no such order.')
  res.send(page('Order', show(order, 'Paid')))
})

app.get('/api/prices', (req, res) => {
  if (cookieValue(req.headers.cookie, 'format') !== 'csv') return void res.json(catalogue)
  const rows = catalogue.map(({ id, priceCents }) => `${id},${priceCents}`)
  res.type('text/csv').send(rows.join('\n'))
})

app.post('/format', (req, res) => {
  const format = field(req, 'format')
  if (!/^(json|csv)$/.test(format)) throw new Refusal(400, 'json or csv?')
  // 400 days, the longest that browsers allow.
  setCookie(res, 'format', format, `; max-age=${400 * 86_400}`)
  res.redirect(303, '/')
})

app.post('/forget', (_req, res) => {
  for (const name of ['cart', 'format']) setCookie(res, name, '', '; max-age=0')
  res.redirect(303, '/')
})

serve(app, port(3001))
