// All proofs of the course, lab by lab, two at a time, each told as soon as it is known.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { openRun } from '../app/run-folder.ts'
import { listChecks } from '../check/run.ts'
import { type Lab, root } from '../lab/lab.ts'
import { proveChapter } from './chapter-proof.ts'
import { proveCourse } from './course-proof.ts'
import type { Mistake } from './mistake.ts'
import { judge, makeMistake, mistakeFaults, passFaults, starterFaults } from './submission-proof.ts'

/** Something that has to be true of the course. */
export interface Proof {
  lab: Lab
  /** What is proved, as a sentence. */
  says: string
  /** Resolves to what is wrong, one text each; to nothing when it is true. */
  faults(): Promise<string[]>
}

/** How many submissions are judged at once. Each has two busy processes for about half a second. */
const AT_ONCE = 2

/** All proofs of a lab. Mistakes are made in folders below `workFolder`. */
export async function proofsOf(lab: Lab, workFolder: string): Promise<Proof[]> {
  const mistakes = await mistakesOf(lab)
  const alternatives = alternativesOf(lab)
  const checks = await listChecks(lab)
  const proof = (says: string, faults: Proof['faults']): Proof => ({ lab, says, faults })
  return [
    proof('chapter, starter, solution, checks and mistakes fit together', async () =>
      proveCourse(lab, checks, mistakes, alternatives),
    ),
    proof('every command in the chapter gives the output shown', () => proveChapter(lab, false)),
    proof('the starter starts, and fails', async () => starterFaults(await judge(lab, lab.workFolder))),
    proof('the solution passes', async () => passFaults(await judge(lab, lab.solutionFolder))),
    ...alternatives.map((folder) =>
      proof(`alternative ${path.basename(folder)} passes`, async () => passFaults(await judge(lab, folder))),
    ),
    ...mistakes.map((mistake) =>
      proof(`mistake ${mistake.id} fails ${mistake.fails}`, async () => {
        const folder = path.join(workFolder, lab.id, mistake.id)
        makeMistake(lab, mistake, folder)
        return mistakeFaults(mistake, await judge(lab, folder))
      }),
    ),
  ]
}

/** Proves all, in their order as far as two at once allow. @param tell called as each is known, with its faults */
export async function prove(
  labs: Lab[],
  tell: (proof: Proof, faults: string[], done: number, all: number) => void,
) {
  const run = openRun()
  let failed = 0
  try {
    const proofs: Proof[] = []
    for (const lab of labs) proofs.push(...(await proofsOf(lab, run.folder('mistakes'))))
    const left = [...proofs]
    const work = async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        const faults = await next.faults().catch((error: Error) => [error.message])
        if (faults.length > 0) failed += 1
        tell(next, faults, ++done, proofs.length)
      }
    }
    let done = 0
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return { passed: proofs.length - failed, failed }
  } finally {
    await run.close()
  }
}

async function mistakesOf(lab: Lab): Promise<Mistake[]> {
  const file = path.join(root, 'checker', 'dist', 'mistakes', `${lab.id}.js`)
  return existsSync(file) ? (await import(pathToFileURL(file).href)).mistakes : []
}

function alternativesOf(lab: Lab): string[] {
  const folder = path.join(root, 'checker', 'alternatives', lab.id)
  return existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : []
}
