// The few functions that make HTML from text.

/** Text as HTML shows it; also safe inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Text as markdown shows it, also in a cell of a table: nothing in it is markup. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|]/g, '\\$&')
}

/** Text of markdown as HTML shows it: an entity such as `&nbsp;` is left to the browser. */
export function escapeText(text: string): string {
  return escapeHtml(text).replace(/&amp;(#?\w+;)/g, '&$1')
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'", amp: '&' }

/** The text of a piece of HTML that this build made. */
export function textOf(html: string): string {
  return html
    .replace(/<svg[\s\S]*?<\/svg>/g, ' ')
    .replace(/<\/(?:p|li|h\d|td|th|tr|dt|dd|div|pre|summary)>/g, ' ')
    .replace(/<[^>]+>/g, '')
    .replace(/&(lt|gt|quot|#39|#x27|amp);/g, (_, name: string) => ENTITIES[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}
