// The whole result as one JSON document, for programs.
import { exitStatus, type RunResult, totals } from '../check/record.ts'

/** `{ exitStatus, results: [{ lab, folder, seed, trouble, records, ms, points, maxPoints }] }` */
export function json(results: RunResult[]): string {
  const document = {
    exitStatus: exitStatus(results),
    results: results.map((result) => ({ ...result, ...totals(result.records) })),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
