// What the checks of this run are about. A file of checks has no arguments, so it finds the submission here.
import type { InstanceOptions } from './instances.ts'
import type { Judged } from './judged.ts'

let judged: Judged | undefined
let early: InstanceOptions[] = []

/** Sets the submission that the checks imported next are about. */
export function setJudged(next: Judged): void {
  judged = next
  early = []
}

export function getJudged(): Judged {
  if (!judged) throw new Error('No submission is set: checks run only through runLab.')
  return judged
}

/** Instances that the checks of this file will ask for: they start while the first checks run. */
export function startEarly(...instances: InstanceOptions[]): void {
  early.push(...instances)
}

export function earlyInstances(): InstanceOptions[] {
  return early
}
