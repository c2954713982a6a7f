import { describe, expect, test } from 'vitest'
import { visibleText } from './page.ts'

describe('what a person sees of a page', () => {
  test('is its text without tags, with single spaces', () => {
    expect(visibleText('<ul>\n  <li>2 x <b>Kite</b></li>\n  <li>Drum</li></ul>')).toBe('2 x Kite Drum')
  })

  test('has a space between the words of neighbouring elements', () => {
    expect(visibleText('<td>Kite</td><td>2</td>')).toBe('Kite 2')
  })

  test('has no space between a word in the line and the punctuation behind it', () => {
    expect(visibleText('<p><strong>Exits</strong>: <b>north</b>, <b>west</b>.</p>')).toBe(
      'Exits: north, west.',
    )
    expect(visibleText('<li>Kite</li><li>.5</li>')).toBe('Kite .5')
  })

  test('has entities decoded, once', () => {
    expect(visibleText('<p>&lt;b&gt; &amp;amp; &quot;x&quot; &#39;</p>')).toBe('<b> &amp; "x" \'')
  })

  test('has no title, script, style, template or comment', () => {
    const page =
      '<title>T</title><style>p{}</style><script>if (a < b) x("<p>s</p>")</script><template>t</template><!-- c --><p>seen</p>'
    expect(visibleText(page)).toBe('seen')
  })

  test('has what stands in a textarea', () => {
    expect(visibleText('<textarea>Happy &lt;birthday&gt;</textarea>')).toBe('Happy <birthday>')
  })

  test('is the text itself where there is no HTML', () => {
    expect(visibleText('  just\n text ')).toBe('just text')
  })
})
