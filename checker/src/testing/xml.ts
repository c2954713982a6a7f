// Reads XML strictly enough for tests: every tag has to be closed, in order.
import { Parser } from 'htmlparser2'

export interface Element {
  name: string
  attributes: Record<string, string>
  children: Element[]
}

/** The document's elements as a tree. @throws Error when it is not well-formed */
export function parseXml(text: string): Element {
  const top: Element = { name: '', attributes: {}, children: [] }
  const open = [top]
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        const element = { name, attributes, children: [] }
        open.at(-1)?.children.push(element)
        open.push(element)
      },
      onclosetag: (name, implied) => {
        // The parser closes by itself what the document leaves open; <x/> counts as closed.
        if (implied && !text.slice(parser.startIndex, parser.endIndex + 1).endsWith('/>'))
          throw new Error(`<${name}> is never closed.`)
        open.pop()
      },
    },
    { xmlMode: true },
  )
  parser.end(text)
  const [root, ...others] = top.children
  if (!root || others.length > 0) throw new Error('A document has one root element.')
  // In an attribute, a bare "<" or "&" would go unnoticed by this parser.
  const bare = /="[^"]*(?:<|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);))[^"]*"/i.exec(text)
  if (bare) throw new Error(`Not escaped: ${bare[0]}`)
  return root
}
