import { expect, test } from 'vitest'
import { codeBlock } from './code.ts'
import { highlightLines } from './highlight.ts'
import { textOf } from './html.ts'

test('in a console block, commands can be copied and output cannot', () => {
  const html = codeBlock('$ curl -i http://localhost:3001/\nHTTP/1.1 200 OK\n<h1>\n$ ls', 'console')
  expect(html.match(/data-copy/g)).toHaveLength(2)
  expect(html).toContain('<pre class="output"><code>HTTP/1.1 200 OK\n&lt;h1&gt;</code></pre>')
  expect(textOf(html)).not.toContain('$')
})

test('a command that goes on in the next line is one command', () => {
  expect(codeBlock('curl \\\n  -i x\nls', 'sh').match(/data-copy/g)).toHaveLength(2)
})

test('source text in an unknown language is only escaped', () => {
  expect(codeBlock('<b>', 'klingon')).toBe('<pre class="code"><code>&lt;b&gt;</code></pre>\n')
})

test('each line of coloured source is complete by itself', () => {
  const lines = highlightLines('const a = `one\ntwo`\n/* three\nfour */', 'typescript')
  expect(lines).toHaveLength(4)
  for (const line of lines) {
    expect(line.match(/<span/g)?.length ?? 0).toBe(line.match(/<\/span>/g)?.length ?? 0)
  }
})
