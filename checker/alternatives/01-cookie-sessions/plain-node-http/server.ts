// Different: node:http alone, with a table of routes, pages of its own and cookies written by hand.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { catalogue, type Item, money } from '../../../../solutions/01-cookie-sessions/catalogue.ts'

/** How many of each item, and at which price; in the cookie it is `[["kite",2,1850]]`, then the note. */
interface Cart {
  lines: [id: string, quantity: number, priceCents: number][]
  note: string
}

interface Answer {
  status: number
  headers?: Record<string, string | string[]>
  body: string
}

type Route = (request: { cookies: Map<string, string>; form: URLSearchParams; path: string }) => Answer

const orders = new Map<string, Cart>()
const attributes = 'HttpOnly; SameSite=Lax; Path=/'
const itemOf = (id: string | null): Item | undefined => catalogue.find((item) => item.id === id)

const routes: Record<string, Route> = {
  'GET /': ({ cookies }) => {
    const items = catalogue.map((item) => {
      const form = `<form method=post action=/cart><button name=item value="${item.id}">Add</button></form>`
      return `<li>${escapeHtml(item.name)} ${money(item.priceCents)} ${form}`
    })
    return page('Toys', `<ul>${items.join('')}</ul><p>Prices as ${formatIn(cookies)}</p>`)
  },
  'GET /cart': ({ cookies }) => {
    const cart = cartIn(cookies)
    if (cart.lines.length === 0 && !cart.note) return page('Cart', 'Your cart is empty')
    return page('Cart', `${list(cart)}<p>Total: ${money(total(cart))}`)
  },
  'POST /cart': ({ cookies, form }) => {
    const item = itemOf(form.get('item'))
    if (!item) return page('There is no such toy', '', 404)
    const cart = cartIn(cookies)
    const line = cart.lines.find(([id]) => id === item.id)
    if (line) line[1] += 1
    else cart.lines.push([item.id, 1, item.priceCents])
    return keep(cart)
  },
  'POST /note': ({ cookies, form }) => keep({ ...cartIn(cookies), note: form.get('note') ?? '' }),
  'POST /checkout': ({ cookies }) => {
    const cart = cartIn(cookies)
    if (cart.lines.length === 0) return page('There is nothing to buy', '', 409)
    const id = randomUUID()
    orders.set(id, cart)
    return redirect(`/orders/${id}`, [`cart=; Max-Age=0; ${attributes}`])
  },
  'GET /orders/': ({ path }) => {
    const cart = orders.get(path.slice('/orders/'.length))
    if (!cart) return page('There is no such order', '', 404)
    return page('Thank you', `${list(cart)}<p>Paid: ${money(total(cart))}`)
  },
  'GET /api/prices': ({ cookies }) => {
    if (formatIn(cookies) === 'json') {
      return {
        status: 200,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(catalogue),
      }
    }
    const rows = catalogue.map((item) => `${item.id};"${item.name}";${item.priceCents}`)
    return { status: 200, headers: { 'Content-Type': 'text/csv' }, body: rows.join('\r\n') }
  },
  'POST /format': ({ form }) => {
    const format = form.get('format')
    if (format !== 'json' && format !== 'csv') return page('Choose json or csv', '', 422)
    return redirect('/', [`format=${format}; Max-Age=34000000; ${attributes}`])
  },
  'POST /forget': () =>
    redirect(
      '/',
      ['cart', 'format'].map((name) => `${name}=; Max-Age=0; ${attributes}`),
    ),
}

function keep(cart: Cart): Answer {
  const pair = `cart=${encodeURIComponent(JSON.stringify(cart))}`
  // One more than 4,096, for the "=".
  if (pair.length > 4097) return page('Your cart is full', '', 413)
  return redirect('/cart', [`${pair}; ${attributes}`])
}

function cartIn(cookies: Map<string, string>): Cart {
  const empty: Cart = { lines: [], note: '' }
  try {
    const { lines, note } = JSON.parse(decodeURIComponent(cookies.get('cart') ?? ''))
    const isLine = ([id, quantity, price]: Cart['lines'][number]) =>
      itemOf(id) && Number.isInteger(quantity) && quantity > 0 && Number.isInteger(price) && price >= 0
    const isCart = Array.isArray(lines) && lines.every(isLine) && typeof note === 'string'
    return isCart ? { lines, note } : empty
  } catch {
    return empty
  }
}

function formatIn(cookies: Map<string, string>): 'json' | 'csv' {
  return cookies.get('format') === 'csv' ? 'csv' : 'json'
}

function cookiesOf(header = ''): Map<string, string> {
  const pairs = header.split(';').map((part): [string, string] => {
    const [name = '', ...value] = part.split('=')
    return [name.trim(), value.join('=').trim()]
  })
  // A map keeps the last of a name, so the first has to come last.
  return new Map(pairs.reverse())
}

function total(cart: Cart): number {
  let sum = 0
  for (const [, quantity, price] of cart.lines) sum += quantity * price
  return sum
}

function list({ lines, note }: Cart): string {
  const rows = lines.map(([id, quantity]) => `<li>${quantity} x ${escapeHtml(itemOf(id)?.name ?? '')}`)
  return `<ul>${rows.join('')}</ul><p>Gift card: ${escapeHtml(note)}`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function page(title: string, body: string, status = 200): Answer {
  const headers = { 'Content-Type': 'text/html; charset=utf-8' }
  return { status, headers, body: `<!doctype html><title>${title}</title><h1>${title}</h1>${body}` }
}

function redirect(to: string, cookies: string[]): Answer {
  return { status: 303, headers: { Location: to, 'Set-Cookie': cookies }, body: '' }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

createServer(async (request, response) => {
  const form = new URLSearchParams(await bodyOf(request))
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  const key = `${request.method} ${pathname.replace(/^\/orders\/.*/, '/orders/')}`
  const cookies = cookiesOf(request.headers.cookie)
  const answer = routes[key]?.({ cookies, form, path: pathname }) ?? page('There is no such page', '', 404)
  response.writeHead(answer.status, answer.headers).end(answer.body)
}).listen(Number(process.env.PORT ?? 3001))
