// Long texts in the middle of a sentence or a line are cut, with their length said.

/** The text itself, or its first `max` characters and how long it is. */
export function shorten(text: string, max = 60): string {
  return text.length <= max ? text : `${text.slice(0, max)}… (${text.length} characters)`
}
