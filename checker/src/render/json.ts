// The whole result as one JSON document, for programs.
import { exitStatus, type RunResult, totals } from '../check/record.ts'

/** `{ exitStatus, results: [{ lab, folder, seed, trouble, records, ms, points, maxPoints }] }` */
export function json(results: RunResult[]): string {
  const document = {
    exitStatus: exitStatus(results),
    results: results.map((result) => ({ ...result, ...totals(result.records) })),
  }
  return `${JSON.stringify(document, null, 2).replace(UNSEEN, escaped)}\n`
}

/** JSON escapes control characters up to 0x1f only; terminals obey those from 0x7f to 0x9f as well, and marks of direction. */
const UNSEEN = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
