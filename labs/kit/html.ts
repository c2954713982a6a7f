// HTML in which every value from outside is text: the `html` tag escapes what is put into it.

/** A piece of HTML that is safe to send. Only the `html` tag makes one. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString(): string {
    return this.text
  }
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Turns text into HTML that shows exactly that text. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

function render(value: unknown): string {
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return value.map(render).join('')
  if (value === undefined || value === null || value === false) return ''
  return escapeHtml(String(value))
}

/**
 * Template tag for HTML: html`<p>${text}</p>` escapes `text`.
 * Values made by `html` itself go in as they are; lists are joined; null, undefined and false are left out.
 */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Html {
  return new Html(parts.reduce((whole, part, index) => whole + render(values[index - 1]) + part))
}

/** A whole page with a title, ready for `res.send`. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/kit/style.css">
<body>
${body}
</body>
</html>
`.text
}
