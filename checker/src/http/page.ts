// What a person sees of a page: its text, without the tags.
import { Parser } from 'htmlparser2'

const HIDDEN = new Set(['script', 'style', 'title', 'template'])

/** The text of an HTML page, entities decoded, runs of white space made one space. */
export function visibleText(html: string): string {
  let text = ''
  let hidden = 0
  const parser = new Parser({
    onopentag: (name) => {
      if (HIDDEN.has(name)) hidden += 1
      else text += ' '
    },
    ontext: (piece) => {
      if (hidden === 0) text += piece
    },
    onclosetag: (name) => {
      if (HIDDEN.has(name)) hidden -= 1
      else text += ' '
    },
  })
  parser.end(html)
  return text.replace(/\s+/g, ' ').trim()
}
