// Different: the package "cookie" reads and writes the headers; the cart is loaded and saved by two middlewares.
import { parse, serialize } from 'cookie'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { catalogue, type Item } from '../../../../solutions/01-cookie-sessions/catalogue.ts'
import { findOrder, placeOrder } from '../../../../solutions/01-cookie-sessions/orders.ts'
import { cartPage, orderPage, shopPage } from '../../../../solutions/01-cookie-sessions/pages.ts'

const attributes = { httpOnly: true, sameSite: 'lax', path: '/' } as const

/** What the cookie holds: ids in the order in which they were added, and the text of the gift card. */
interface Saved {
  added: string[]
  note: string
}

const load: RequestHandler = (req, res, next) => {
  const cookies = parse(req.headers.cookie ?? '')
  res.locals.saved = toSaved(cookies.cart)
  res.locals.format = cookies.format === 'csv' ? 'csv' : 'json'
  next()
}

const save: RequestHandler = (_req, res) => {
  const header = serialize('cart', JSON.stringify(res.locals.saved), attributes)
  const [pair = ''] = header.split(';')
  if (pair.length - '='.length > 4096) {
    res.status(413).type('text').send('Your cart is full.')
    return
  }
  res.append('Set-Cookie', header).redirect(303, '/cart')
}

function forget(name: string): string {
  return serialize(name, '', { ...attributes, maxAge: 0 })
}

function toSaved(text: string | undefined): Saved {
  let value: Partial<Saved> | null = null
  try {
    value = JSON.parse(text ?? 'null')
  } catch {
    // Not a cart.
  }
  const added = value?.added
  const isSaved = Array.isArray(added) && added.every(itemOf) && typeof value?.note === 'string'
  return isSaved ? (value as Saved) : { added: [], note: '' }
}

function itemOf(id: unknown): Item | undefined {
  return catalogue.find((item) => item.id === id)
}

/** The cart as the shop's pages want it. */
function toCart({ added, note }: Saved) {
  const counts = new Map<string, number>()
  for (const id of added) counts.set(id, (counts.get(id) ?? 0) + 1)
  const lines = [...counts].map(([id, quantity]) => [
    id,
    { quantity, priceCents: itemOf(id)?.priceCents ?? 0 },
  ])
  return { lines: Object.fromEntries(lines), note }
}

const app = express()
app.use(express.urlencoded(), load)
app.get('/', (_req, res) => {
  res.send(shopPage(res.locals.format))
})
app.get('/cart', (_req, res) => {
  res.send(cartPage(toCart(res.locals.saved)))
})
app.post(
  '/cart',
  (req, res, next) => {
    if (!itemOf(req.body.item)) return void res.sendStatus(404)
    res.locals.saved.added.push(req.body.item)
    next()
  },
  save,
)
app.post(
  '/note',
  (req, res, next) => {
    res.locals.saved.note = String(req.body.note)
    next()
  },
  save,
)
app.post('/checkout', async (_req, res) => {
  if (res.locals.saved.added.length === 0) return void res.sendStatus(400)
  const order = await placeOrder(toCart(res.locals.saved))
  res.append('Set-Cookie', forget('cart')).redirect(303, `/orders/${order.id}`)
})
app.get('/orders/:id', async (req, res) => {
  res.send(orderPage(await findOrder(req.params.id)))
})
app.get('/api/prices', (_req, res) => {
  if (res.locals.format === 'json') res.json(catalogue)
  else res.type('csv').send(catalogue.map((item) => Object.values(item).join('\t')).join('\n'))
})
app.post('/format', (req, res) => {
  if (!['json', 'csv'].includes(req.body.format)) return void res.sendStatus(400)
  const year = 365 * 24 * 60 * 60
  res.append('Set-Cookie', serialize('format', req.body.format, { ...attributes, maxAge: year }))
  res.redirect(303, '/')
})
app.post('/forget', (_req, res) => {
  res.append('Set-Cookie', [forget('cart'), forget('format')]).redirect(303, '/')
})
const refuse: ErrorRequestHandler = (error, _req, res, _next) => {
  res
    .status(error.status ?? 500)
    .type('text')
    .send(error.message)
}
app.use(refuse)
app.listen(Number(process.env.PORT ?? 3001))
