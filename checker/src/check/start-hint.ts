// The hint for an app that does not start: what docs/pages/when.md says about that kind of trouble.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../lab/lab.ts'

/** The section's paragraphs and the items of its list, one text each; empty when the page has none for it. */
export function startHint(kind: string): string[] {
  const page = path.join(root, 'docs', 'pages', 'when.md')
  if (!existsSync(page)) return []
  const sections = readFileSync(page, 'utf8').split(/^## /m)
  const section = sections.find((one) => one.includes(`{{ trouble ${kind} }}`))
  const [, text = ''] = section?.split('}}') ?? []
  return text
    .split(/\n\s*\n|\n(?=\d\. )/)
    .map((piece) => piece.replace(/\s+/g, ' ').trim())
    .filter(Boolean)
}
