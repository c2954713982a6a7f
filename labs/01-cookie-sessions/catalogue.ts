// What the shop sells. Given: nothing to do here.
import { Refusal } from '#kit/app.ts'

export interface Item {
  id: string
  name: string
  /** In cents, so that sums stay exact. */
  priceCents: number
}

export const catalogue: Item[] = [
  { id: 'marbles', name: 'Bag of marbles', priceCents: 450 },
  { id: 'kite', name: 'Kite', priceCents: 1850 },
  { id: 'yo-yo', name: 'Yo-yo', priceCents: 700 },
  { id: 'train', name: 'Wooden train', priceCents: 3900 },
  { id: 'constructor', name: 'Constructor set', priceCents: 5400 },
  { id: 'puzzle', name: 'Puzzle, 500 pieces', priceCents: 1295 },
  { id: 'drum', name: 'Tin drum', priceCents: 2175 },
]

/**
 * The item with this id.
 * @throws Refusal 404 when the shop has no such item
 */
export function findItem(id: string): Item {
  const item = catalogue.find((candidate) => candidate.id === id)
  if (item) return item
  throw new Refusal(404, `The shop has no item "${id}".`)
}

/** 450 is shown as $4.50. */
export function money(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`
}
