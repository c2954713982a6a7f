// The checks of a step, below the step: name, points, and the hints, one at a time.
import type { CheckMeta } from '../../checker/src/check/check.ts'
import { count } from '../../checker/src/render/words.ts'
import { escapeHtml } from './html.ts'

/** Cards of these checks; nothing when there are none. */
export function checkCards(checks: CheckMeta[], label: string): string {
  if (checks.length === 0) return ''
  return `<section class="checks" aria-label="${escapeHtml(label)}"><ul>\n${checks.map(card).join('\n')}\n</ul></section>\n`
}

export function pointsText(points: number): string {
  return points === 0 ? 'advice' : count(points, 'point')
}

function card({ id, name, points, needs = [], hints }: CheckMeta): string {
  const waits = needs.map((need) => `<a href="#check-${need}"><code>${need}</code></a>`).join(', ')
  const levels = hints.map(
    (hint, index) =>
      `<details class="hint"><summary>Hint ${index + 1}<span class="unseen"> for ${id}</span></summary><p>${escapeHtml(hint)}</p></details>`,
  )
  return `<li class="check" id="check-${id}">
<p class="check-name"><code>${id}</code> <span>${escapeHtml(name)}</span> <span class="points">${pointsText(points)}</span></p>
${waits ? `<p class="needs">Waits for ${waits}.</p>\n` : ''}<div class="hints">${levels.join('')}</div></li>`
}
