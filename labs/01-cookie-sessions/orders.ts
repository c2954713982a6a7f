// The shop's order book, a file on the server. Given: nothing to do here.
import { randomUUID } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import path from 'node:path'
import { Refusal } from '#kit/app.ts'
import { dataDir } from '#kit/config.ts'
import { type Cart, totalCents } from './cart.ts'

export interface Order {
  id: string
  cart: Cart
  paidCents: number
}

const book = path.join(dataDir(), 'orders.jsonl')

/** Writes the cart into the order book, one line of JSON per order, and charges its total. */
export async function placeOrder(cart: Cart): Promise<Order> {
  const order: Order = { id: randomUUID(), cart, paidCents: totalCents(cart) }
  await appendFile(book, `${JSON.stringify(order)}\n`)
  return order
}

/**
 * The order with this id.
 * @throws Refusal 404 when the book has no such order
 */
export async function findOrder(id: string): Promise<Order> {
  const lines = (await readFile(book, 'utf8').catch(() => '')).split('\n').filter(Boolean)
  const order = lines.map((line): Order => JSON.parse(line)).find((candidate) => candidate.id === id)
  if (order) return order
  throw new Refusal(404, `There is no order "${id}".`)
}
