// The shop's pages. Given: nothing to do here.
import { html, page } from '#kit/html.ts'
import { type Cart, totalCents } from './cart.ts'
import { catalogue, findItem, money } from './catalogue.ts'
import type { Order } from './orders.ts'
import { FORMATS, type Format } from './preference.ts'

const nav = html`<nav><a href="/">Toys</a> <a href="/cart">Cart</a> <a href="/api/prices">Price list</a></nav>`

function button(action: string, label: string) {
  return html`<form method="post" action="${action}"><button>${label}</button></form>`
}

export function shopPage(format: Format): string {
  return page(
    'Toy shop',
    html`${nav}
<h1>Toy shop</h1>
<ul class="rows">${catalogue.map(
      (item) => html`
<li>${item.name}, ${money(item.priceCents)}
<form method="post" action="/cart"><input type="hidden" name="item" value="${item.id}"><button>Add to cart</button></form></li>`,
    )}
</ul>
<h2>Price list</h2>
<p>You get the price list as ${format}.</p>
${FORMATS.map(
  (choice) =>
    html`<form method="post" action="/format"><input type="hidden" name="format" value="${choice}"><button>Use ${choice}</button></form>`,
)}
${button('/forget', 'Forget me')}`,
  )
}

export function cartPage(cart: Cart): string {
  const lines = Object.entries(cart.lines)
  if (lines.length === 0 && cart.note === '') {
    return page('Cart', html`${nav}\n<h1>Your cart</h1>\n<p>Your cart is empty.</p>`)
  }
  return page(
    'Cart',
    html`${nav}
<h1>Your cart</h1>
${linesAndNote(cart)}
<p class="total">Total: ${money(totalCents(cart))}</p>
<form method="post" action="/note"><textarea name="note" aria-label="Text for the gift card" placeholder="Text for the gift card">${cart.note}</textarea><button>Save the gift card</button></form>
${button('/checkout', 'Buy')}`,
  )
}

export function orderPage(order: Order): string {
  return page(
    'Order',
    html`${nav}
<h1>Thank you</h1>
<p>Order ${order.id}</p>
${linesAndNote(order.cart)}
<p class="total">Paid: ${money(order.paidCents)}</p>`,
  )
}

function linesAndNote(cart: Cart) {
  return html`<ul class="rows">${Object.entries(cart.lines).map(
    ([id, line]) => html`
<li>${line.quantity} x ${findItem(id).name}, ${money(line.priceCents)} each</li>`,
  )}
</ul>
<p>Gift card: ${cart.note === '' ? 'none' : cart.note}</p>`
}
