// Sessions as JSON and back. What JSON has no word for is an object with one property that begins with `$`.
import { createCipheriv } from 'node:crypto'

/** A text longer than this is not sent whole: only how long it is, and its character if it is a `longText`. */
const TEXT_MAX_CHARACTERS = 2_000

/** @param value with { $date: ISO } for a Date, { $map: entries }, { $undefined: true }, { $bigint: digits }, { $text: [character, length] } */
export function decode(value) {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(decode)
  if ('$date' in value) return new Date(value.$date)
  if ('$map' in value) return new Map(value.$map)
  if ('$undefined' in value) return undefined
  if ('$bigint' in value) return BigInt(value.$bigint)
  if ('$text' in value) return longText(...value.$text)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, decode(one)]))
}

/**
 * The text of this length that begins with this character. The rest looks random, so that a store which compresses its
 * files has to write as much, and is another for another character, so that one cannot be the end of the other.
 */
function longText(character, length) {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, character), Buffer.alloc(16))
  return (character + cipher.update(Buffer.alloc(length)).toString('base64')).slice(0, length)
}

/** A session as a store gave it, or null for none: its own properties, and apart from them its cookie. */
export function describe(session) {
  if (session === undefined || session === null) return null
  if (typeof session !== 'object') return { data: { $value: encode(session) }, cookie: null }
  const { cookie, ...data } = session
  return { data: encode(data), cookie: describeCookie(cookie) }
}

/** What `all` gave: sessions in an array, or by their ids in an object. */
export function describeAll(all) {
  if (typeof all !== 'object' || all === null) return { kind: typeof all, sessions: [] }
  const kind = Array.isArray(all) ? 'array' : 'object'
  return { kind, sessions: Object.values(all).map(describe) }
}

export function describeError(error) {
  if (!(error instanceof Error)) return { message: String(error) }
  const { message, name, code, stack = '' } = error
  // Some say the whole statement, with the session that was to be stored.
  return { message: cut(message || name), code, stack: cut(String(stack).replace(message, cut(message))) }
}

function cut(text) {
  return String(text).slice(0, TEXT_MAX_CHARACTERS)
}

function describeCookie(cookie) {
  if (typeof cookie !== 'object' || cookie === null) return null
  const { httpOnly, path, sameSite, expires, maxAge } = cookie
  return { httpOnly, path, sameSite, expires: encode(expires), maxAge: encode(maxAge) }
}

function encode(value, depth = 0) {
  if (typeof value === 'string' && value.length > TEXT_MAX_CHARACTERS) {
    const same = value === longText(value[0], value.length)
    return { $text: [same ? value[0] : 'several', value.length] }
  }
  if (value === undefined) return { $undefined: true }
  if (typeof value === 'function' || typeof value === 'symbol') return { $other: typeof value }
  if (typeof value === 'bigint') return { $bigint: String(value) }
  if (typeof value !== 'object' || value === null) return value
  if (depth > 20) return { $other: 'deep' }
  if (value instanceof Date) return { $date: Number.isNaN(value.getTime()) ? null : value.toISOString() }
  if (value instanceof Map) return { $map: [...value].map((entry) => encode(entry, depth + 1)) }
  if (Array.isArray(value)) return value.map((one) => encode(one, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, encode(one, depth + 1)]))
}
