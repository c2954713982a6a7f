// What a person sees of a page: its text, without the tags.
import { Parser } from 'htmlparser2'

const HIDDEN = new Set(['script', 'style', 'title', 'template'])

/** Elements in the middle of a line: what follows them directly belongs to the same word. */
const INLINE = new Set(['a', 'b', 'code', 'em', 'i', 'mark', 'small', 'span', 'strong'])
const PUNCTUATION = /^[,.:]/

/** The text of an HTML page, entities decoded, runs of white space made one space. */
export function visibleText(html: string): string {
  let text = ''
  let hidden = 0
  let endsInline = false
  const parser = new Parser({
    onopentag: (name) => {
      if (HIDDEN.has(name)) hidden += 1
      else text += ' '
      endsInline = false
    },
    ontext: (piece) => {
      if (hidden > 0) return
      // The comma in `<b>north</b>, <b>west</b>` has no space before it.
      text = (endsInline && PUNCTUATION.test(piece) ? text.slice(0, -1) : text) + piece
      endsInline = false
    },
    onclosetag: (name) => {
      if (HIDDEN.has(name)) hidden -= 1
      else text += ' '
      endsInline = INLINE.has(name)
    },
  })
  parser.end(html)
  return text.replace(/\s+/g, ' ').trim()
}
