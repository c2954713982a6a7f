// Different: the cookie holds the cart as a query string, with "=" and "&" as they are: item=kite&item=kite&note=Hello.
import type { CookieOptions, Request, Response } from 'express'
import { createApp, field, Refusal, serve } from '../../../../labs/kit/app.ts'
import { port } from '../../../../labs/kit/config.ts'
import { html, page } from '../../../../labs/kit/html.ts'
import { catalogue, findItem, money } from '../../../../solutions/01-cookie-sessions/catalogue.ts'

const attributes: CookieOptions = { path: '/', httpOnly: true, sameSite: 'strict', encode: String }

/** All cookies as one map; of two with the same name the first counts. */
function cookies(req: Request): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name, value] of (req.headers.cookie ?? '').matchAll(/([^\s=;]+)=([^;]*)/g)) {
    if (name && !found.has(name)) found.set(name, value ?? '')
  }
  return found
}

function readCart(req: Request): URLSearchParams {
  const cart = new URLSearchParams(cookies(req).get('cart'))
  const strange = [...cart].some(
    ([key, value]) => key !== 'note' && !(key === 'item' && catalogue.some(({ id }) => id === value)),
  )
  return strange ? new URLSearchParams() : cart
}

function writeCart(res: Response, cart: URLSearchParams): void {
  const value = cart.toString()
  if (Buffer.byteLength(`cart${value}`) > 4096) throw new Refusal(413, 'That is more than we can carry.')
  res.cookie('cart', value, attributes)
}

/** What stands between "2 x Kite" and the sum is the same on the cart and on the order. */
function receipt(cart: URLSearchParams) {
  const ids = cart.getAll('item')
  const kinds = [...new Set(ids)].map((id) => {
    const item = findItem(id)
    const quantity = ids.filter((other) => other === id).length
    return { item, quantity, cents: quantity * item.priceCents }
  })
  const cents = kinds.reduce((sum, kind) => sum + kind.cents, 0)
  const rows = kinds.map(({ item, quantity }) => html`<p><b>${quantity}</b> x <i>${item.name}</i></p>`)
  return { cents, body: html`${rows}<pre>${cart.get('note')}</pre>` }
}

const orders = new Map<string, { cents: number; body: ReturnType<typeof html> }>()
const app = createApp()

app.get('/', (_req, res) => {
  res.send(page('Toys', html`<ol>${catalogue.map((item) => html`<li>${item.name}</li>`)}</ol>`))
})

app.get('/cart', (req, res) => {
  const cart = readCart(req)
  const { cents, body } = receipt(cart)
  const isEmpty = cart.toString() === ''
  res.send(
    page('Cart', isEmpty ? html`Your cart is empty` : html`${body}<p>Total: <b>${money(cents)}</b></p>`),
  )
})

app.post('/cart', (req, res) => {
  const cart = readCart(req)
  cart.append('item', findItem(field(req, 'item')).id)
  writeCart(res, cart)
  res.redirect(303, '/cart')
})

app.post('/note', (req, res) => {
  const cart = readCart(req)
  cart.set('note', field(req, 'note'))
  writeCart(res, cart)
  res.redirect(303, '/cart?saved=note')
})

app.post('/checkout', (req, res) => {
  const cart = readCart(req)
  if (!cart.has('item')) throw new Refusal(400, 'You have nothing to buy.')
  const id = `${orders.size + 1}-${Date.now()}`
  orders.set(id, receipt(cart))
  res.clearCookie('cart', attributes)
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
  res.cookie('format', format, { ...attributes, maxAge: 366 * 24 * 60 * 60 * 1000 })
  res.redirect(303, '/')
})

app.post('/forget', (req, res) => {
  for (const name of cookies(req).keys())
    if (name === 'cart' || name === 'format') res.clearCookie(name, attributes)
  res.redirect(303, '/')
})

serve(app, port(3001))
