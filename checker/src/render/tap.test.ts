import { describe, expect, test } from 'vitest'
import { ESCAPES, record, result } from '../testing/samples.ts'
import { tap } from './tap.ts'

const why = { did: [], expected: 'It "should".', got: ESCAPES, detail: [] }

describe('the verdict as TAP', () => {
  test('has a plan over the checks of all labs, then a line for each', () => {
    const lines = tap([result([record(), record({ id: 'second' })]), result([record()])]).split('\n')
    expect(lines).toEqual([
      'TAP version 14',
      '1..3',
      'ok 1 - 01-cookie-sessions opens: the shop opens',
      'ok 2 - 01-cookie-sessions second: the shop opens',
      'ok 3 - 01-cookie-sessions opens: the shop opens',
      '',
    ])
  })

  test('says why a check failed, in a YAML block without raw control characters', () => {
    expect(tap([result([record({ status: 'fail', why })])])).toContain(
      [
        'not ok 1 - 01-cookie-sessions opens: the shop opens',
        '  ---',
        '  expected: "It \\"should\\"."',
        '  got: "\\\\x1b[2Jgone\\\\x07\\\\x9b1m"',
        '  ...',
      ].join('\n'),
    )
  })

  test('escapes what TAP would read as a directive', () => {
    expect(tap([result([record({ name: 'item #1 \\ # SKIP' })])])).toContain('item \\#1 \\\\ \\# SKIP')
  })

  test('skips what waits for another check, and marks advice as a TODO', () => {
    const text = tap([
      result([record({ status: 'blocked', why }), record({ status: 'fail', maxPoints: 0, why })]),
    ])
    expect(text).toContain('not ok 1 - 01-cookie-sessions opens: the shop opens # SKIP It "should".')
    expect(text).toContain('not ok 2 - 01-cookie-sessions opens: the shop opens # TODO')
  })

  test('skips nothing when the app did not start: a reader counts what is skipped as well', () => {
    const trouble = { kind: 'crash', sentence: 'It ended.', detail: [], advice: '' }
    const text = tap([result([record({ status: 'blocked', why })], { trouble })])
    expect(text).toContain('not ok 1')
    expect(text).not.toContain('SKIP')
  })
})
