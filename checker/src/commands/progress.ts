// lab-check without a lab: all labs, how far the student is in each, and what comes next.
import colors from 'picocolors'
import { type Lab, listLabs } from '../lab/lab.ts'
import { type LastRun, readProgress } from '../progress/progress.ts'
import { wrap } from '../render/words.ts'

export function progressCommand(): void {
  const rows = listLabs().map((lab) => ({ lab, last: readProgress(lab)?.last }))
  const lines = rows.map(({ lab, last }) => {
    const sign = last?.passed ? colors.green('✓') : last ? colors.yellow('–') : colors.dim('·')
    const points = last ? `${last.points}/${last.maxPoints}` : ''
    const when = last
      ? colors.dim(`checked ${last.checkedAt.slice(0, 16).replace('T', ' ')} UTC`)
      : colors.dim('not checked yet')
    return `  ${sign} ${lab.number}  ${lab.title.padEnd(30)} ${points.padStart(6)}  ${when}`
  })
  const current = rows.find(({ last }) => !last?.passed)
  process.stdout.write(`\n${colors.bold('Session Labs')}\n\n${lines.join('\n')}\n\n${advice(current)}\n`)
}

function advice(current: { lab: Lab; last: LastRun | null | undefined } | undefined): string {
  if (!current) return '  All labs pass.'
  const { lab, last } = current
  if (!last) return `  Next: npm run lab ${lab.number}, and read labs/${lab.id}/README.md`
  const step = last.next?.heading ? `${last.next.heading} (${last.next.name})` : (last.next?.name ?? '')
  return wrap(`Next in lab ${lab.number}: ${step}. Check with: npx lab-check ${lab.number}`, '  ')
}
