import { describe, expect, test } from 'vitest'
import type { Finding, Property } from './finding.ts'
import { notes } from './notes.ts'
import { conformancePage, expectNotesMatch, type TableStore } from './page.ts'
import { properties } from './properties.ts'
import { realStores } from './real-stores.ts'

const yes: Finding = { holds: true }
const no: Finding = { holds: false, expected: 'It should.', got: 'It does not.', detail: [] }
const never: Finding = { holds: undefined, because: 'It has no files.' }

const property = (id: string, isExtra = false): Property => ({
  id,
  says: `it is ${id}`,
  isExtra,
  find: async () => yes,
})
const PROPERTIES = [property('quick'), property('whole'), property('polite', true)]

function store(name: string, quick: Finding, whole: Finding): TableStore {
  const findings = new Map([
    ['quick', quick],
    ['whole', whole],
    ['polite', yes],
  ])
  return { name, package: name, version: '1.2.3', findings }
}

describe('the notes on crosses', () => {
  test('are refused when one is missing, with what was found', () => {
    expect(() => expectNotesMatch([store('one', no, yes)], {})).toThrow(
      'one has not the property "quick", and there is no note: It should. It does not.',
    )
  })

  test('are refused when one is of no more use', () => {
    for (const finding of [yes, never]) {
      expect(() => expectNotesMatch([store('one', finding, yes)], { one: { quick: 'Old.' } })).toThrow(
        'There is a note why one has not the property "quick"',
      )
    }
    expect(() => expectNotesMatch([store('one', yes, yes)], { two: {} })).toThrow('not measured: two')
  })

  test('are about stores and properties that there are', () => {
    const ids = properties.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(realStores.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(notes)))
    for (const own of Object.values(notes)) expect(ids).toEqual(expect.arrayContaining(Object.keys(own)))
    for (const { lacks } of realStores) expect(ids).toEqual(expect.arrayContaining(Object.keys(lacks)))
  })
})

describe('the page', () => {
  const stores = [store('one', no, yes), store('two', yes, never)]
  const page = conformancePage(stores, PROPERTIES, { one: { quick: 'It sleeps (one/index.js).' } })

  test('has a table with a row for each property and a column for each store', () => {
    expect(page).toContain('|  | one | two |')
    expect(page).toContain('| `quick`: it is quick | **no** | yes |')
    expect(page).toContain('| `whole`: it is whole | yes | – |')
  })

  test('has another table for what express-session does not ask for', () => {
    const [, extra = ''] = page.split('## What express-session does not ask for')
    expect(extra).toContain('| `polite`: it is polite | yes | yes |')
    expect(extra).not.toContain('| `quick`')
  })

  test('says the version of each store, and the reason for each cross and empty field', () => {
    expect(page).toContain('| one | 1.2.3 |')
    expect(page).toContain('### one\n\n- `quick`: It sleeps (one/index.js).')
    expect(page).toContain('### two\n\n- `whole`: cannot be asked. It has no files.')
  })
})
