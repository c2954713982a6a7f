// The cart, which lives in the visitor's browser: a cookie holds all of it.
import type { Request, Response } from 'express'
import { Refusal } from '#kit/app.ts'
import { catalogue, type Item } from './catalogue.ts'
import { COOKIE_ATTRIBUTES, readCookie } from './cookies.ts'

export interface Line {
  quantity: number
  /** The price when the item was put in: the shop keeps its word. */
  priceCents: number
}

export interface Cart {
  /** One line for each item, under the item's id. */
  lines: Record<string, Line>
  /** The text for the gift card. */
  note: string
}

const CART_COOKIE = 'cart'

function emptyCart(): Cart {
  return { lines: {}, note: '' }
}

/** The cart that came with the request. Empty when there is none, or when it is not one of ours. */
export function readCart(req: Request): Cart {
  // TODO(2): read the cookie and turn its text into a cart.
  // TODO(4): what is not a cart counts as an empty one.
  return emptyCart()
}

/**
 * Sends the cart to the browser, to come back with every request until the browser closes.
 * @throws Refusal 413 when the cart is larger than a cookie can be; the browser then keeps what it had
 */
export function writeCart(res: Response, cart: Cart): void {
  // TODO(1): turn the cart into text and set the cookie.
  // TODO(5): refuse what does not fit.
}

/** Puts one more of the item into the cart. */
export function addItem(cart: Cart, item: Item): void {
  // TODO(3): count an item that is there already, whatever its id is.
  cart.lines[item.id] = { quantity: 1, priceCents: item.priceCents }
}

/** What the cart costs, in cents. */
export function totalCents(cart: Cart): number {
  return Object.values(cart.lines).reduce((sum, line) => sum + line.quantity * line.priceCents, 0)
}

export function isEmpty(cart: Cart): boolean {
  return Object.keys(cart.lines).length === 0
}

/** Tells the browser to throw the cart away. */
export function forgetCart(res: Response): void {
  // TODO(7): clear the cookie.
}
