// The solution beside the starter: each file that differs, with the differences highlighted.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { structuredPatch } from 'diff'
import type { Lab } from '../../checker/src/lab/lab.ts'
import { count } from '../../checker/src/render/words.ts'
import { highlightLines } from './highlight.ts'
import { escapeHtml } from './html.ts'

/** Lines around a difference that are shown with it. */
const CONTEXT_LINES = 4

/** Source files; the chapter and notes are read elsewhere. */
const SHOWN = /\.(?:ts|js|css|html|sql|ya?ml|cfg)$/

/** The differences of a lab as HTML, file by file. */
export function solutionDiff(lab: Lab): string {
  if (!existsSync(lab.solutionFolder)) return '<p>This copy of the project does not have the solution.</p>\n'
  const files = fileNames(lab)
    .map((name) => fileDiff(lab, name))
    .filter((html) => html !== '')
  if (files.length === 0) return '<p>The solution and the starter are the same.</p>\n'
  return `<div class="diffs" data-search="off">\n${files.join('\n')}\n</div>\n`
}

function fileNames({ workFolder, solutionFolder }: Lab): string[] {
  const names = [workFolder, solutionFolder].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }),
  )
  return [...new Set(names)].filter((name) => SHOWN.test(name) && !name.includes('node_modules')).sort()
}

function fileDiff({ workFolder, solutionFolder }: Lab, name: string): string {
  const [starter, solution] = [workFolder, solutionFolder].map((folder) => {
    const file = path.join(folder, name)
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }) as [string, string]
  if (starter === solution) return ''
  const { hunks } = structuredPatch(name, name, starter, solution, '', '', { context: CONTEXT_LINES })
  const lines = hunks.flatMap((hunk) => hunk.lines)
  const added = lines.filter((line) => line.startsWith('+')).length
  const removed = lines.filter((line) => line.startsWith('-')).length
  const parts = hunks.map(
    ({ lines, newStart }) =>
      `<span class="at">line ${newStart}</span>\n${hunkLines(lines, languageOf(name))}`,
  )
  return `<details class="diff" open><summary><code>${escapeHtml(name)}</code> <span class="counts">${count(added, 'line')} added, ${removed} removed</span></summary>
<pre class="code"><code>${parts.join('\n')}</code></pre></details>`
}

/** Old and new lines are coloured each in their own text, so that neither is read into the other. */
function hunkLines(lines: string[], language: string): string {
  const real = lines.filter((line) => !line.startsWith('\\'))
  const side = (sign: string) =>
    highlightLines(
      real
        .filter((line) => line.startsWith(' ') || line.startsWith(sign))
        .map((line) => line.slice(1))
        .join('\n'),
      language,
    )
  const [before, after] = [side('-'), side('+')]
  const html = real.map((line) => {
    if (line.startsWith('-')) return `<del><span class="unseen">removed: </span>${before.shift()}</del>`
    const text = after.shift()
    if (line.startsWith('+')) return `<ins><span class="unseen">added: </span>${text}</ins>`
    before.shift()
    return `<span class="same">${text}</span>`
  })
  return html.join('\n')
}

function languageOf(name: string): string {
  const known: Record<string, string> = {
    '.ts': 'typescript',
    '.js': 'javascript',
    '.css': 'css',
    '.html': 'xml',
  }
  return known[path.extname(name)] ?? ''
}
