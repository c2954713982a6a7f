// Finds the line of every token: marked itself does not say where in the text a token was.
import type { Token, Tokens } from 'marked'

const lines = new WeakMap<Token, number>()

/** The line of a token that `markLines` has seen. */
export function lineOf(token: Token): number {
  return lines.get(token) ?? 1
}

/** Marks tokens, and all inside them, with their lines; `firstLine` is that of the first token. */
export function markLines(tokens: Token[], firstLine: number): void {
  let line = firstLine
  for (const token of tokens) {
    mark(token, line)
    line += breaks(token.raw)
  }
}

function mark(token: Token, line: number): void {
  lines.set(token, line)
  let from = 0
  for (const child of childrenOf(token)) {
    const at = token.raw.indexOf(child.raw, from)
    if (at >= 0) from = at
    mark(child, line + breaks(token.raw.slice(0, from)))
    if (at >= 0) from += child.raw.length
  }
}

function childrenOf(token: Token): Token[] {
  if (token.type === 'list') return (token as Tokens.List).items
  if (token.type === 'table') {
    const { header, rows } = token as Tokens.Table
    return [header, ...rows].flat().flatMap((cell) => cell.tokens)
  }
  return 'tokens' in token ? (token.tokens ?? []) : []
}

function breaks(text: string): number {
  return text.split('\n').length - 1
}
