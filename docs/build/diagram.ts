// Draws a sequence diagram as SVG from the text of a `mermaid` block, in the part of that language that chapters need:
// participants, arrows, arrows to oneself, notes. Mermaid itself needs a browser to draw; GitHub draws the same text.
import { type Diagram, inWords, parseDiagram } from './diagram-source.ts'
import { escapeHtml } from './html.ts'

const LINE_HEIGHT = 18
const MARGIN = 14
/** Characters after which the text of an arrow goes into the next line. */
const WRAP = 34
/** Average width of a character of 14 pixels; the longest line decides, so it need not be exact. */
const CHARACTER = 7.4

/**
 * The diagram as a figure: the drawing, and the same in words.
 * @throws Error when a line is none that is known, with that line
 */
export function diagramFigure(source: string, id: string): string {
  const diagram = parseDiagram(source)
  const sentences = diagram.rows.map((row) => `<li>${escapeHtml(inWords(row, diagram.names))}</li>`).join('')
  return `<figure class="diagram"><div class="drawing" tabindex="0" role="group" aria-label="Sequence diagram">${draw(diagram, id)}</div>
<details class="in-words" id="${id}"><summary>This diagram in words</summary><ol>${sentences}</ol></details></figure>\n`
}

function wrap(text: string): string[] {
  return text.split('<br>').flatMap((part) => {
    const lines = ['']
    for (const word of part.trim().split(' ')) {
      const last = lines.at(-1) ?? ''
      if (last !== '' && last.length + word.length >= WRAP) lines.push(word)
      else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
    }
    return lines
  })
}

/** A column is as wide as what is written between two neighbours. */
function columns({ names, rows }: Diagram): number[] {
  const gaps = names.map(() => 150)
  for (const row of rows) {
    const width =
      Math.max(...wrap('note' in row ? row.note : row.text).map((line) => line.length)) * CHARACTER
    const [left, right] = [Math.min(row.from, row.to), Math.max(row.from, row.to)]
    const span = Math.max(1, right - left)
    for (let gap = left; gap < left + span && gap < gaps.length; gap++) {
      gaps[gap] = Math.max(gaps[gap] ?? 0, (width + 34) / span)
    }
  }
  const positions = [60]
  for (let index = 1; index < names.length; index++) {
    positions.push((positions[index - 1] ?? 0) + (gaps[index - 1] ?? 0))
  }
  return positions
}

function draw(diagram: Diagram, id: string): string {
  const at = columns(diagram)
  const shapes: string[] = []
  let y = 52
  let right = (at.at(-1) ?? 0) + 60
  for (const row of diagram.rows) {
    const lines = wrap('note' in row ? row.note : row.text)
    const [from = 0, to = 0] = [at[row.from], at[row.to]]
    const width = Math.max(...lines.map((line) => line.length)) * CHARACTER
    const height = lines.length * LINE_HEIGHT
    if ('note' in row) {
      const middle = Math.max((from + to) / 2, width / 2 + 12)
      const half = Math.max(width / 2 + 12, (to - from) / 2 + 20)
      shapes.push(
        `<rect class="note" x="${px(middle - half)}" y="${y}" width="${px(half * 2)}" height="${height + 10}" rx="3"/>`,
      )
      shapes.push(textLines(lines, middle, y + 19, 'middle', 'in-note'))
      right = Math.max(right, middle + half + 2)
      y += height + 10 + MARGIN
    } else if (from === to) {
      shapes.push(textLines(lines, from + 34, y + 16, 'start'))
      shapes.push(
        `<path class="line" d="M${px(from)} ${y + 6}h26v${height}h-22" marker-end="url(#${id}-head)"/>`,
      )
      right = Math.max(right, from + 40 + width)
      y += height + MARGIN + 8
    } else {
      shapes.push(textLines(lines, (from + to) / 2, y + 12, 'middle'))
      y += height + 4
      const end = to > from ? to - 2 : to + 2
      shapes.push(
        `<path class="line${row.dashed ? ' dashed' : ''}" d="M${px(from)} ${y}H${px(end)}" marker-end="url(#${id}-head)"/>`,
      )
      y += MARGIN
    }
  }
  const lifelines = at.map((x) => `<path class="life" d="M${px(x)} 36V${y}"/>`).join('')
  const heads = diagram.names
    .map((name, index) => {
      const half = Math.max(46, (name.length * CHARACTER) / 2 + 12)
      const x = at[index] ?? 0
      return `<rect class="who" x="${px(x - half)}" y="4" width="${px(half * 2)}" height="32" rx="4"/>${textLines([name], x, 25, 'middle', 'name')}`
    })
    .join('')
  return `<svg viewBox="0 0 ${Math.ceil(right)} ${y + 4}" width="${rem(right)}" height="${rem(y + 4)}" role="img" aria-label="Sequence diagram of ${escapeHtml(diagram.names.join(', '))}; below it in words">
<defs><marker id="${id}-head" viewBox="0 0 9 8" refX="8" refY="4" markerWidth="9" markerHeight="8" orient="auto"><path class="head" d="M0 0L9 4L0 8z"/></marker></defs>
${lifelines}${heads}${shapes.join('')}</svg>`
}

/** A frame of the page's colour around the letters keeps them readable where a lifeline crosses them. */
function textLines(lines: string[], x: number, y: number, anchor: 'middle' | 'start', kind = 'over'): string {
  return lines
    .map(
      (line, index) =>
        `<text class="${kind}" x="${px(x)}" y="${px(y + index * LINE_HEIGHT)}" text-anchor="${anchor}">${escapeHtml(line)}</text>`,
    )
    .join('')
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** Sizes in rem let the drawing grow with the text around it. */
function rem(pixels: number): string {
  return `${Math.round((pixels / 16) * 100) / 100}rem`
}
