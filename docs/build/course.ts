// What the course says about itself: labs, their checks, and the mistakes that are kept for the checker.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CheckMeta } from '../../checker/src/check/check.ts'
import { collectAndRun } from '../../checker/src/check/collect.ts'
import { stepHeadings } from '../../checker/src/check/reading.ts'
import { type Lab, listLabs, root } from '../../checker/src/lab/lab.ts'
import { type GoldenTexts, goldenFile, readGolden } from '../../checker/src/verify/golden.ts'
import type { Mistake } from '../../checker/src/verify/mistake.ts'

export interface LabCourse {
  lab: Lab
  /** In the order in which they run. */
  checks: CheckMeta[]
  mistakes: Mistake[]
  /** What lab-check says of each mistake. */
  golden: GoldenTexts
  /** Numbers of the chapter's steps. */
  steps: number[]
}

/** Every lab there is, from the sources themselves and not from what was compiled earlier. */
export async function readCourse(): Promise<LabCourse[]> {
  const course: LabCourse[] = []
  for (const lab of listLabs()) {
    course.push({
      lab,
      checks: await readChecks(lab),
      mistakes: await readMistakes(lab),
      golden: readGolden(goldenFile(lab)),
      steps: [...stepHeadings(readFileSync(lab.chapter, 'utf8')).keys()],
    })
  }
  return course
}

export function pointsOf(checks: CheckMeta[]): number {
  return checks.reduce((sum, check) => sum + check.points, 0)
}

/** A lab that is being written may have no checks yet. */
async function readChecks(lab: Lab): Promise<CheckMeta[]> {
  const file = path.join(root, 'checker', 'checks', `${lab.id}.ts`)
  if (!existsSync(file)) return []
  const tests = await collectAndRun(file, async (collected) => {
    for (const test of collected) test.mode = 'skip'
  })
  return tests.map((test) => test.meta.check).filter((check) => check !== undefined)
}

async function readMistakes(lab: Lab): Promise<Mistake[]> {
  const file = path.join(root, 'checker', 'mistakes', `${lab.id}.ts`)
  if (!existsSync(file)) return []
  const { mistakes } = (await import(pathToFileURL(file).href)) as { mistakes: Mistake[] }
  return mistakes
}
