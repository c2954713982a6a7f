import { describe, expect, test } from 'vitest'
import { ESCAPES, record, result } from '../testing/samples.ts'
import { parseXml } from '../testing/xml.ts'
import { junit } from './junit.ts'

const NASTY = `<b a="1">'&amp; ]]> é`
const why = { did: [], expected: NASTY, got: 'no', detail: [] }

describe('the verdict as JUnit XML', () => {
  test('has a suite for each lab, with its counts, points and seed', () => {
    const records = [
      record({ maxPoints: 2 }),
      record({ status: 'fail', why }),
      record({ status: 'blocked', why }),
      record({ status: 'error', why }),
    ]
    const document = parseXml(junit([result(records), result([record()])]))
    expect(document.name).toBe('testsuites')
    const [suite, other] = document.children
    expect(suite?.attributes).toEqual({
      name: '01-cookie-sessions',
      tests: '4',
      failures: '1',
      errors: '1',
      skipped: '1',
      time: '1.234',
    })
    expect(suite?.children[0]?.children.map((one) => one.attributes)).toEqual([
      { name: 'points', value: '2' },
      { name: 'maxPoints', value: '5' },
      { name: 'seed', value: '0badcafe' },
    ])
    const cases = suite?.children.filter((one) => one.name === 'testcase') ?? []
    expect(cases.map((one) => one.children.map((child) => child.name))).toEqual([
      [],
      ['failure'],
      ['skipped'],
      ['error'],
    ])
    expect(other?.attributes.tests).toBe('1')
  })

  test('says a check’s words to the letter, whatever characters are in them', () => {
    const document = parseXml(junit([result([record({ name: NASTY, status: 'fail', why })])]))
    const testcase = document.children[0]?.children.find((one) => one.name === 'testcase')
    expect(testcase?.attributes.name).toBe(`opens: ${NASTY}`)
    expect(testcase?.children[0]?.attributes.message).toBe(`${NASTY} no`)
  })

  test('has no characters that XML forbids', () => {
    const text = junit([result([record({ status: 'fail', why: { ...why, got: ESCAPES } })])])
    expect(text).toContain('\\x1b[2Jgone')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
    expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f]/)
  })

  test('counts advice that is not followed as no failure', () => {
    const document = parseXml(junit([result([record({ status: 'fail', maxPoints: 0, why })])]))
    expect(document.children[0]?.attributes.failures).toBe('0')
  })

  test('fails every check when the app did not start: skipped would look like a success', () => {
    const trouble = { kind: 'crash', sentence: 'It ended.', detail: [], advice: '' }
    const document = parseXml(junit([result([record({ status: 'blocked', why })], { trouble })]))
    expect(document.children[0]?.attributes).toMatchObject({ failures: '1', skipped: '0' })
  })
})
