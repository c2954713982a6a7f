// The verdict as a student reads it in the terminal: the first failure in full, the others in a line each.
import colors from 'picocolors'
import { type CheckRecord, isAdvice, type RunResult, type Trouble, totals } from '../check/record.ts'
import { curlCommands, sendsForeignKey } from './curl.ts'
import { shortenPairs, wireText } from './wire-text.ts'
import { count, printableLine, terminalColumns, wrap } from './words.ts'

const INDENT = '      '

export function pretty(results: RunResult[]): string {
  return `${results.map(prettyResult).join('\n\n')}\n`
}

function prettyResult(result: RunResult): string {
  const heading = `${colors.bold(`Lab ${result.lab.number}: ${result.lab.title}`)}  ${colors.dim(printableLine(result.folder))}`
  const first = result.records.find((record) => record.status === 'fail' || record.status === 'error')
  const body = result.trouble
    ? troubleLines(result.trouble, result)
    : [...summary(result.records), ...(first ? ['', ...explanation(first, result)] : [])]
  return ['', heading, '', ...body, '', closing(result, first)].join('\n')
}

/** A line for each check that ran, and one for all that wait. */
function summary(records: CheckRecord[]): string[] {
  const ran = records.filter((record) => record.status !== 'blocked').map(summaryLine)
  const waiting = records.filter((record) => record.status === 'blocked')
  if (waiting.length === 0) return ran
  const ids = waiting.map((record) => record.id).join(', ')
  const text = `· ${count(waiting.length, 'check')} (${count(totals(waiting).maxPoints, 'point')}) ${waiting.length === 1 ? 'waits' : 'wait'} for these: ${ids}`
  return [...ran, colors.dim(wrap(text, '  '))]
}

function summaryLine(record: CheckRecord): string {
  const [sign, paint] = signOf(record)
  const points = isAdvice(record) ? 'tip' : `${record.points}/${record.maxPoints}`
  // Sign, points and id take 26 columns; a line that wraps would hide the column of signs.
  const room = terminalColumns() - 26
  const name = record.name.length <= room ? record.name : `${record.name.slice(0, room - 1)}…`
  return `  ${paint(sign)} ${colors.dim(points)}  ${record.id.padEnd(16)} ${name}`
}

function signOf(record: CheckRecord): [sign: string, paint: (text: string) => string] {
  if (record.status === 'pass') return ['✓', colors.green]
  if (record.status === 'error') return ['?', colors.magenta]
  return isAdvice(record) ? ['!', colors.yellow] : ['✗', colors.red]
}

function explanation(record: CheckRecord, result: RunResult): string[] {
  const { why } = record
  if (!why) return []
  const title = `${colors.red(colors.bold(record.id))}: ${record.name}`
  const lines = [
    wrap(title, '  '),
    '',
    ...didLines(why.did),
    '',
    wrap(printableLine(why.expected), INDENT),
    wrap(colors.bold(printableLine(why.got)), INDENT),
  ]
  // A line that is set in, such as a row of a table, stays one.
  const shown = why.detail.map((line) =>
    line.startsWith(' ') ? INDENT + printableLine(line) : wrap(printableLine(line), INDENT),
  )
  lines.push(...shown.map(colors.yellow))
  const last = record.exchange.at(-1)
  if (last) {
    lines.push('', ...wireText(last, why.mark).map((line) => INDENT + colors.cyan('│ ') + paintCaret(line)))
    const [before, after] = [jar(last.jarBefore), jar(last.jarAfter)]
    // Two values that are cut to the same would tell nothing.
    if (before !== after) {
      lines.push('', `${INDENT}${last.visitor}'s cookies before: ${before}`)
      lines.push(`${INDENT}${last.visitor}'s cookies after:  ${after}`)
    }
    lines.push(...seeItYourself(record, result))
  }
  if (record.reads.heading)
    lines.push('', `${INDENT}Read: ${record.reads.heading}, in ${record.reads.chapter}`)
  lines.push(...hintLines(record, result))
  return lines
}

function seeItYourself({ exchange }: CheckRecord, { lab }: RunResult): string[] {
  const commands = curlCommands(exchange, lab.port)
  const running = `while "npm run lab ${lab.number}" runs`
  if (commands.length > 0) {
    const lines = commands.map((command) => `${INDENT}  ${colors.bold(printableLine(command))}`)
    return ['', `${INDENT}See it yourself ${running}:`, ...lines]
  }
  if (exchange.some((one) => one.elsewhere) || !sendsForeignKey(exchange)) return []
  const why = 'There is no curl command for this: the cookie above ended with this run.'
  return ['', wrap(`${why} You can do the same in the browser, ${running}.`, INDENT)]
}

function didLines(did: string[]): string[] {
  if (did.length <= 1) return did.map((sentence) => wrap(printableLine(sentence), INDENT))
  const numbered = did.map((sentence, index) => wrap(`${index + 1}. ${printableLine(sentence)}`, INDENT))
  return numbered.length <= 6 ? numbered : [...numbered.slice(0, 2), `${INDENT}…`, ...numbered.slice(-3)]
}

function hintLines(record: CheckRecord, result: RunResult): string[] {
  const again = `npx lab-check ${result.lab.number} --hint`
  if (record.hint.length === 0) return [`${INDENT}Stuck? A hint: ${colors.bold(again)}`]
  const hints = record.hint.map((hint, index) => wrap(`Hint ${index + 1} of 3: ${hint}`, INDENT))
  return ['', ...hints, ...(record.hint.length < 3 ? [`${INDENT}One more: ${colors.bold(again)}`] : [])]
}

function troubleLines(trouble: Trouble, { lab }: RunResult): string[] {
  const detail = trouble.detail.map((line) => INDENT + colors.cyan('│ ') + printableLine(line))
  return [
    wrap(`${colors.red('✗')} ${colors.bold(printableLine(trouble.sentence))}`, '  '),
    ...(detail.length > 0 ? ['', ...detail, ''] : []),
    wrap(printableLine(trouble.advice), INDENT),
    '',
    ...(trouble.hint?.map((hint) => wrap(hint, INDENT)) ?? [
      `${INDENT}Stuck? A hint: ${colors.bold(`npx lab-check ${lab.number} --hint`)}`,
    ]),
  ]
}

function closing(result: RunResult, first: CheckRecord | undefined): string {
  const { points, maxPoints } = totals(result.records)
  const score = `${points} of ${count(maxPoints, 'point')}`
  const seed = colors.dim(`(seed ${result.seed}, ${(result.ms / 1000).toFixed(2)} s)`)
  const done = result.records.every((record) => record.status === 'pass' || isAdvice(record))
  if (done) {
    const which = result.partial ? 'The checks that ran pass' : 'All checks pass'
    return `  ${colors.green(colors.bold(`${which}: ${score}.`))} ${seed}${whatNext(result)}`
  }
  if (result.trouble) return `  No check could run: ${score}. ${seed}`
  if (first?.status === 'error') return `  The checker could not finish. This is not your fault. ${seed}`
  return `  ${colors.bold(score)} ${seed}`
}

/** For a student who is through: the break is part of the lab. */
function whatNext({ lab, folder, partial }: RunResult): string {
  if (partial || folder !== `labs/${lab.id}`) return ''
  return `\n\n  Now break it: see the end of ${folder}/README.md\n  Then look at the solution beside yours: npx lab-check diff ${lab.number}`
}

function jar(cookies: string[]): string {
  return cookies.length === 0 ? '(none)' : printableLine(shortenPairs(cookies.join('; ')))
}

function paintCaret(line: string): string {
  return /^\s*\^ | \^$/.test(line) ? colors.red(line) : line
}
