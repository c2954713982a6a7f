// The routes of the shop. Given: read it, there is nothing to do here.
import { createApp, field, Refusal, serve } from '#kit/app.ts'
import { port } from '#kit/config.ts'
import { addItem, forgetCart, isEmpty, readCart, writeCart } from './cart.ts'
import { catalogue, findItem } from './catalogue.ts'
import { findOrder, placeOrder } from './orders.ts'
import { cartPage, orderPage, shopPage } from './pages.ts'
import { FORMATS, type Format, forgetFormat, readFormat, writeFormat } from './preference.ts'

const app = createApp()

app.get('/', (req, res) => {
  res.send(shopPage(readFormat(req)))
})

app.get('/cart', (req, res) => {
  res.send(cartPage(readCart(req)))
})

app.post('/cart', (req, res) => {
  const cart = readCart(req)
  addItem(cart, findItem(field(req, 'item')))
  writeCart(res, cart)
  res.redirect(303, '/cart')
})

app.post('/note', (req, res) => {
  const cart = readCart(req)
  cart.note = field(req, 'note')
  writeCart(res, cart)
  res.redirect(303, '/cart')
})

app.post('/checkout', async (req, res) => {
  const cart = readCart(req)
  if (isEmpty(cart)) throw new Refusal(400, 'Your cart is empty, so there is nothing to buy.')
  const order = await placeOrder(cart)
  forgetCart(res)
  res.redirect(303, `/orders/${order.id}`)
})

app.get('/orders/:id', async (req, res) => {
  res.send(orderPage(await findOrder(req.params.id)))
})

app.get('/api/prices', (req, res) => {
  if (readFormat(req) === 'json') {
    res.json(catalogue)
    return
  }
  const rows = catalogue.map((item) => `${item.id},"${item.name}",${item.priceCents}\n`)
  res.type('text/csv').send(`id,name,priceCents\n${rows.join('')}`)
})

app.post('/format', (req, res) => {
  const format = FORMATS.find((candidate): candidate is Format => candidate === field(req, 'format'))
  if (!format) throw new Refusal(400, `The price list comes as ${FORMATS.join(' or ')}.`)
  writeFormat(res, format)
  res.redirect(303, '/')
})

app.post('/forget', (_req, res) => {
  forgetCart(res)
  forgetFormat(res)
  res.redirect(303, '/')
})

serve(app, port(3001))
