// Different: a class keeps the cart, and the cookie holds it compressed, as base64url.
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { type Request, type Response, Router } from 'express'
import { createApp, field, Refusal, serve } from '../../../../labs/kit/app.ts'
import { port } from '../../../../labs/kit/config.ts'
import type { Cart } from '../../../../solutions/01-cookie-sessions/cart.ts'
import { catalogue, findItem } from '../../../../solutions/01-cookie-sessions/catalogue.ts'
import { findOrder, placeOrder } from '../../../../solutions/01-cookie-sessions/orders.ts'
import { cartPage, orderPage, shopPage } from '../../../../solutions/01-cookie-sessions/pages.ts'

class CookieJar {
  readonly #pairs: string[]
  readonly #res: Response

  constructor(req: Request, res: Response) {
    this.#pairs = (req.headers.cookie ?? '').split(/; */)
    this.#res = res
  }

  get(name: string): string | undefined {
    return this.#pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
  }

  /** @param days none for a session cookie; 0 removes the cookie */
  set(name: string, value: string, days?: number): void {
    if (name.length + value.length > 4096) throw new Refusal(413, `There is no more room in "${name}".`)
    const expires = days === undefined ? undefined : new Date(Date.now() + days * 86_400_000 - 1)
    this.#res.cookie(name, value, { httpOnly: true, sameSite: 'lax', path: '/', expires })
  }
}

class Basket {
  readonly #jar: CookieJar
  #quantities = new Map<number, number>()
  #note = ''

  constructor(jar: CookieJar) {
    this.#jar = jar
    this.#open(jar.get('cart') ?? '')
  }

  get isEmpty(): boolean {
    return this.#quantities.size === 0
  }

  get contents(): Cart {
    const lines = [...this.#quantities].flatMap(([index, quantity]) => {
      const item = catalogue[index]
      return item ? [[item.id, { quantity, priceCents: item.priceCents }]] : []
    })
    return { lines: Object.fromEntries(lines), note: this.#note }
  }

  add(id: string): void {
    const index = catalogue.indexOf(findItem(id))
    this.#quantities.set(index, 1 + (this.#quantities.get(index) ?? 0))
    this.#close()
  }

  write(note: string): void {
    this.#note = note
    this.#close()
  }

  clear(): void {
    this.#jar.set('cart', '', 0)
  }

  #close(): void {
    const text = JSON.stringify([this.#note, ...this.#quantities])
    this.#jar.set('cart', deflateRawSync(text, { level: 9 }).toString('base64url'))
  }

  #open(value: string): void {
    try {
      // A small cookie can hold a very large text; none of ours does.
      const bytes = inflateRawSync(Buffer.from(value, 'base64url'), { maxOutputLength: 100_000 })
      const [note, ...quantities] = JSON.parse(bytes.toString())
      for (const [index, quantity] of quantities)
        if (!(index in catalogue) || !(Number.isSafeInteger(quantity) && quantity > 0)) return
      if (typeof note !== 'string') return
      this.#note = note
      this.#quantities = new Map(quantities)
    } catch {
      // Not ours: the basket stays empty.
    }
  }
}

const basketOf = (req: Request, res: Response) => new Basket(new CookieJar(req, res))
const formatOf = (req: Request, res: Response) =>
  new CookieJar(req, res).get('format') === 'csv' ? 'csv' : 'json'

const cart = Router()
  .get('/cart', (req, res) => void res.send(cartPage(basketOf(req, res).contents)))
  .post('/cart', (req, res) => {
    basketOf(req, res).add(field(req, 'item'))
    res.redirect(303, 'cart')
  })
  .post('/note', (req, res) => {
    basketOf(req, res).write(field(req, 'note'))
    res.redirect(303, 'cart')
  })

const till = Router()
  .post('/checkout', async (req, res) => {
    const basket = basketOf(req, res)
    if (basket.isEmpty) throw new Refusal(400, 'There is nothing to buy.')
    const { id } = await placeOrder(basket.contents)
    basket.clear()
    res.redirect(303, `/orders/${id}`)
  })
  .get('/orders/:id', async (req, res) => void res.send(orderPage(await findOrder(req.params.id))))

const settings = Router()
  .get('/', (req, res) => void res.send(shopPage(formatOf(req, res))))
  .get('/api/prices', (req, res) => {
    if (formatOf(req, res) === 'json') res.json(catalogue)
    else res.type('csv').send(catalogue.map(({ id, name }) => `${id},"${name}"`).join('\n'))
  })
  .post('/format', (req, res) => {
    const format = field(req, 'format')
    if (!['json', 'csv'].includes(format)) throw new Refusal(400, 'The list comes as json or csv.')
    new CookieJar(req, res).set('format', format, 366)
    res.redirect(303, '/')
  })
  .post('/forget', (req, res) => {
    const jar = new CookieJar(req, res)
    jar.set('cart', '', 0)
    jar.set('format', '', 0)
    res.redirect(303, '/')
  })

const app = createApp()
app.use(cart, till, settings)
serve(app, port(3001))
