// Slips that show in what an app prints or answers, whatever the check is about.
import type { AppError } from '../app/triage.ts'
import type { Exchange } from '../http/exchange.ts'

/** Node refuses to change an answer whose head is on its way. */
export function isAnsweredTwice({ message }: AppError): boolean {
  return message.includes('ERR_HTTP_HEADERS_SENT')
}

/** @returns lines for the student */
export function answeredTwice({ place }: AppError): string[] {
  return [
    `Your app wanted to change an answer that it had sent already (ERR_HTTP_HEADERS_SENT)${place ? `, at ${place}` : ''}.`,
    'Is a return missing after an answer? Is next() called twice, or a cookie set after the answer?',
  ]
}

/** A promise, or nothing, where its value should be. @returns lines for the student */
export function missingAwait({ request, reply }: Exchange): string[] {
  if (!reply) return []
  const { location, setCookie, body } = reply
  if ([location ?? '', body, ...setCookie].some((text) => text.includes('[object Promise]')))
    return [
      'The answer has "[object Promise]" in it: an await is missing before the call that returns that promise.',
    ]
  // What Express makes of a promise that is given to res.cookie.
  if (setCookie.some((header) => /^[^=]+=(?:s%3A)?j%3A%7B%7D/.test(header)))
    return [
      "The cookie's value is the object {} as JSON: was it a promise, with an await missing before the call?",
    ]
  const address = [location ?? '', request.path].find((one) => /\b(?:undefined|NaN)\b/.test(one))
  if (address !== undefined)
    return [`The address ${address} has no value in it: is an await missing, or a name misspelled?`]
  return []
}
