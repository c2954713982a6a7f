// lab-check reset LAB: the starter comes back, and the student's work is kept aside.
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { findLab, type Lab, shownPath, stateFolder } from '../lab/lab.ts'
import { forgetProgress } from '../progress/progress.ts'
import { changedFiles } from '../progress/starter.ts'

/**
 * Nothing is removed: files of the student's own stay where they are, and every file that changes is in the copy.
 * @throws CheckerError when the starter cannot be had
 */
export function resetCommand(name: string): void {
  const lab = findLab(name)
  const changed = changedFiles(lab)
  if (changed.length === 0) {
    forgetProgress(lab)
    console.log(`Lab ${lab.number} is as it came: there is nothing to reset.`)
    return
  }
  const copy = keepCopy(lab)
  for (const { file, starter } of changed) writeFileSync(path.join(lab.workFolder, file), starter)
  forgetProgress(lab)
  console.log(
    `Your work is kept in ${shownPath(copy)}. To have it back, copy its files over those in ${shownPath(lab.workFolder)}.`,
  )
  console.log(`Back to the starter: ${changed.map(({ file }) => file).join(', ')}`)
}

function keepCopy(lab: Lab): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const kept = path.join(stateFolder, 'kept')
  mkdirSync(kept, { recursive: true })
  const taken = readdirSync(kept).filter((one) => one.startsWith(`${lab.id}-${time}`)).length
  const copy = path.join(kept, `${lab.id}-${time}${taken === 0 ? '' : `-${taken}`}`)
  cpSync(lab.workFolder, copy, { recursive: true, errorOnExist: true, force: false })
  return copy
}
