import { describe, expect, test } from 'vitest'
import type { Mark } from '../check/record.ts'
import { ESCAPES, exchange } from '../testing/samples.ts'
import { wireText } from './wire-text.ts'

type Given = Parameters<typeof exchange>[0]

const shown = (given: Given, mark?: Mark) => wireText(exchange(given), mark)

/** The piece of text that stands above the caret, from there to the next semicolon, quote or end. */
function aboveCaret(given: Given, mark: Mark): string {
  const lines = shown(given, mark)
  const index = lines.findIndex((line) => line.includes('^'))
  const column = lines[index]?.indexOf('^') ?? -1
  expect(lines[index]).toContain(mark.note)
  return /^[^;"]*/.exec((lines[index - 1] ?? '').slice(column))?.[0] ?? ''
}

const setCookie = (at: string, header?: string): Mark => ({ line: 'Set-Cookie:', header, at, note: 'wrong' })

describe('an exchange as text', () => {
  test('is the request, an empty line, and the reply, with the headers that matter', () => {
    expect(
      shown({
        request: {
          method: 'POST',
          path: '/cart',
          cookie: 'a=1; b=2',
          headers: { 'X-Proxy': 'yes' },
          body: 'item=kite',
        },
        reply: { status: 303, location: '/cart', setCookie: ['cart=kite; Path=/'], body: 'See Other' },
      }),
    ).toEqual([
      'POST /cart HTTP/1.1',
      'X-Proxy: yes',
      'Cookie: a=1; b=2',
      '',
      'item=kite',
      '',
      'HTTP/1.1 303 See Other',
      'Location: /cart',
      'Set-Cookie: cart=kite; Path=/',
    ])
  })

  test('says when there was no answer', () => {
    expect(shown({ reply: null }).at(-1)).toBe('(no answer)')
  })

  test('cuts long values in the middle, so that two of them can still be told apart', () => {
    const [, cookie] = shown({ request: { cookie: `id=${'a'.repeat(300)}${'b'.repeat(300)}; x=1` } })
    expect(cookie).toMatch(/^Cookie: id=a+…b+; x=1$/)
    expect(cookie?.length).toBeLessThan(60)
  })

  test('says how many cookies there were when they are too many to show', () => {
    const many = Array.from({ length: 40 }, (_, index) => `c${index}=1`).join('; ')
    expect(shown({ request: { cookie: many } })[1]).toMatch(/^Cookie: c0=1; .*c7=1; … \(40 cookies\)$/)
  })

  test('has control characters made visible, wherever they come from', () => {
    const text = shown(
      {
        request: { path: `/${ESCAPES}`, cookie: `a=${ESCAPES}`, body: ESCAPES },
        reply: { location: ESCAPES, setCookie: [`a=${ESCAPES}`], statusText: ESCAPES, body: ESCAPES },
      },
      { line: 'body', at: 'gone', note: ESCAPES },
    ).join('\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
    expect(text.match(/\\x1b\[2Jgone\\x07\\x9b1m/g)?.length).toBeGreaterThanOrEqual(6)
  })
})

describe('the caret', () => {
  test('stands under the status', () => {
    const mark: Mark = { line: 'status', at: '404', note: 'should be 200' }
    expect(aboveCaret({ reply: { status: 404 } }, mark)).toBe('404 Not Found')
  })

  test('stands under the attribute that is wrong', () => {
    const given = { reply: { setCookie: ['cart=kite; Path=/cart; HttpOnly'] } }
    expect(aboveCaret(given, setCookie('Path=/cart'))).toBe('Path=/cart')
  })

  test('stands under the attribute also when the value before it is shortened', () => {
    const given = { reply: { setCookie: [`cart=${'x'.repeat(2000)}; Path=/cart; HttpOnly`] } }
    expect(aboveCaret(given, setCookie('Path=/cart'))).toBe('Path=/cart')
  })

  test('stands under a value that is itself shortened', () => {
    const path = `Path=/${'deep'.repeat(30)}`
    const above = aboveCaret({ reply: { setCookie: [`a=1; ${path}`] } }, setCookie(path))
    expect(above).toMatch(/^Path=\/deep.*…/)
  })

  test('stands under the attribute also behind control characters', () => {
    const given = { reply: { setCookie: ['cart=\x1b[2J; Path=/cart'] } }
    expect(aboveCaret(given, setCookie('Path=/cart'))).toBe('Path=/cart')
  })

  test('stands in the line of the cookie that is meant, not of the last one', () => {
    const headers = ['cart=1; Path=/a', 'format=csv; Path=/b']
    const lines = shown({ reply: { setCookie: headers } }, setCookie('Path=/a', headers[0]))
    expect(lines.indexOf('Set-Cookie: cart=1; Path=/a') + 1).toBe(
      lines.findIndex((line) => line.endsWith('^ wrong')),
    )
  })

  test('is never taken in by the name of the header', () => {
    const given = { reply: { setCookie: ['Cookie=1; Path=/'] } }
    const lines = shown(given, setCookie('Cookie'))
    expect(lines.at(-1)?.indexOf('^')).toBe('Set-Cookie: '.length)
  })

  test('stands behind the line when something is missing from it', () => {
    const header = 'cart=kite; Path=/'
    const lines = shown({ reply: { setCookie: [header] } }, setCookie('', header))
    expect(lines.at(-1)).toBe(`${' '.repeat(`Set-Cookie: ${header}`.length + 1)}^ wrong`)
  })

  test('stands where the line would be when all of it is missing', () => {
    expect(shown({}, setCookie('')).slice(-2)).toEqual(['HTTP/1.1 200 OK', '^ wrong'])
  })

  test('keeps its note inside the terminal, if need be before the caret', () => {
    const header = `cart=1; Path=/; Domain=${'d'.repeat(30)}.example; SameSite=None`
    const mark = { ...setCookie('SameSite=None', header), note: 'should be Lax or Strict' }
    const line = shown({ reply: { setCookie: [header] } }, mark).at(-1)
    expect(line).toMatch(/^ +should be Lax or Strict \^$/)
    expect(aboveCaret({ reply: { setCookie: [header] } }, mark)).toBe('SameSite=None')
  })
})

describe('the body', () => {
  const inBody = (at: string): Mark => ({ line: 'body', at, note: 'here' })

  test('is left out when it is not what the check is about', () => {
    expect(shown({ reply: { body: '<p>text</p>' } }).join()).not.toContain('text')
  })

  test('is shown from the marked text on, with a caret under it', () => {
    const body = `<html>\n<p>${'before '.repeat(30)}"secret" ${'after '.repeat(30)}</p>\n</html>`
    expect(aboveCaret({ reply: { body } }, inBody('secret'))).toBe('secret')
  })

  test('is cut between words and between tags, never inside of them', () => {
    const row = (n: number) => `<li class="row">Something liked number ${n}</li>`
    const body = `<ul>${[1, 2, 3, 4, 5, 6].map(row).join('')}</ul>`
    expect(shown({ reply: { body } }, inBody('number 4')).slice(-2)).toEqual([
      '…liked number 3 Something liked number 4 Something liked number 5 Something liked…',
      `${' '.repeat(32)}^ here`,
    ])
    // What a person does not see is shown as it is sent.
    const [raw = '', caret = ''] = shown({ reply: { body } }, inBody('Something liked number 4</li>')).slice(
      -2,
    )
    expect(raw).toBe('…liked number 3</li><li class="row">Something liked number 4</li><li class="row">…')
    expect(caret.indexOf('^')).toBe(raw.indexOf('Something liked number 4'))
  })

  test('is cut all the same where there is no gap', () => {
    const [long = ''] = shown(
      { reply: { body: `${'x'.repeat(500)}secret${'y'.repeat(500)}` } },
      inBody('secret'),
    ).slice(-2)
    expect(long).toMatch(/^…secrety+…$/)
    expect(long.length).toBeLessThan(90)
  })

  test('is shown as a person sees it where the marked text is not in it as it stands', () => {
    const body = '<p>Salt &amp; pepper</p>'
    expect(shown({ reply: { body } }, inBody('& pepper')).slice(-2)).toEqual(['Salt & pepper', '     ^ here'])
  })

  test('is cut, and the note follows, when nothing in it is marked', () => {
    const body = `<p>${'word '.repeat(1000)}</p>`
    const lines = shown({ reply: { body } }, inBody(''))
    expect(lines.slice(-2)).toEqual(['…', '^ here'])
    expect(lines.length).toBeLessThan(15)
  })

  test('says that it is empty', () => {
    expect(shown({}, inBody('')).slice(-2)).toEqual(['(an empty body)', '^ here'])
  })

  test('never loses the note, wherever the marked text has gone', () => {
    const body = `<p>${'word '.repeat(1000)}</p>`
    expect(shown({ reply: { body } }, inBody('not in here')).at(-1)).toBe('^ here')
  })

  test('in JSON has its long texts cut, such as tokens, so that the other fields are seen', () => {
    const token = 'lpdxasBP-2cGbfuWaauWmQZq-vvbAmakQhDSAt69iMk'
    const given: Given = {
      request: { method: 'POST', body: JSON.stringify({ token, reflection: 2, text: 'So.', last: 8 }) },
      reply: { body: JSON.stringify({ token, outcome: 'closed' }), contentType: 'application/json' },
    }
    const lines = shown(given, { line: 'body', at: '"outcome":"closed"', note: 'should be "success"' })
    expect(lines).toContain('{"token":"lpdxasBP-2c…SAt69iMk","reflection":2,"text":"So.","last":8}')
    expect(lines.slice(-2)).toEqual([
      '{"token":"lpdxasBP-2c…SAt69iMk","outcome":"closed"}',
      '                                ^ should be "success"',
    ])
  })
})
