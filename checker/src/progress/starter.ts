// The starters as they came, copied aside when the workbook is installed, so that `lab-check reset` can bring them back.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { CheckerError } from '../lab/errors.ts'
import { type Lab, listLabs, shownPath, stateFolder } from '../lab/lab.ts'

/** Copies every starter that has not been copied yet; a later install never overwrites a copy with the student's work. */
export function keepStarters(): void {
  for (const lab of listLabs()) {
    const copy = copyOf(lab)
    if (existsSync(copy)) continue
    const beside = `${copy}.${process.pid}`
    mkdirSync(path.dirname(copy), { recursive: true })
    cpSync(lab.workFolder, beside, { recursive: true })
    try {
      renameSync(beside, copy)
    } catch {
      // Another install was quicker.
      rmSync(beside, { recursive: true, force: true })
    }
  }
}

/**
 * The code files of a lab that are no longer as they came, with the starter's text.
 * @throws CheckerError when there is no copy of the starter
 */
export function changedFiles(lab: Lab): { file: string; starter: string }[] {
  const copy = copyOf(lab)
  if (!existsSync(copy)) {
    throw new CheckerError(
      `There is no copy of the starter in ${shownPath(copy)}. With git: git checkout -- labs/${lab.id}`,
    )
  }
  return readdirSync(copy)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, starter: readFileSync(path.join(copy, file), 'utf8') }))
    .filter(({ file, starter }) => {
      const own = path.join(lab.workFolder, file)
      return !existsSync(own) || readFileSync(own, 'utf8') !== starter
    })
}

function copyOf(lab: Lab): string {
  return path.join(stateFolder, 'starter', lab.id)
}
