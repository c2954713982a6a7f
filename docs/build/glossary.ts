// The glossary: its terms, and their links where a chapter first uses them.
import GithubSlugger from 'github-slugger'
import { escapeText } from './html.ts'
import { readText } from './page.ts'

export interface Term {
  /** The heading's anchor on the glossary's page. */
  anchor: string
  /** The heading, and what "Also called: …" adds. */
  names: Name[]
}

interface Name {
  text: string
  /** Written as code in the glossary: only this spelling is meant, `Secure` and not "secure"; without capitals, only code. */
  exact: boolean
}

/** Each `## heading` of the glossary is a term. A paragraph "Also called: a, b." gives it more names. */
export function readTerms(file: string): Term[] {
  const slugger = new GithubSlugger()
  const [top = '', ...sections] = readText(file).text.markdown.split(/^## /m)
  slugger.slug(/^# (.+)$/m.exec(top)?.[1] ?? '')
  return sections.map((section) => {
    const heading = section.split('\n', 1)[0]?.trim() ?? ''
    const also = /^Also called: ([^.]+)\.$/m.exec(section)?.[1]?.split(/,\s*/) ?? []
    const names = [heading, ...also].map((name) => ({
      text: name.replaceAll('`', ''),
      exact: name.startsWith('`'),
    }))
    return { anchor: slugger.slug(heading.replaceAll('`', '')), names }
  })
}

/** Links the first use of each term on one page. */
export class TermLinks {
  /** By name in small letters. */
  readonly #unused = new Map<string, { term: Term; name: Name }>()
  readonly #href: (anchor: string) => string
  #pattern: RegExp | undefined

  constructor(terms: Term[], href: (anchor: string) => string) {
    for (const term of terms) {
      for (const name of term.names) this.#unused.set(name.text.toLowerCase(), { term, name })
    }
    this.#href = href
    this.#findAgain()
  }

  /** Text as HTML, with links from the terms that the page has not used before. */
  inText(text: string): string {
    let html = ''
    let rest = text
    for (let match = this.#pattern?.exec(rest); match; match = this.#pattern?.exec(rest)) {
      const [found, name = ''] = match
      html += escapeText(rest.slice(0, match.index)) + this.#link(name, escapeText(found))
      rest = rest.slice(match.index + found.length)
    }
    return html + escapeText(rest)
  }

  /** A piece of code that is a term, perhaps with its value: `HttpOnly`, `Path=/`. */
  inCode(code: string, html: string): string {
    return this.#link(code.split('=', 1)[0] ?? '', html)
  }

  #link(name: string, html: string): string {
    const found = this.#unused.get(name.toLowerCase())
    if (!found || (found.name.exact && found.name.text !== name)) return html
    for (const used of found.term.names) this.#unused.delete(used.text.toLowerCase())
    this.#findAgain()
    return `<a class="term" href="${this.#href(found.term.anchor)}">${html}</a>`
  }

  /** Longer names first, so that "session fixation" is not taken for "session". */
  #findAgain(): void {
    const names = [...this.#unused]
      .filter(([small, { name }]) => !name.exact || name.text !== small)
      .map(([small]) => small)
      .sort((a, b) => b.length - a.length)
    const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    this.#pattern =
      names.length > 0 ? new RegExp(`(?<![\\w-])(${escaped.join('|')})(?:s|es)?(?![\\w-])`, 'i') : undefined
  }
}
