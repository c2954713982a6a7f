import { describe, expect, test } from 'vitest'
import { escapeHtml, Html, html, page } from './html.ts'

describe('the html tag', () => {
  test('makes text of every value, so that a browser shows it as it was typed', () => {
    const note = `<script>alert("it's & me")</script>`
    expect(html`<p>${note}</p>`.text).toBe(
      '<p>&lt;script&gt;alert(&quot;it&#39;s &amp; me&quot;)&lt;/script&gt;</p>',
    )
  })

  test('keeps a value inside the attribute where it stands', () => {
    expect(html`<input value="${'" onfocus="steal()'}">`.text).toBe(
      '<input value="&quot; onfocus=&quot;steal()">',
    )
  })

  test('takes what it made itself as it is, once escaped and not twice', () => {
    const inner = html`<b>${'a < b'}</b>`
    expect(html`<p>${inner}</p>`.text).toBe('<p><b>a &lt; b</b></p>')
  })

  test('joins lists, and escapes what is in them', () => {
    expect(html`<ul>${['<a>', html`<li>x</li>`, ['y', '&']]}</ul>`.text).toBe(
      '<ul>&lt;a&gt;<li>x</li>y&amp;</ul>',
    )
  })

  test('leaves out false, null and undefined, and shows 0 and the empty text', () => {
    expect(html`[${false}${null}${undefined}${0}${''}${true}]`.text).toBe('[0true]')
  })

  test('is not taken in by an object that looks like its own', () => {
    expect(html`${{ text: '<b>', toString: () => '<i>' }}`.text).toBe('&lt;i&gt;')
  })

  test('becomes its text where a string is wanted', () => {
    expect(`${html`<p>${'é'}</p>`}`).toBe('<p>é</p>')
    expect(html`<p></p>`).toBeInstanceOf(Html)
  })
})

test('escapeHtml escapes the five characters that mean something in HTML, each of them everywhere', () => {
  expect(escapeHtml(`&&<<>>""''`)).toBe('&amp;&amp;&lt;&lt;&gt;&gt;&quot;&quot;&#39;&#39;')
})

test('a page has its title escaped, its body as it is, and the style sheet of the labs', () => {
  const text = page('<Cart>', html`<h1>Cart</h1>`)
  expect(text).toMatch(/^<!doctype html>\n<html lang="en">/)
  expect(text).toContain('<title>&lt;Cart&gt;</title>')
  expect(text).toContain('<h1>Cart</h1>')
  expect(text).toContain('href="/kit/style.css"')
})
