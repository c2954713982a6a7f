// For instructors: what each check is worth, and the kept mistakes by the check that they fail.
import { pointsText } from './check-cards.ts'
import type { LabCourse } from './course.ts'
import { escapeHtml, escapeMarkdown } from './html.ts'
import { addressOf, linkFrom, type Page } from './page.ts'

/** The checks of a lab with their points, as markdown. */
export function pointsTable({ lab, checks }: LabCourse): string {
  const rows = checks.map(({ id, name, step, points, needs = [] }) => {
    const where = step === 0 ? 'start' : `[${step}](site:labs/${lab.id}/index.html#step-${step})`
    const link = `[\`${id}\`](site:labs/${lab.id}/index.html#check-${id})`
    return `| ${link} | ${escapeMarkdown(name)} | ${where} | ${needs.map((need) => `\`${need}\``).join(', ')} | ${points || 'advice'} |`
  })
  return `| check | what it asks for | step | waits for | points |\n|---|---|---|---|--:|\n${rows.join('\n')}\n`
}

/** The kept mistakes, by the check that fails: what the student did, and what they see. */
export function mistakesHtml({ lab, checks, mistakes, golden }: LabCourse, page: Page): string {
  const caught = checks.filter(({ id }) => mistakes.some(({ fails }) => fails === id))
  if (caught.length === 0) return '<p>No mistakes are kept for this lab yet.</p>\n'
  const chapter = linkFrom(page, addressOf({ folder: `labs/${lab.id}` }))
  const groups = caught.map((check) => {
    const items = mistakes
      .filter(({ fails }) => fails === check.id)
      .map(({ id, says, file }) => {
        const seen = golden.get(id)
        const text = seen
          ? `<details><summary>What the student sees<span class="unseen"> of ${id}</span></summary><pre class="output"><code>${escapeHtml(seen)}</code></pre></details>`
          : ''
        return `<li id="mistake-${id}">${escapeHtml(says)} <span class="where">${escapeHtml(file)}</span>${text}</li>`
      })
    const hints = check.hints.map((hint) => `<li>${escapeHtml(hint)}</li>`).join('')
    return `<section class="mistakes" aria-labelledby="fails-${check.id}"><h3 id="fails-${check.id}"><a href="${chapter}#check-${check.id}"><code>${check.id}</code></a> fails</h3>
<p class="seen">The student sees: <strong>${escapeHtml(check.id)}: ${escapeHtml(check.name)}</strong> (${pointsText(check.points)}).</p>
<ul>${items.join('\n')}</ul>
<details><summary>The three hints<span class="unseen"> for ${check.id}</span></summary><ol>${hints}</ol></details></section>`
  })
  return `${groups.join('\n')}\n`
}
