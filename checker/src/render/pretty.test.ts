import { describe, expect, test } from 'vitest'
import type { CheckRecord } from '../check/record.ts'
import { ESCAPES, exchange, record, result } from '../testing/samples.ts'
import { pretty } from './pretty.ts'

const failed: CheckRecord = record({
  id: 'set-cookie',
  name: 'adding an item sets a cookie',
  status: 'fail',
  maxPoints: 2,
  why: {
    did: ['Ada puts a kite into the cart.'],
    expected: 'The answer should set the cookie "cart".',
    got: 'It sets no cookie.',
    mark: { line: 'Set-Cookie:', at: '', note: 'missing' },
    detail: ['Your app said: something'],
  },
  exchange: [
    exchange({
      request: { method: 'POST', path: '/cart', body: 'item=kite' },
      jarBefore: [],
      jarAfter: ['format=csv'],
    }),
  ],
  reads: {
    chapter: 'labs/01-cookie-sessions/README.md',
    step: 1,
    heading: 'Step 1: Put the cart into a cookie',
  },
})

const waits: CheckRecord = record({
  id: 'read-back',
  status: 'blocked',
  why: {
    did: [],
    expected: 'The check "set-cookie" has to pass first.',
    got: 'waits for set-cookie',
    detail: [],
  },
})

describe('the verdict in the terminal', () => {
  test('is a line for each check, with its points', () => {
    const lines = pretty([result([record(), failed, waits])]).split('\n')
    expect(lines).toContain('  ✓ 1/1  opens            the shop opens')
    expect(lines).toContain('  ✗ 0/2  set-cookie       adding an item sets a cookie')
    expect(lines).toContain('  · 1 check (1 point) waits for these: read-back')
  })

  test('has one line for all checks that wait, after those that ran', () => {
    const more = ['remove', 'clear'].map((id) => ({ ...waits, id, maxPoints: 3 }))
    const last = record({ id: 'last' })
    const lines = pretty([result([record(), failed, waits, ...more, last])]).split('\n')
    const signs = lines.filter((line) => /^ {2}[✓✗·?!] /.test(line))
    expect(signs.map((line) => line.trim().slice(0, 20))).toEqual([
      '✓ 1/1  opens        ',
      '✗ 0/2  set-cookie   ',
      '✓ 1/1  last         ',
      '· 3 checks (7 points',
    ])
    expect(signs.at(-1)).toBe('  · 3 checks (7 points) wait for these: read-back, remove, clear')
    expect(pretty([result([record(), failed])])).not.toContain('wait for')
  })

  test('says all about the first failure: what was done, what should have come, what came, where to look', () => {
    const text = pretty([result([record(), failed])])
    for (const part of [
      'Ada puts a kite into the cart.',
      'The answer should set the cookie "cart".',
      'It sets no cookie.',
      'Your app said: something',
      '│ POST /cart HTTP/1.1',
      '│ ^ missing',
      "Ada's cookies before: (none)",
      "Ada's cookies after:  format=csv",
      'curl -i -d item=kite http://localhost:3001/cart',
      'Read: Step 1: Put the cart into a cookie, in labs/01-cookie-sessions/README.md',
      'Stuck? A hint: npx lab-check 1 --hint',
    ]) {
      expect(text).toContain(part)
    }
  })

  test('says why there is no command where its cookie would be of no use', () => {
    const key = 'key=0b1f0b5e-3c9e-4a0a-9d35-8d3f0a7c1b42'
    const begin = exchange({ reply: { setCookie: [`${key}; Path=/`] } })
    const replayed = exchange({ request: { cookie: key }, jarBefore: [] })
    const text = pretty([result([{ ...failed, exchange: [begin, replayed] }])])
    expect(text).toContain('There is no curl command for this: the cookie above ended with this run.')
    expect(text).not.toContain('curl -')
  })

  test('says of later failures only their line', () => {
    const second = record({
      id: 'attributes',
      status: 'fail',
      why: { did: [], expected: 'SECOND', got: 'SECOND', detail: [] },
    })
    const text = pretty([result([failed, second])])
    expect(text).toContain('✗ 0/1  attributes')
    expect(text).not.toContain('SECOND')
  })

  test('ends with the points and the seed that repeats the run', () => {
    expect(pretty([result([record(), failed])])).toContain('1 of 3 points (seed 0badcafe, 1.23 s)')
    expect(pretty([result([record()])])).toContain('All checks pass: 1 of 1 point. (seed 0badcafe, 1.23 s)')
  })

  test('does not say that all checks pass when only some ran', () => {
    const text = pretty([result([record()], { partial: true })])
    expect(text).toContain('  The checks that ran pass: 1 of 1 point. (seed 0badcafe, 1.23 s)\n')
    expect(text).not.toContain('All checks pass')
    expect(pretty([result([record(), failed], { partial: true })])).toContain('  1 of 3 points (seed')
  })

  test('says what comes next after a full pass of the student’s own work, and only then', () => {
    expect(pretty([result([record()])])).toMatch(
      /\n\n {2}Now break it: see the end of labs\/01-cookie-sessions\/README\.md\n {2}Then look at the solution beside yours: npx lab-check diff 1\n$/,
    )
    for (const other of [
      result([record()], { partial: true }),
      result([record()], { folder: 'solutions/01-cookie-sessions' }),
      result([record()], { folder: '/elsewhere/labs/01-cookie-sessions' }),
      result([record(), failed]),
    ]) {
      expect(pretty([other])).not.toMatch(/Now break it|lab-check diff/)
    }
  })

  test('numbers the sentences of a longer story, and leaves out its middle', () => {
    const did = Array.from({ length: 9 }, (_, index) => `Step ${index + 1}.`)
    const text = pretty([
      result([record({ status: 'fail', why: { did, expected: '', got: '', detail: [] } })]),
    ])
    expect(text).toContain('1. Step 1.')
    expect(text).toContain('9. Step 9.')
    expect(text).not.toContain('Step 5.')
  })

  test('shows the hints that were asked for, and how to get the next, up to three', () => {
    const withHints = (...hint: string[]) => pretty([result([{ ...failed, hint }])])
    expect(withHints('One.')).toContain('Hint 1 of 3: One.\n      One more: npx lab-check 1 --hint')
    const all = withHints('One.', 'Two.', 'Three.')
    expect(all).toContain('Hint 3 of 3: Three.')
    expect(all).not.toContain('One more')
  })

  test('says when the app did not start, and no check', () => {
    const trouble = {
      kind: 'crash',
      sentence: 'Your app ended.',
      detail: ['TypeError: x'],
      advice: 'Look there.',
    }
    const text = pretty([result([waits], { trouble })])
    for (const part of ['✗ Your app ended.', '│ TypeError: x', 'Look there.', 'No check could run: 0 of 1']) {
      expect(text).toContain(part)
    }
    expect(text).not.toMatch(/read-back|wait for/)
    expect(text).toContain('Stuck? A hint: npx lab-check 1 --hint')
    const helped = pretty([
      result([waits], { trouble: { ...trouble, hint: ['It throws.', '1. Go there.'] } }),
    ])
    expect(helped).toContain('      It throws.\n      1. Go there.\n')
    expect(helped).not.toContain('Stuck?')
  })

  test('does not blame the student when a check itself broke', () => {
    const why = {
      did: [],
      expected: 'It should come to a verdict.',
      got: 'It broke.',
      detail: ['at check.ts'],
    }
    expect(pretty([result([record({ status: 'error', why })])])).toContain(
      'The checker could not finish. This is not your fault.',
    )
  })

  test('shows advice that is not followed as such, and still says that all checks pass', () => {
    const advice = record({
      id: 'advice',
      status: 'fail',
      maxPoints: 0,
      why: { did: [], expected: 'E', got: 'G', detail: [] },
    })
    const text = pretty([result([record(), advice])])
    expect(text.split('\n')).toContain('  ! tip  advice           the shop opens')
    expect(text).toContain('All checks pass: 1 of 1 point.')
    const followed = pretty([result([record(), { ...advice, status: 'pass', why: null }])])
    expect(followed.split('\n')).toContain('  ✓ tip  advice           the shop opens')
  })

  test('makes control characters visible wherever an app’s words stand in it', () => {
    const hostile = {
      ...failed,
      why: {
        did: [ESCAPES],
        expected: ESCAPES,
        got: ESCAPES,
        detail: [ESCAPES],
        mark: { line: 'body' as const, at: '', note: ESCAPES },
      },
      exchange: [
        exchange({ jarAfter: [`a=${ESCAPES}`], reply: { body: ESCAPES, contentType: 'text/plain' } }),
      ],
    }
    const trouble = { kind: 'crash', sentence: ESCAPES, detail: [ESCAPES], advice: ESCAPES }
    const text = pretty([
      result([hostile], { folder: `/tmp/${ESCAPES}` }),
      result([waits], { trouble, folder: ESCAPES }),
    ])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
    expect(text).toContain('\\x1b[2Jgone\\x07\\x9b1m')
  })
})
