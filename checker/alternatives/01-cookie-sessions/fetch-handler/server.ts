// Different: one function from a Request of the Fetch API to a Response; the cart is a list of events, replayed at each request.
import { createServer } from 'node:http'
import { catalogue, money } from '../../../../solutions/01-cookie-sessions/catalogue.ts'

/** What happened, oldest first: `+3` puts the fourth item into the cart, any other text is the gift card. */
type Events = string[]

const ATTRIBUTES = 'Path=/; SameSite=Lax; HttpOnly'
const LONG_AGO = 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'
const orders: Events[] = []

async function handle(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const [, first = '', second = ''] = pathname.split('/')
  const cookie = request.headers.get('cookie') ?? ''
  const format = cookieCalled('format', cookie) === 'csv' ? 'csv' : 'json'
  const events = eventsIn(cookieCalled('cart', cookie))

  if (request.method === 'GET') {
    switch (first) {
      case '':
        return answer(catalogue.map(({ name, priceCents }) => `${name} for ${money(priceCents)}`))
      case 'cart':
        return answer(events.length === 0 ? ['Your cart is empty'] : replay(events, 'Total'))
      case 'orders': {
        const order = orders[Number.parseInt(second, 36)]
        return order ? answer(replay(order, 'Paid')) : answer(['There is no such order'], 404)
      }
      case 'api':
        if (format === 'json') return Response.json(catalogue)
        return new Response(catalogue.map(({ id }) => id).join('\n'), {
          headers: { 'content-type': 'text/csv' },
        })
    }
    return answer(['There is no such page'], 404)
  }

  const form = new URLSearchParams(await request.text())
  switch (first) {
    case 'cart': {
      const index = catalogue.findIndex(({ id }) => id === form.get('item'))
      return index < 0 ? answer(['There is no such toy'], 404) : append(events, `+${index}`)
    }
    case 'note': {
      const note = form.get('note')
      if (note === null) return answer(['What should be on the card?'], 400)
      return append(
        events.filter((event) => event.startsWith('+')),
        `=${note}`,
      )
    }
    case 'checkout': {
      if (!events.some((event) => event.startsWith('+'))) return answer(['There is nothing to buy'], 400)
      const number = orders.push(events) - 1
      return seeOther(`/orders/${number.toString(36)}`, [`cart=gone; ${ATTRIBUTES}; ${LONG_AGO}`])
    }
    case 'format': {
      const chosen = form.get('format') ?? ''
      if (!/^(?:json|csv)$/.test(chosen)) return answer(['There is no such format'], 400)
      const expires = new Date(Date.now() + 365 * 24 * 60 * 60 * 1000).toUTCString()
      return seeOther('/', [`format=${chosen}; ${ATTRIBUTES}; Expires=${expires}`])
    }
    case 'forget':
      return seeOther(
        '/',
        ['cart', 'format'].map((name) => `${name}=; ${ATTRIBUTES}; ${LONG_AGO}`),
      )
  }
  return answer(['That cannot be done'], 405)
}

function append(events: Events, event: string): Response {
  const value = Buffer.from(JSON.stringify([...events, event])).toString('base64')
  if (value.length + 'cart'.length > 4096) return answer(['Your cart is full'], 413)
  return seeOther('/cart', [`cart=${value}; ${ATTRIBUTES}`])
}

function replay(events: Events, sumIsCalled: string): string[] {
  const quantities = catalogue.map((_, index) => events.filter((event) => event === `+${index}`).length)
  const cents = catalogue.reduce((sum, item, index) => sum + item.priceCents * (quantities[index] ?? 0), 0)
  const lines = catalogue.map((item, index) => `${quantities[index]} x ${item.name}`)
  const notes = events.filter((event) => event.startsWith('=')).map((event) => event.slice(1))
  return [...lines.filter((line) => !line.startsWith('0 ')), ...notes, `${sumIsCalled}: ${money(cents)}`]
}

function eventsIn(value: string): Events {
  let events: unknown
  try {
    events = JSON.parse(Buffer.from(value, 'base64').toString())
  } catch {
    return []
  }
  const isEvent = (event: unknown) =>
    typeof event === 'string' &&
    (event.startsWith('=') || catalogue.some((_, index) => event === `+${index}`))
  return Array.isArray(events) && events.every(isEvent) ? events : []
}

function cookieCalled(name: string, header: string): string {
  const pair = header.split(';').find((one) => one.trimStart().startsWith(`${name}=`)) ?? ''
  return pair.slice(pair.indexOf('=') + 1)
}

function answer(paragraphs: string[], status = 200): Response {
  const escaped = paragraphs.map((text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'))
  const headers = { 'content-type': 'text/html; charset=utf-8' }
  return new Response(`<!doctype html><p>${escaped.join('<p>')}`, { status, headers })
}

function seeOther(location: string, cookies: string[]): Response {
  const headers = new Headers({ location })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}

createServer(async (incoming, outgoing) => {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const body = incoming.method === 'GET' ? undefined : Buffer.concat(chunks)
  const headers = new Headers({ cookie: incoming.headers.cookie ?? '' })
  const url = new URL(incoming.url ?? '/', 'http://localhost')
  const response = await handle(new Request(url, { method: incoming.method, headers, body }))
  outgoing.setHeaders?.(response.headers)
  outgoing.statusCode = response.status
  outgoing.setHeader('set-cookie', response.headers.getSetCookie())
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}).listen(Number(process.env.PORT ?? 3001))
