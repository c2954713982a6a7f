// What a client may send in a field. Given: nothing to do here.

/** The text without the white space around it; undefined when it is none, empty, or longer than `maxCharacters`. */
export function parseText(value: unknown, maxCharacters: number): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  // Spread, because `length` counts most emoji as two.
  return text !== '' && [...text].length <= maxCharacters ? text : undefined
}

/** A whole number from 0, as ids and times are; undefined when it is none. */
export function parseWholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
