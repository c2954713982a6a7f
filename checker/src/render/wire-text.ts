// An exchange as text: the request, the reply, and a caret under what is wrong.
import type { Mark } from '../check/record.ts'
import type { Exchange } from '../http/exchange.ts'
import { visibleText } from '../http/page.ts'
import { printable } from './words.ts'

/** Longer values are cut in the middle: enough is left to tell two of them apart. */
const VALUE_MAX_CHARACTERS = 34

/** Texts in JSON, such as tokens, are cut shorter, so that one line shows the fields behind them. */
const JSON_TEXT_MAX_CHARACTERS = 20

/** A longer path is a check's, which tries how much the app takes. */
const PATH_MAX_CHARACTERS = 120

const BODY_MAX_LINES = 8
const LINE_MAX_CHARACTERS = 84

/** The exchange line by line. With a mark, a line with a caret and the mark's note follows what it points at. */
export function wireText(exchange: Exchange, mark?: Mark): string[] {
  return [...requestLines(exchange), '', ...replyLines(exchange, mark)]
    .flatMap((line) => line.split('\n'))
    .map(printable)
}

function requestLines({ request }: Exchange): string[] {
  const body = request.body ? ['', shortenMiddle(shortenTexts(request.body), LINE_MAX_CHARACTERS)] : []
  return [
    `${request.method} ${shortenMiddle(request.path, PATH_MAX_CHARACTERS)} HTTP/1.1`,
    ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
    ...(request.cookie === null ? [] : [`Cookie: ${shortenPairs(request.cookie)}`]),
    ...body,
  ]
}

function replyLines({ reply }: Exchange, mark?: Mark): string[] {
  if (!reply) return ['(no answer)']
  const headers = [
    ...(reply.location === null ? [] : [`Location: ${reply.location}`]),
    ...reply.setCookie.map((header) => `Set-Cookie: ${shortenPairs(header)}`),
    ...(mark?.line === 'Content-Type:' ? [`Content-Type: ${reply.contentType ?? ''}`] : []),
  ]
  const lines = [`HTTP/1.1 ${reply.status} ${reply.statusText}`, ...headers]
  const body = bodyLines(reply.body, reply.contentType ?? '', mark)
  if (!mark || mark.line === 'body') return [...lines, ...body]
  const index = lineOf(mark, lines)
  if (index === -1) return [...lines, `^ ${mark.note}`, ...body]
  return [...lines.slice(0, index + 1), caret(lines[index] ?? '', mark), ...lines.slice(index + 1), ...body]
}

/** Where the marked line is; -1 when the reply has no such line. */
function lineOf(mark: Mark, lines: string[]): number {
  const meant = `${mark.line} ${shortenPairs(mark.header ?? '')}`
  if (mark.header !== undefined && lines.includes(meant)) return lines.indexOf(meant)
  const start = mark.line === 'status' ? 'HTTP/' : mark.line
  return lines.findLastIndex((line) => line.startsWith(start))
}

/** The part of the body that matters: where the marked text stands, or the beginning of what a person sees. */
function bodyLines(whole: string, contentType: string, mark?: Mark): string[] {
  if (mark?.line !== 'body') return []
  const body = shortenTexts(whole)
  const text = contentType.includes('html') ? visibleText(body) : body.trim()
  if (mark.at !== '') {
    // As a person sees it, unless it is about what nobody sees, such as a tag.
    const line = [text, body].flatMap((one) => one.split('\n')).find((one) => one.includes(mark.at))
    if (line !== undefined) {
      const shown = excerpt(line.trim(), mark.at)
      return ['', shown, caret(shown, mark)]
    }
  }
  const pieces =
    text.match(new RegExp(`.{1,${LINE_MAX_CHARACTERS - 10}}(?:\\s|$)|.{${LINE_MAX_CHARACTERS}}`, 'gs')) ?? []
  const shown = pieces.length === 0 ? ['(an empty body)'] : pieces.slice(0, BODY_MAX_LINES)
  return ['', ...shown, ...(pieces.length > BODY_MAX_LINES ? ['…'] : []), `^ ${mark.note}`]
}

/** As much of a line as fits around `at`, cut between words and tags. */
function excerpt(line: string, at: string): string {
  if (line.length <= LINE_MAX_CHARACTERS) return line
  // Where a line can be cut: before a word, before a tag and behind one, but not inside of a tag.
  const cuts = [...line.matchAll(/<[^<>]*>|[^\s<>]+|[<>]/g)]
    .flatMap(({ index, 0: piece }) => [index, index + piece.length])
    .filter((index, position, all) => all.indexOf(index) === position)
  const place = line.indexOf(at)
  const begin = cuts.find((cut) => cut >= place - 40 && cut <= place) ?? place
  const end = cuts.findLast((cut) => cut >= place + at.length && cut <= begin + LINE_MAX_CHARACTERS)
  const last = end ?? Math.min(line.length, begin + LINE_MAX_CHARACTERS)
  return `${begin > 0 ? '…' : ''}${line.slice(begin, last).trim()}${last < line.length ? '…' : ''}`
}

/** The note stands behind the caret, or before it where it would leave the terminal. */
function caret(line: string, mark: Mark): string {
  // As they will be shown: a control character takes more room than one.
  const shown = printable(line)
  const from = mark.line.endsWith(':') ? mark.line.length : 0
  const found = [mark.at, shortenPairs(mark.at)]
    .map((at) => (at === '' ? -1 : shown.indexOf(printable(at), from)))
    .find((index) => index !== -1)
  const column = found ?? shown.length + 1
  const fits = column + mark.note.length + 2 <= LINE_MAX_CHARACTERS || mark.note.length + 1 > column
  if (fits) return `${' '.repeat(column)}^ ${mark.note}`
  return `${' '.repeat(column - mark.note.length - 1)}${mark.note} ^`
}

/** `name=value; name=value`, each value cut in the middle when it is long. */
export function shortenPairs(pairs: string): string {
  const shown = pairs.split('; ').map((pair) => {
    const equals = pair.indexOf('=')
    if (equals === -1) return shortenMiddle(pair, VALUE_MAX_CHARACTERS)
    return pair.slice(0, equals + 1) + shortenMiddle(pair.slice(equals + 1), VALUE_MAX_CHARACTERS)
  })
  return shown.length > 8 ? `${shown.slice(0, 8).join('; ')}; … (${shown.length} cookies)` : shown.join('; ')
}

/** A JSON object with long texts cut in the middle; everything else as it is. */
function shortenTexts(body: string): string {
  if (!/^\s*\{/.test(body)) return body
  return body.replace(
    /"((?:[^"\\]|\\.)*)"/g,
    (_, text: string) => `"${shortenMiddle(text, JSON_TEXT_MAX_CHARACTERS)}"`,
  )
}

function shortenMiddle(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 9)}…${text.slice(-8)}`
}
