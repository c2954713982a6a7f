import { expect, test } from 'vitest'
import { type Term, TermLinks } from './glossary.ts'

const terms: Term[] = [
  { anchor: 'session', names: [{ text: 'Session', exact: false }] },
  {
    anchor: 'fixation',
    names: [
      { text: 'Fixation', exact: false },
      { text: 'session fixation', exact: false },
    ],
  },
  { anchor: 'secure', names: [{ text: 'Secure', exact: true }] },
]
const links = () => new TermLinks(terms, (anchor) => `#${anchor}`)

test('the first use of a term is a link, and no other', () => {
  expect(links().inText('Two sessions, one session.')).toBe(
    'Two <a class="term" href="#session">sessions</a>, one session.',
  )
})

test('a longer term comes before one that is a part of it', () => {
  const one = links()
  expect(one.inText('session fixation')).toBe('<a class="term" href="#fixation">session fixation</a>')
  expect(one.inText('fixation')).toBe('fixation')
})

test('a term that is written as code is meant in its own spelling', () => {
  const one = links()
  expect(one.inText('a secure house & more')).toBe('a secure house &amp; more')
  expect(one.inCode('Secure', '<code>Secure</code>')).toBe(
    '<a class="term" href="#secure"><code>Secure</code></a>',
  )
})

test('a part of a word is none', () => {
  expect(links().inText('express-session, obsession')).toBe('express-session, obsession')
})
