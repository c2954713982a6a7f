import { describe, expect, test } from 'vitest'
import { Jar, parseSetCookie } from './jar.ts'

const PAST = 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'

function jarWith(...headers: string[]): Jar {
  const jar = new Jar()
  jar.receive(headers, '/')
  return jar
}

describe('a visitor’s cookie jar', () => {
  test('sends back what was set, HttpOnly or not', () => {
    const jar = jarWith('cart=kite; Path=/; HttpOnly; SameSite=Lax', 'colour=blue; Path=/')
    expect(jar.headerFor('/cart')).toBe('cart=kite; colour=blue')
  })

  test('sends no Cookie header when it is empty', () => {
    expect(new Jar().headerFor('/')).toBeNull()
  })

  test('keeps the value as it was sent, percent signs, quotes and equals signs included', () => {
    const jar = jarWith('cart=%7B%22a%22%3A1%7D; Path=/', 'pad=YQ==; Path=/', 'quoted="x y"; Path=/')
    expect(jar.headerFor('/')).toBe('cart=%7B%22a%22%3A1%7D; pad=YQ==; quoted="x y"')
  })

  test('sends a cookie only to its path and below', () => {
    const jar = jarWith('deep=1; Path=/admin', 'wide=2; Path=/')
    expect(jar.headerFor('/admin/users')).toBe('deep=1; wide=2')
    expect(jar.headerFor('/administrator')).toBe('wide=2')
    expect(jar.headerFor('/')).toBe('wide=2')
  })

  test('without a Path, takes the folder of the page that set the cookie', () => {
    const jar = new Jar()
    jar.receive(['draft=1'], '/notes/new')
    expect(jar.headerFor('/notes/old')).toBe('draft=1')
    expect(jar.headerFor('/')).toBeNull()
  })

  test('lists a cookie whatever its path', () => {
    const jar = jarWith('deep=1; Path=/admin')
    expect(jar.list()).toEqual(['deep=1'])
    expect(jar.get('deep')).toBe('1')
  })

  test('replaces a cookie of the same name and path', () => {
    const jar = jarWith('cart=kite; Path=/', 'cart=drum; Path=/')
    expect(jar.list()).toEqual(['cart=drum'])
  })

  test.each([
    ['an Expires in the past', `cart=; Path=/; ${PAST}`],
    ['Max-Age=0', 'cart=; Path=/; Max-Age=0'],
    ['Max-Age=0 and a value that is left', 'cart=deleted; Path=/; Max-Age=0'],
  ])('drops a cookie that is set again with %s', (_what, header) => {
    const jar = jarWith('cart=kite; Path=/')
    jar.receive([header], '/')
    expect(jar.get('cart')).toBeUndefined()
    expect(jar.list()).toEqual([])
    expect(jar.headerFor('/')).toBeNull()
  })

  test('keeps a cookie that is set to nothing, but not ended', () => {
    const jar = jarWith('cart=kite; Path=/')
    jar.receive(['cart=; Path=/'], '/')
    expect(jar.get('cart')).toBe('')
    expect(jar.list()).toEqual(['cart='])
  })

  test('keeps a cookie when another path is cleared', () => {
    const jar = jarWith('cart=kite; Path=/')
    jar.receive([`cart=; Path=/cart; ${PAST}`], '/cart')
    expect(jar.get('cart')).toBe('kite')
  })

  test('takes a cookie of 4,096 bytes, name included, and ignores a larger one', () => {
    const jar = jarWith('cart=small; Path=/')
    jar.receive([`cart=${'x'.repeat(4093)}; Path=/`], '/')
    expect(jar.get('cart')).toBe('small')
    jar.receive([`cart=${'x'.repeat(4092)}; Path=/`], '/')
    expect(jar.get('cart')).toHaveLength(4092)
  })

  test('ignores what is not a cookie, and a cookie for another host', () => {
    expect(jarWith('', ';', '=value', 'far=1; Domain=example.com').list()).toEqual([])
  })

  test('when the browser closes, keeps only cookies with an age, each at its path', () => {
    const jar = jarWith(
      'cart=kite; Path=/',
      'format=csv; Path=/; Max-Age=1000',
      `theme=dark; Path=/settings; Expires=${new Date(Date.now() + 86_400_000).toUTCString()}`,
      'gone=1; Path=/; Max-Age=0',
    )
    jar.closeBrowser()
    expect(jar.list()).toEqual(['format=csv', 'theme=dark'])
    expect(jar.headerFor('/')).toBe('format=csv')
  })

  test('takes any value by hand, as developer tools do', () => {
    const jar = jarWith('cart=kite; Path=/')
    jar.put('cart', '{"lines":{}}')
    expect(jar.headerFor('/')).toBe('cart={"lines":{}}')
  })
})

describe('a Set-Cookie header', () => {
  test('is taken apart, with every attribute that a check may ask about', () => {
    const header = `id=a=b; Path=/x; Domain=shop.example; Max-Age=60; HttpOnly; Secure; SameSite=Strict; ${PAST}`
    expect(parseSetCookie(header)).toEqual({
      header,
      name: 'id',
      value: 'a=b',
      httpOnly: true,
      secure: true,
      sameSite: 'strict',
      path: '/x',
      domain: 'shop.example',
      maxAge: 60,
      expires: new Date(0),
      bytes: 5,
    })
  })

  test('has null for each attribute that is missing', () => {
    expect(parseSetCookie('id=1')).toMatchObject({
      httpOnly: false,
      secure: false,
      sameSite: null,
      path: null,
      domain: null,
      maxAge: null,
      expires: null,
    })
  })

  test('counts bytes, not characters', () => {
    expect(parseSetCookie('n=é')?.bytes).toBe(3)
  })
})
