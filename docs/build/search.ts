// What the search looks through: each section of each page. The browser makes its index from it, at the first search.
import { textOf } from './html.ts'
import { addressOf, type Page } from './page.ts'

interface Entry {
  id: number
  page: string
  heading: string
  address: string
  text: string
}

/** The sections of a rendered page. Parts marked `data-search="off"` are left out. */
export function entriesOf(page: Page, title: string, html: string, firstId: number): Entry[] {
  const searched = html.replace(/<div class="diffs" data-search="off">[\s\S]*?<\/details>\n<\/div>/g, '')
  const pieces = searched.split(/(?=<h[1-3] id=")/).filter((piece) => piece.trim() !== '')
  return pieces.map((piece, index) => {
    const [whole = '', id = '', inner = ''] = /^<h[1-3] id="([^"]+)">([\s\S]*?)<\/h[1-3]>/.exec(piece) ?? []
    return {
      id: firstId + index,
      page: title,
      heading: textOf(inner.replace(/<a class="anchor"[\s\S]*?<\/a>/, '')),
      address: addressOf(page) + (id && index > 0 ? `#${id}` : ''),
      text: textOf(piece.slice(whole.length)),
    }
  })
}

/** A classic script, because pages opened from files can neither fetch nor import. */
export function searchScript(entries: Entry[]): string {
  return `window.searchEntries=${JSON.stringify(entries).replaceAll('<', '\\u003c')}\n`
}
