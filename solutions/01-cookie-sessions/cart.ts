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

/** Name and value together; a browser drops a cookie that is larger (RFC 6265bis, section 5.7). */
const COOKIE_MAX_BYTES = 4096

function emptyCart(): Cart {
  return { lines: {}, note: '' }
}

/** The cart that came with the request. Empty when there is none, or when it is not one of ours. */
export function readCart(req: Request): Cart {
  const value = readCookie(req, CART_COOKIE)
  if (value === undefined) return emptyCart()
  try {
    const cart: unknown = JSON.parse(value)
    return isCart(cart) ? cart : emptyCart()
  } catch {
    return emptyCart()
  }
}

/**
 * Sends the cart to the browser, to come back with every request until the browser closes.
 * @throws Refusal 413 when the cart is larger than a cookie can be; the browser then keeps what it had
 */
export function writeCart(res: Response, cart: Cart): void {
  const value = JSON.stringify(cart)
  if (CART_COOKIE.length + encodeURIComponent(value).length > COOKIE_MAX_BYTES) {
    throw new Refusal(
      413,
      `That does not fit: a cart can have ${COOKIE_MAX_BYTES} bytes. It is as it was before.`,
    )
  }
  res.cookie(CART_COOKIE, value, COOKIE_ATTRIBUTES)
}

/** Puts one more of the item into the cart. */
export function addItem(cart: Cart, item: Item): void {
  // hasOwn, because {}.constructor is there before anybody has put it in.
  const line = Object.hasOwn(cart.lines, item.id) ? cart.lines[item.id] : undefined
  if (line) line.quantity += 1
  else cart.lines[item.id] = { quantity: 1, priceCents: item.priceCents }
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
  res.clearCookie(CART_COOKIE, COOKIE_ATTRIBUTES)
}

function isCart(value: unknown): value is Cart {
  if (!isRecord(value) || !isRecord(value.lines) || typeof value.note !== 'string') return false
  return Object.entries(value.lines).every(
    ([id, line]) => catalogue.some((item) => item.id === id) && isLine(line),
  )
}

function isLine(value: unknown): value is Line {
  return isRecord(value) && isCount(value.quantity) && value.quantity > 0 && isCount(value.priceCents)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
