import { describe, expect, test } from 'vitest'
import { ESCAPES } from '../testing/samples.ts'
import { count, printable, printableLine, wrap } from './words.ts'

describe('printable', () => {
  test('makes control characters visible, and leaves lines, tabs and every other character', () => {
    expect(printable(ESCAPES)).toBe('\\x1b[2Jgone\\x07\\x9b1m')
    expect(printable('a\r\0\x7fb')).toBe('a\\x0d\\x00\\x7fb')
    expect(printable('é 🪁\tx\ny \\x1b')).toBe('é 🪁\tx\ny \\x1b')
  })
})

test('printable shows marks that turn the direction of text, end a line, or are no characters', () => {
  expect(printable('a\u202eb\u2028c\uffff')).toBe('a\\u202eb\\u2028c\\uffff')
})

test('printableLine lets nobody begin a line of their own', () => {
  expect(printableLine('no\n  All checks pass')).toBe('no\\n  All checks pass')
})

describe('wrap', () => {
  test('breaks at spaces, so that no line is too wide, and indents every line', () => {
    expect(wrap('one two three four', '  ', 11)).toBe('  one two\n  three\n  four')
  })

  test('never breaks a word', () => {
    expect(wrap(`see ${'x'.repeat(30)} there`, ' ', 12)).toBe(` see\n ${'x'.repeat(30)}\n there`)
  })
})

test('count writes one of a thing, and several', () => {
  expect([count(0, 'point'), count(1, 'point'), count(2, 'point')]).toEqual([
    '0 points',
    '1 point',
    '2 points',
  ])
})
