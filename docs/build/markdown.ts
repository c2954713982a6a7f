// Renders markdown. Raw HTML is shown as text and never runs; links, images and headings are looked at on the way.
import GithubSlugger from 'github-slugger'
import { Marked, type RendererObject, type Token, type Tokens } from 'marked'
import { codeBlock } from './code.ts'
import { diagramFigure } from './diagram.ts'
import type { Place } from './fault.ts'
import { TermLinks } from './glossary.ts'
import { escapeHtml, escapeText, textOf } from './html.ts'
import { lineOf, markLines } from './lines.ts'
import { type Heading, linkFrom, type Page, type Text } from './page.ts'
import type { Site } from './site.ts'

export interface Rendered {
  html: string
  headings: Heading[]
}

/** What a page adds to its own text. */
export interface Additions {
  /** HTML in place of a paragraph `{{ name argument }}`, or texts that are rendered there. */
  directive(name: string, argument: string, place: Place): string | Text[]
  /** HTML before a heading of the second level, and at the end (undefined): what belongs to the section above. */
  closeSection?(heading: string | undefined, place: Place): string
  /** Checks of the page's lab: their ids become links in a paragraph that begins with "Checks:". */
  checkIds?: Set<string>
  /** Link terms of the glossary. */
  glossary?: boolean
}

const DIRECTIVE = /^\{\{\s*([a-z-]+)(?:\s+(.+?))?\s*\}\}$/

/** Renders all texts of a page. Faults are collected in the site's. */
export function renderPage(site: Site, page: Page, additions: Additions): Rendered {
  return new PageRenderer(site, page, additions).render()
}

class PageRenderer {
  readonly #headings: Heading[] = []
  readonly #slugger = new GithubSlugger()
  readonly #terms: TermLinks
  readonly #marked: Marked
  readonly #site: Site
  readonly #page: Page
  readonly #additions: Additions
  #file = ''
  #depth = 0
  #diagrams = 0
  #insideLink = false
  #amongChecks = false

  constructor(site: Site, page: Page, additions: Additions) {
    this.#site = site
    this.#page = page
    this.#additions = additions
    this.#terms = new TermLinks(
      additions.glossary ? site.terms : [],
      (anchor) => `${linkFrom(page, 'glossary/index.html')}#${anchor}`,
    )
    this.#marked = new Marked({ gfm: true, renderer: this.#renderer() })
  }

  render(): Rendered {
    const html = this.#page.texts.map((text) => this.#text(text)).join('')
    const end = this.#additions.closeSection?.(undefined, { file: this.#file, line: 1 }) ?? ''
    return { html: html + end, headings: this.#headings }
  }

  #text({ file, firstLine, markdown }: Text): string {
    const outer = this.#file
    this.#file = file
    const tokens = this.#marked.lexer(markdown)
    markLines(tokens, firstLine)
    const html = tokens.map((token) => this.#block(token)).join('')
    this.#file = outer || file
    return html
  }

  #block(token: Token): string {
    const place = this.#place(token)
    const directive = token.type === 'paragraph' ? DIRECTIVE.exec(token.raw.trim()) : null
    if (directive) {
      const made = this.#additions.directive(directive[1] ?? '', directive[2] ?? '', place)
      return typeof made === 'string' ? made : made.map((text) => this.#text(text)).join('')
    }
    if (token.type === 'heading' && token.depth === 2) {
      const closed = this.#additions.closeSection?.(token.text, place) ?? ''
      return closed + this.#marked.parser([token])
    }
    this.#amongChecks = token.type === 'paragraph' && token.raw.startsWith('**Checks:**')
    return this.#marked.parser([token])
  }

  #place(token: Token): Place {
    return { file: this.#file, line: lineOf(token) }
  }

  #renderer(): RendererObject {
    // Marked calls these as methods of its own renderer, which knows the parser for what is inside a token.
    const self = this
    return {
      html: ({ text }) => escapeHtml(text),
      heading(token) {
        return self.#heading(
          token,
          self.#quietly(() => this.parser.parseInline(token.tokens)),
        )
      },
      link(token) {
        return self.#link(
          token,
          self.#quietly(() => this.parser.parseInline(token.tokens)),
        )
      },
      image: (token) => this.#image(token),
      text(token) {
        if ('tokens' in token && token.tokens) return this.parser.parseInline(token.tokens)
        return self.#insideLink ? escapeText(token.text) : self.#terms.inText(token.text)
      },
      codespan: ({ text }) => this.#codespan(text),
      code: (token) => this.#code(token),
      table(token) {
        return self.#table(token, (cell) => this.parser.parseInline(cell.tokens))
      },
    }
  }

  /** Without links from terms, which would be links inside of a link. */
  #quietly(inner: () => string): string {
    const before = this.#insideLink
    this.#insideLink = true
    const html = inner()
    this.#insideLink = before
    return html
  }

  #heading(token: Tokens.Heading, html: string): string {
    const { depth } = token
    if (depth > this.#depth + 1) {
      const last = this.#depth === 0 ? 'none' : `one of level ${this.#depth}`
      this.#site.faults.add(
        this.#place(token),
        `A heading of level ${depth} follows ${last}: a level is skipped.`,
      )
    }
    if (depth === 1 && this.#depth > 0) {
      this.#site.faults.add(this.#place(token), 'A page has one heading of level 1.')
    }
    this.#depth = depth
    const title = textOf(html)
    const id = this.#slugger.slug(title)
    this.#headings.push({ depth, id, html })
    if (depth === 1) return `<h1 id="${id}">${html}</h1>\n`
    // A short second address for a step, which stays when its heading is worded anew.
    const step = /^Step (\d+):/.exec(title)?.[1]
    const short = step ? `<span id="step-${step}"></span>` : ''
    return `<h${depth} id="${id}">${short}${html} <a class="anchor" href="#${id}" aria-label="Link to: ${escapeHtml(title)}">#</a></h${depth}>\n`
  }

  #link(token: Tokens.Link, html: string): string {
    const href = this.#site.links.resolve(this.#page, token.href, this.#place(token))
    if (href === undefined) return html
    const outside = /^(?:https?|mailto):/i.test(href)
    return `<a href="${escapeHtml(href)}"${outside ? ' class="outside" rel="noreferrer"' : ''}>${html}</a>`
  }

  #image(token: Tokens.Image): string {
    const place = this.#place(token)
    if (token.text.trim() === '') {
      this.#site.faults.add(place, `The image "${token.href}" has no text that says what it shows.`)
    }
    const source = this.#site.links.image(this.#page, token.href, place)
    return `<img src="${escapeHtml(source)}" alt="${escapeHtml(token.text)}">`
  }

  #codespan(text: string): string {
    const html = `<code>${escapeHtml(text)}</code>`
    if (this.#insideLink) return html
    if (this.#amongChecks && this.#additions.checkIds?.has(text))
      return `<a href="#check-${text}">${html}</a>`
    return this.#terms.inCode(text, html)
  }

  #code(token: Tokens.Code): string {
    const language = /^\S*/.exec(token.lang ?? '')?.[0] ?? ''
    if (language !== 'mermaid') return codeBlock(token.text, language)
    try {
      return diagramFigure(token.text, `diagram-${++this.#diagrams}`)
    } catch (error) {
      this.#site.faults.add(this.#place(token), (error as Error).message)
      return ''
    }
  }

  #table(token: Tokens.Table, inline: (cell: Tokens.TableCell) => string): string {
    // Header cells come first in the text, but nobody looks for a definition there.
    const header = this.#quietly(() =>
      token.header
        .map((cell) =>
          cell.text === ''
            ? '<td></td>'
            : `<th scope="col"${cell.align === 'right' ? ' class="right"' : ''}>${inline(cell)}</th>`,
        )
        .join(''),
    )
    const rows = token.rows.map(
      (row) =>
        `<tr>${row.map((cell) => `<td${cell.align === 'right' ? ' class="right"' : ''}>${inline(cell)}</td>`).join('')}</tr>`,
    )
    // A table of many columns scrolls on a narrow screen; with the keyboard, too.
    const columns = token.header.length
    const wide = columns > 3 ? ` tabindex="0" role="group" aria-label="Table" data-columns="${columns}"` : ''
    return `<div class="table"${wide}><table><thead><tr>${header}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>\n`
  }
}
