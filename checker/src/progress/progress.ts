// What the student has reached, one small file per lab in .session-labs, so that two runs never write the same file by halves.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { isAdvice, type RunResult, totals } from '../check/record.ts'
import { type Lab, stateFolder } from '../lab/lab.ts'

export interface Progress {
  /** The last run of all checks; null when only single checks have been run. */
  last: LastRun | null
  /** How many hints have been given for each check. */
  hintsShown: Record<string, number>
}

export interface LastRun {
  /** ISO 8601. */
  checkedAt: string
  points: number
  maxPoints: number
  passed: boolean
  /** The first check that does not pass, and its step. */
  next: { id: string; name: string; heading: string } | null
}

/** Undefined when the lab was never checked, or when its file cannot be read. */
export function readProgress(lab: Lab): Progress | undefined {
  try {
    const progress: unknown = JSON.parse(readFileSync(fileOf(lab), 'utf8'))
    return isProgress(progress) ? progress : undefined
  } catch {
    return undefined
  }
}

/**
 * Keeps the result of a run. A run of some checks only changes nothing but the hints.
 * The file is written beside and then renamed: it is the old one or the new one, never half of one.
 */
export function saveProgress(lab: Lab, result: RunResult): void {
  const before = readProgress(lab)
  const hintsShown = { ...before?.hintsShown }
  for (const record of result.records) {
    if (record.hint.length > 0) hintsShown[record.id] = record.hint.length
    // When it fails again one day, it will be for another reason.
    if (record.status === 'pass') delete hintsShown[record.id]
  }
  const failing = result.records.find((record) => record.status !== 'pass' && !isAdvice(record))
  const now: LastRun = {
    checkedAt: new Date().toISOString(),
    ...totals(result.records),
    passed: failing === undefined,
    next: failing ? { id: failing.id, name: failing.name, heading: failing.reads.heading } : null,
  }
  const next: Progress = { last: result.partial ? (before?.last ?? null) : now, hintsShown }
  const file = fileOf(lab)
  mkdirSync(stateFolder, { recursive: true })
  const beside = `${file}.${process.pid}`
  writeFileSync(beside, `${JSON.stringify(next, null, 2)}\n`)
  renameSync(beside, file)
}

/** The file is where anybody can edit it. */
function isProgress(value: unknown): value is Progress {
  if (typeof value !== 'object' || value === null) return false
  const { last, hintsShown } = value as Partial<Progress>
  if (typeof hintsShown !== 'object' || hintsShown === null) return false
  return (
    last === null ||
    (typeof last?.checkedAt === 'string' &&
      Number.isInteger(last.points) &&
      Number.isInteger(last.maxPoints) &&
      (last.next === null || typeof last.next?.name === 'string'))
  )
}

/** Forgets points and hints, for a lab that begins anew. */
export function forgetProgress(lab: Lab): void {
  rmSync(fileOf(lab), { force: true })
}

function fileOf(lab: Lab): string {
  return path.join(stateFolder, `${lab.id}.json`)
}
