import { expect, test } from 'vitest'
import { diagramFigure } from './diagram.ts'

const SOURCE = `sequenceDiagram
    participant B as browser
    participant S as server
    B->>S: GET /<br>Cookie: a=1
    S->>S: looks it up
    S-->>B: 200 OK
    Note over B,S: nothing is kept`

test('a diagram is drawn, and told in words', () => {
  const html = diagramFigure(SOURCE, 'one')
  expect(html).toContain('<svg')
  expect(html.match(/class="line/g)).toHaveLength(3)
  expect(html.match(/class="line dashed"/g)).toHaveLength(1)
  expect(html).toContain('<li>Browser to server: GET /, Cookie: a=1.</li>')
  expect(html).toContain('<li>Server, by itself: looks it up.</li>')
  expect(html).toContain('<li>Browser: nothing is kept.</li>')
})

test('what is written in it stays text', () => {
  expect(diagramFigure('A->>B: <script>alert(1)</script>', 'one')).not.toContain('<script>')
})

test('a line that is not known is told', () => {
  expect(() => diagramFigure('sequenceDiagram\nloop forever', 'one')).toThrow('"loop forever"')
})
