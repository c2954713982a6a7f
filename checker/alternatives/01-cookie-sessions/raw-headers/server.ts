// Different: Set-Cookie is written by hand, in small letters and another order, and holds a list in Base64.
import type { Request, Response } from 'express'
import { createApp, field, Refusal, serve } from '../../../../labs/kit/app.ts'
import { port } from '../../../../labs/kit/config.ts'
import { html, page } from '../../../../labs/kit/html.ts'
import { catalogue, findItem, money } from '../../../../solutions/01-cookie-sessions/catalogue.ts'

type Cart = [note: string, ...items: string[]]

function setCookie(res: Response, name: string, value: string, age = ''): void {
  res.append('set-cookie', `${name}=${value};samesite=strict; httponly${age}; PATH=/`)
}

/** All cookies as one map; of two with the same name the first counts. */
function cookies(req: Request): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name, value] of (req.headers.cookie ?? '').matchAll(/([^\s=;]+)=([^;]*)/g)) {
    if (name && !found.has(name)) found.set(name, value ?? '')
  }
  return found
}

function readCart(req: Request): Cart {
  try {
    const text = Buffer.from(cookies(req).get('cart') ?? '', 'base64url').toString()
    const [note, ...items] = JSON.parse(text) as unknown[]
    const isCart = typeof note === 'string' && items.every((id) => catalogue.some((item) => item.id === id))
    return isCart ? [note, ...(items as string[])] : ['']
  } catch {
    return ['']
  }
}

function writeCart(res: Response, cart: Cart): void {
  const value = Buffer.from(JSON.stringify(cart)).toString('base64url')
  if (`cart${value}`.length > 4096) throw new Refusal(422, 'That is more than we can carry.')
  setCookie(res, 'cart', value)
}

/** What stands between "2 x Kite" and the sum is the same on the cart and on the order. */
function receipt([note, ...ids]: Cart) {
  const kinds = [...new Set(ids)].map((id) => {
    const item = findItem(id)
    const quantity = ids.filter((other) => other === id).length
    return { item, quantity, cents: quantity * item.priceCents }
  })
  const cents = kinds.reduce((sum, kind) => sum + kind.cents, 0)
  const rows = kinds.map(({ item, quantity }) => html`<p><b>${quantity}</b> x <i>${item.name}</i></p>`)
  return { cents, body: html`${rows}<pre>${note}</pre>` }
}

const orders = new Map<string, { cents: number; body: ReturnType<typeof html> }>()
const app = createApp()

app.get('/', (_req, res) => {
  res.send(page('Toys', html`<ol>${catalogue.map((item) => html`<li>${item.name}</li>`)}</ol>`))
})

app.get('/cart', (req, res) => {
  const cart = readCart(req)
  const { cents, body } = receipt(cart)
  const isEmpty = cart.join('') === ''
  res.send(
    page('Cart', isEmpty ? html`Your cart is empty` : html`${body}<p>Total: <b>${money(cents)}</b></p>`),
  )
})

app.post('/cart', (req, res) => {
  const cart = readCart(req)
  cart.push(findItem(field(req, 'item')).id)
  writeCart(res, cart)
  res.redirect(303, '/cart')
})

app.post('/note', (req, res) => {
  const cart = readCart(req)
  cart[0] = field(req, 'note')
  writeCart(res, cart)
  res.redirect(303, '/cart?saved=note')
})

app.post('/checkout', (req, res) => {
  const cart = readCart(req)
  if (cart.length === 1) throw new Refusal(409, 'You have nothing to buy.')
  const id = `${orders.size + 1}-${Date.now()}`
  orders.set(id, receipt(cart))
  setCookie(res, 'cart', 'none', '; max-age=-1')
  res.redirect(303, `http://${req.headers.host}/orders/${id}`)
})

app.get('/orders/:id', (req, res) => {
  const order = orders.get(req.params.id)
  if (!order) throw new Refusal(410, 'This order is not in the book.')
  res.send(page('Order', html`${order.body}<p>Paid: ${money(order.cents)}</p>`))
})

const priceLists: Record<'json' | 'csv', (res: Response) => void> = {
  json: (res) => void res.json(catalogue),
  csv: (res) =>
    void res.type('csv').send(catalogue.map((item) => `${item.id},${item.priceCents}`).join('\n')),
}

app.get('/api/prices', (req, res) => {
  priceLists[cookies(req).get('format') === 'csv' ? 'csv' : 'json'](res)
})

app.post('/format', (req, res) => {
  const format = field(req, 'format')
  if (!Object.hasOwn(priceLists, format)) throw new Refusal(400, 'We have json and csv.')
  const end = new Date(Date.now() + 400 * 24 * 60 * 60 * 1000)
  setCookie(res, 'format', format, `; expires=${end.toUTCString()}`)
  res.redirect(303, '/')
})

app.post('/forget', (req, res) => {
  for (const name of cookies(req).keys())
    if (name === 'cart' || name === 'format')
      setCookie(res, name, '', `; expires=${new Date(0).toUTCString()}`)
  res.redirect(303, '/')
})

serve(app, port(3001))
