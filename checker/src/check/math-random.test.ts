import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { areFromMathRandom } from './math-random.ts'

/** The most copied uuid of the web. */
function copiedUuid(): string {
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (c) => {
    const r = (Math.random() * 16) | 0
    return (c === 'x' ? r : (r & 3) | 8).toString(16)
  })
}

test('two uuids from Math.random are told, wherever in its block of 64 numbers they begin', () => {
  for (let pair = 0; pair < 20; pair++) {
    expect(areFromMathRandom(copiedUuid(), copiedUuid())).toBe(true)
    Math.random()
  }
})

test('uuids from randomUUID are not taken for such', () => {
  for (let pair = 0; pair < 20; pair++) expect(areFromMathRandom(randomUUID(), randomUUID())).toBe(false)
})

test('uuids from Math.random with others between them are not told', () => {
  const first = copiedUuid()
  for (let number = 0; number < 5; number++) Math.random()
  expect(areFromMathRandom(first, copiedUuid())).toBe(false)
})
