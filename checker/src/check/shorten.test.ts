import { expect, test } from 'vitest'
import { shorten } from './shorten.ts'

test('a text that is short enough stays as it is', () => {
  expect(shorten('x'.repeat(60))).toBe('x'.repeat(60))
})

test('a longer text is cut, and says how long it was', () => {
  expect(shorten('x'.repeat(61))).toBe(`${'x'.repeat(60)}… (61 characters)`)
  expect(shorten('abcdef', 3)).toBe('abc… (6 characters)')
})
