// Curl commands that repeat what a check did against the student's own running lab.
import type { Exchange } from '../http/exchange.ts'
import { tokenCommands } from './curl-tokens.ts'

/** More than these would be a script; then the last request alone is shown, if its cookies say all that led to it. */
const STEPS_MAX = 5

/** Longer commands are of no use to anybody. */
const COMMAND_MAX_CHARACTERS = 600

/**
 * The commands that lead to the last exchange, one per line; empty when there is no sensible one.
 * Each visitor has a jar of their own, named after them, so that no other jar.txt is touched.
 * @param port the one that `npm run lab N` listens on
 */
export function curlCommands(exchanges: Exchange[], port: number): string[] {
  const last = exchanges.at(-1)
  // The student's one running app could not answer like several instances.
  if (!last || exchanges.some((one) => one.elsewhere)) return []
  const commands =
    tokenCommands(exchanges, STEPS_MAX, (one, body) =>
      command(one, port, headerOptions(one), one === last, body),
    ) ??
    (exchanges.every(isByJar) && exchanges.length > 1 && exchanges.length <= STEPS_MAX
      ? exchanges.map((one) => command(one, port, jarOptions(one), one === last))
      : sendsForeignKey(exchanges)
        ? []
        : [command(last, port, headerOptions(last), true)])
  return commands.every((one) => one.length <= COMMAND_MAX_CHARACTERS) ? commands : []
}

/**
 * Whether the last request sends a key that an answer has set. The rows behind it are gone with the run, so in a
 * command it would be of no use. A cookie that holds the state itself works anywhere.
 */
export function sendsForeignKey(exchanges: Exchange[]): boolean {
  const sent = (exchanges.at(-1)?.request.cookie ?? '').split('; ')
  const headers = exchanges.flatMap(({ reply }) => reply?.setCookie ?? [])
  // An answer that set it may be left out of the story; then it was in a jar.
  const set = [...headers.map((header) => header.split(';')[0]), ...exchanges.flatMap((one) => one.jarBefore)]
  return sent.some((pair) => set.includes(pair) && isKey(pair.slice(pair.indexOf('=') + 1)))
}

/** A key is drawn at random (80 bits are 14 characters in Base64), and may be signed. State is readable: as it is, or in Base64. */
function isKey(value: string): boolean {
  const [, payload] = /^(?:s(?:%3A|:))?([\w+/=-]{14,})(?:\.[\w+/=%-]+)?$/i.exec(value) ?? []
  return payload !== undefined && !/[{[]"/.test(Buffer.from(payload, 'base64url').toString('latin1'))
}

/** Whether the request had the cookies of the visitor's jar, or none. */
function isByJar({ request, jarBefore }: Exchange): boolean {
  return request.cookie === null || request.cookie === jarBefore.join('; ')
}

function jarOptions({ visitor }: Exchange): string {
  const jar = quote(`${visitor.toLowerCase().replaceAll(' ', '-')}.txt`)
  return `-b ${jar} -c ${jar}`
}

function headerOptions({ request }: Exchange): string {
  return request.cookie === null ? '' : `-H ${quote(`Cookie: ${request.cookie}`)}`
}

function command(
  { request, portOffset }: Exchange,
  port: number,
  cookies: string,
  showReply: boolean,
  /** The body, quoted for a shell. */
  body = quote(request.body ?? ''),
): string {
  const parts = [
    'curl',
    showReply ? '-i' : '-s',
    cookies,
    ...Object.entries(request.headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    request.method === 'GET' || request.method === 'POST' ? '' : `-X ${request.method}`,
    request.method === 'POST' ? `-d ${body}` : '',
    quote(`http://localhost:${port + portOffset}${request.path}`),
  ]
  return parts.filter(Boolean).join(' ')
}

/** Quotes for a shell only where it needs to; double quotes work in every shell. */
function quote(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  if (/[$`!\\]/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`
  return `"${text.replaceAll('"', '\\"')}"`
}
