import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Lab } from '../lab/lab.ts'
import { record } from '../testing/samples.ts'
import { makeFolder } from '../testing/workbook.ts'
import { common, failureText, goldenFaults, matches, readGolden, writeGolden } from './golden.ts'

describe('what two runs have in common', () => {
  const one = 'Set-Cookie: id=5f0c.ab-1; Path=/\nIt took 12 ms.'
  const other = 'Set-Cookie: id=77aa.cd-2; Path=/\nIt took 9 ms.'

  test('has dots where they differ, and both match it', () => {
    const golden = common(one, other)
    expect(golden).toBe('Set-Cookie: id=…; Path=/\nIt took … ms.')
    expect(matches(golden, one)).toBe(true)
    expect(matches(golden, other)).toBe(true)
  })

  test('is the text itself when they are the same', () => {
    expect(common(one, one)).toBe(one)
  })
})

describe('a golden text', () => {
  test('has dots for a date, of which two runs agree on most; but not for the one that clears a cookie', () => {
    const cleared = 'a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'
    const why = {
      did: [],
      expected: 'Expires=Sat, 21 Nov 2026 14:50:03 GMT; Path=/',
      got: cleared,
      detail: [],
    }
    expect(failureText(record({ why }))).toContain(`\nExpires=…; Path=/\n${cleared}`)
  })

  test('does not match other words, fewer, or more', () => {
    expect(matches('The id … is old.', 'The id 7 is new.')).toBe(false)
    expect(matches('The id … is old.', 'The id 7 is old. Really.')).toBe(false)
    expect(matches('a.c (1)', 'abc (1)')).toBe(false)
  })

  test('shows what was done, expected and got, and the exchange', () => {
    const text = failureText(
      record({
        id: 'flags',
        name: 'The cookie has its flags',
        status: 'fail',
        why: { did: ['Ann opened /'], expected: 'E.', got: 'G.', detail: ['D'] },
      }),
    )
    expect(text).toBe('flags: The cookie has its flags\n\nAnn opened /\n\nE.\nG.\nD')
  })

  test('is asked for by the command that writes it', () => {
    const lab = { id: '03-session-table', number: 3 } as Lab
    expect(goldenFaults(lab, undefined, 'G.').join()).toContain('npm run verify 3 -- --golden')
    expect(goldenFaults(lab, 'Old.', 'New.')).toEqual(expect.arrayContaining(['- Old.', '+ New.']))
    expect(goldenFaults(lab, 'Same.', 'Same.')).toEqual([])
  })
})

test('texts come back from a file as they were written', () => {
  const file = path.join(makeFolder(), 'golden', '03.txt')
  const texts = new Map([
    ['no-flags', 'flags: x\n\n=> one'],
    ['other', 'two'],
  ])
  writeGolden(file, texts)
  expect(readGolden(file)).toEqual(texts)
})
