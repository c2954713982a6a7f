// Proves that a lab hangs together: chapter, starter, solution, checks and mistakes speak of the same things.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { CheckMeta } from '../check/check.ts'
import { stepHeadings } from '../check/reading.ts'
import { type Lab, shownPath } from '../lab/lab.ts'
import type { Mistake } from './mistake.ts'

/** The fewest that show that a check measures, and does not merely recognise the solution. */
const MISTAKES_MIN = 12
const ALTERNATIVES_MIN = 5

/** @returns what is wrong, one sentence each; empty when nothing is */
export function proveCourse(
  lab: Lab,
  checks: CheckMeta[],
  mistakes: Mistake[],
  alternatives: string[],
  golden: string[],
): string[] {
  return [
    ...checkFaults(lab, checks, mistakes),
    ...stepFaults(lab, checks),
    ...fileFaults(lab),
    ...(mistakes.length < MISTAKES_MIN
      ? [`There are ${mistakes.length} mistakes; at least ${MISTAKES_MIN} are wanted.`]
      : []),
    ...(alternatives.length < ALTERNATIVES_MIN
      ? [`There are ${alternatives.length} alternatives; at least ${ALTERNATIVES_MIN} are wanted.`]
      : []),
    ...duplicates(mistakes.map((mistake) => mistake.id)).map((id) => `Two mistakes are called "${id}".`),
    ...golden
      .filter((id) => !mistakes.some((mistake) => mistake.id === id))
      .map((id) => `There is a golden text for "${id}", but no such mistake.`),
  ]
}

function checkFaults(lab: Lab, checks: CheckMeta[], mistakes: Mistake[]): string[] {
  const ids = checks.map((check) => check.id)
  const faults = duplicates(ids).map((id) => `Two checks are called "${id}".`)
  for (const [index, check] of checks.entries()) {
    if (!Number.isInteger(check.points) || check.points < 0)
      faults.push(`Check "${check.id}" is worth ${check.points} points.`)
    if (new Set(check.hints.filter((hint) => hint.length > 20)).size !== 3)
      faults.push(`Check "${check.id}" needs three hints.`)
    for (const need of check.needs ?? []) {
      if (!ids.slice(0, index).includes(need))
        faults.push(`Check "${check.id}" needs "${need}", which is not before it.`)
    }
    if (!mistakes.some((mistake) => mistake.fails === check.id))
      faults.push(`No mistake is caught by check "${check.id}".`)
  }
  for (const mistake of mistakes) {
    if (!ids.includes(mistake.fails))
      faults.push(`Mistake "${mistake.id}" is for "${mistake.fails}", which lab ${lab.number} has not.`)
  }
  return faults
}

function stepFaults(lab: Lab, checks: CheckMeta[]): string[] {
  const chapter = readFileSync(lab.chapter, 'utf8')
  const headings = stepHeadings(chapter)
  const todos = new Set<number>()
  for (const file of sourceFiles(lab.workFolder)) {
    for (const match of readFileSync(path.join(lab.workFolder, file), 'utf8').matchAll(/TODO\((\d+)\)/g))
      todos.add(Number(match[1]))
  }
  const faults: string[] = []
  for (const step of todos)
    if (!headings.has(step)) faults.push(`TODO(${step}) has no "## Step ${step}: …" in the chapter.`)
  for (const step of headings.keys()) {
    if (!todos.has(step)) faults.push(`Step ${step} of the chapter has no TODO(${step}) in the starter.`)
    if (!checks.some((check) => check.step === step)) faults.push(`Step ${step} of the chapter has no check.`)
  }
  for (const check of checks) {
    const section = chapter.split('\n## ').find((one) => one.startsWith(`Step ${check.step}: `))
    if (section && !section.includes(`\`${check.id}\``))
      faults.push(`Step ${check.step} does not name its check "${check.id}".`)
    if (check.step !== 0 && !headings.has(check.step))
      faults.push(`Check "${check.id}" is for step ${check.step}, which the chapter has not.`)
  }
  return faults
}

/** The starter has the solution's files; those without a TODO are the same to the byte, and the solution has no TODO. */
function fileFaults(lab: Lab): string[] {
  const names = new Set([...sourceFiles(lab.workFolder), ...sourceFiles(lab.solutionFolder)])
  const faults: string[] = []
  for (const name of names) {
    const [starter, solution] = [path.join(lab.workFolder, name), path.join(lab.solutionFolder, name)]
    if (!existsSync(starter) || !existsSync(solution)) {
      faults.push(`${name} is not in both ${shownPath(lab.workFolder)} and ${shownPath(lab.solutionFolder)}.`)
      continue
    }
    const [started, solved] = [readFileSync(starter, 'utf8'), readFileSync(solution, 'utf8')]
    if (solved.includes('TODO(')) faults.push(`${shownPath(solution)} still has a TODO.`)
    if (!started.includes('TODO(') && started !== solved)
      faults.push(`${name} has no TODO, but starter and solution differ.`)
  }
  return faults
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.ts'))
}

function duplicates(list: string[]): string[] {
  return list.filter((one, index) => list.indexOf(one) !== index)
}
