// The labs in a list: as cards for students, as a table for instructors.
import { readFileSync } from 'node:fs'
import { count } from '../../checker/src/render/words.ts'
import { type LabCourse, pointsOf } from './course.ts'
import { escapeHtml } from './html.ts'
import { linkFrom, type Page } from './page.ts'

/** The labs as cards, for the home page. */
export function labCards(course: LabCourse[], page: Page): string {
  const cards = course.map(({ lab, checks }) => {
    const chapter = readFileSync(lab.chapter, 'utf8')
    const minutes = /^minutes: (\d+)$/m.exec(chapter)?.[1]
    const end = /^\*\*At the end you have\*\* ([\s\S]+?)\n\n/m.exec(chapter)?.[1]?.replace(/\s+/g, ' ') ?? ''
    const facts = [minutes && `${minutes} minutes`, checks.length > 0 && count(pointsOf(checks), 'point')]
    return `<li><a href="${linkFrom(page, `labs/${lab.id}/index.html`)}"><span class="number">${lab.number}</span> ${escapeHtml(lab.title)}</a>
<p>You build ${escapeHtml(plain(end))}</p><p class="facts">${facts.filter(Boolean).join(', ')}</p></li>`
  })
  return `<ol class="lab-cards">\n${cards.join('\n')}\n</ol>\n`
}

/** Markdown's marks taken off a sentence. */
function plain(markdown: string): string {
  return markdown.replace(/[*`]/g, '').replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
}

/** Numbers of each lab, as markdown. */
export function labTable(course: LabCourse[], pages: Page[]): string {
  const rows = course.map(({ lab, checks, mistakes, steps }) => {
    const minutes = pages.find((page) => page.part === 'labs' && page.labId === lab.id)?.front.minutes ?? ''
    const cells = [
      `[${lab.number} ${lab.title}](site:instructors/${lab.id}/index.html)`,
      minutes,
      steps.length,
      checks.length,
      pointsOf(checks),
      mistakes.length,
    ]
    return `| ${cells.join(' | ')} |`
  })
  return `| lab | minutes | steps | checks | points | known mistakes |\n|---|--:|--:|--:|--:|--:|\n${rows.join('\n')}\n`
}
