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

/** A uuid from bytes, as with randomBytes, but from Math.random. */
function uuidFromBytes(): string {
  const bytes = Buffer.from(Array.from({ length: 16 }, () => Math.floor(Math.random() * 256)))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

test('so are those whose bytes come from Math.random', () => {
  for (let pair = 0; pair < 20; pair++) {
    expect(areFromMathRandom(uuidFromBytes(), uuidFromBytes())).toBe(true)
    Math.random()
  }
})

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
