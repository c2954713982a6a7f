// Values as a student reads them: bin/store-host/values.js has words of its own for what JSON cannot say.

/** How much of a long text is shown. */
const TEXT_SHOWN_CHARACTERS = 8

/** As JSON, without the words of the store's process. */
export function shownJson(value: unknown): string {
  const readable = (_name: string, one: unknown) => {
    const { $text: long, $date: date } = (one ?? {}) as { $text?: [string, number]; $date?: string }
    if (long) return `${long[0].repeat(TEXT_SHOWN_CHARACTERS)}…`
    return date ?? one
  }
  return JSON.stringify(value, readable) ?? 'undefined'
}
