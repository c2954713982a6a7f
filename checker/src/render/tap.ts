// The result in the Test Anything Protocol, version 14 (testanything.org).
import { type CheckRecord, isAdvice, type RunResult } from '../check/record.ts'
import { printable, printableLine } from './words.ts'

export function tap(results: RunResult[]): string {
  const lines = ['TAP version 14']
  const records = results.flatMap((result) => result.records.map((record) => ({ result, record })))
  lines.push(`1..${records.length}`)
  for (const [index, { result, record }] of records.entries()) {
    const ok = record.status === 'pass' ? 'ok' : 'not ok'
    lines.push(
      `${ok} ${index + 1} - ${result.lab.id} ${record.id}: ${escapeTap(record.name)}${directive(record, result)}`,
    )
    if (record.why && (record.status !== 'blocked' || result.trouble)) {
      lines.push(
        '  ---',
        `  expected: ${JSON.stringify(printable(record.why.expected))}`,
        `  got: ${JSON.stringify(printable(record.why.got))}`,
        '  ...',
      )
    }
  }
  return `${lines.join('\n')}\n`
}

function directive(record: CheckRecord, result: RunResult): string {
  // A reader of TAP counts what is skipped as well: a server that does not start must not look like a success.
  if (record.status === 'blocked' && (!result.trouble || isAdvice(record)))
    return ` # SKIP ${escapeTap(record.why?.expected ?? 'blocked')}`
  if (isAdvice(record) && record.status === 'fail') return ' # TODO advice only'
  return ''
}

function escapeTap(text: string): string {
  return printableLine(text).replaceAll('\\', '\\\\').replaceAll('#', '\\#')
}
