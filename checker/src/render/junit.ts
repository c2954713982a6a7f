// The result as JUnit XML, which continuous integration and course systems read.
import { type CheckRecord, isAdvice, type RunResult, totals } from '../check/record.ts'
import { printable } from './words.ts'

export function junit(results: RunResult[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${results.map(suite).join('')}</testsuites>\n`
}

function suite(result: RunResult): string {
  const { records } = result
  const { points, maxPoints } = totals(records)
  const number = (status: CheckRecord['status']) =>
    records.filter((record) => shown(record, result) === status).length
  return `  <testsuite name="${xml(result.lab.id)}" tests="${records.length}" failures="${number('fail')}" errors="${number('error')}" skipped="${number('blocked')}" time="${result.ms / 1000}">
    <properties>
      <property name="points" value="${points}"/>
      <property name="maxPoints" value="${maxPoints}"/>
      <property name="seed" value="${xml(result.seed)}"/>
    </properties>
${records.map((record) => testcase(record, result)).join('')}  </testsuite>\n`
}

function testcase(record: CheckRecord, result: RunResult): string {
  const open = `    <testcase name="${xml(`${record.id}: ${record.name}`)}" classname="${xml(result.lab.id)}" time="${record.ms / 1000}"`
  const status = shown(record, result)
  if (status === 'pass') return `${open}/>\n`
  const tag = { fail: 'failure', error: 'error', blocked: 'skipped' }[status]
  const message = `${record.why?.expected ?? ''} ${record.why?.got ?? ''}`.trim()
  return `${open}><${tag} message="${xml(message)}"/></testcase>\n`
}

/** Advice that is not followed is no failure; a server that does not start must not look like tests left out. */
function shown(record: CheckRecord, result: RunResult): CheckRecord['status'] {
  if (result.trouble && record.status === 'blocked' && !isAdvice(record)) return 'fail'
  return isAdvice(record) && record.status === 'fail' ? 'pass' : record.status
}

function xml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    '\n': '&#10;',
    '\t': '&#9;',
  }
  return printable(text).replace(/[&<>"\n\t]/g, (character) => entities[character] ?? character)
}
