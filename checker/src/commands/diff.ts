// lab-check diff LAB: the student's work beside the solution.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createTwoFilesPatch } from 'diff'
import colors from 'picocolors'
import { UsageError } from '../lab/errors.ts'
import { findLab, type Lab, shownPath } from '../lab/lab.ts'
import { readProgress } from '../progress/progress.ts'

/** @throws UsageError before all checks pass, unless the student asks for it with --spoil; and without a solution */
export function diffCommand(name: string, { spoil }: { spoil?: boolean }): void {
  const lab = findLab(name)
  if (!spoil && !readProgress(lab)?.last?.passed) {
    throw new UsageError(
      `The solution of lab ${lab.number} shows when all checks pass: npx lab-check ${lab.number}\nTo see it before that: npx lab-check diff ${lab.number} --spoil`,
    )
  }
  if (!existsSync(lab.solutionFolder)) {
    throw new UsageError(
      `There is no folder ${shownPath(lab.solutionFolder)}: this copy of the project does not have the solution of lab ${lab.number}.`,
    )
  }
  const patches = fileNames(lab)
    .map((file) => patch(lab, file))
    .filter((text) => text !== '')
  process.stdout.write(patches.length > 0 ? patches.join('\n') : 'Your work and the solution are the same.\n')
}

function fileNames(lab: Lab): string[] {
  const names = [lab.workFolder, lab.solutionFolder].flatMap((folder) => readdirSync(folder))
  return [...new Set(names)].filter((name) => name.endsWith('.ts')).sort()
}

/** What changes from the student's file to the solution's, as a unified diff; empty when nothing does. */
function patch(lab: Lab, name: string): string {
  const [own, solution] = [lab.workFolder, lab.solutionFolder].map((folder) => {
    const file = path.join(folder, name)
    return existsSync(file) ? readFileSync(file, 'utf8') : ''
  }) as [string, string]
  if (own === solution) return ''
  const text = createTwoFilesPatch(
    `yours     ${name}`,
    `solution  ${name}`,
    own,
    solution,
    undefined,
    undefined,
    { context: 3 },
  )
  return text
    .split('\n')
    .filter((line) => !line.startsWith('====') && !line.startsWith('\\ '))
    .map(paint)
    .join('\n')
}

function paint(line: string): string {
  if (line.startsWith('---') || line.startsWith('+++')) return colors.bold(line)
  if (line.startsWith('@@')) return colors.cyan(line)
  if (line.startsWith('-')) return colors.red(line)
  return line.startsWith('+') ? colors.green(line) : line
}
