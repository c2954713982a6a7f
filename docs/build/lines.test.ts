import { lexer, type Token, walkTokens } from 'marked'
import { expect, test } from 'vitest'
import { lineOf, markLines } from './lines.ts'

test('every link knows its line, in paragraphs, lists and tables', () => {
  const tokens = lexer('# T\n\nOne\n[a](a)\n\n- x\n- y [b](b)\n\n| h |\n|---|\n| 1 |\n| [c](c) |\n')
  markLines(tokens, 11)
  const lines: Record<string, number> = {}
  walkTokens(tokens, (token: Token) => {
    if (token.type === 'link') lines[token.href] = lineOf(token)
  })
  expect(lines).toEqual({ a: 14, b: 17, c: 22 })
})
