// The frame around a page: head, navigation, contents, previous and next.
import { escapeHtml } from './html.ts'
import { addressOf, type Heading, linkFrom, type Page } from './page.ts'

/** Set before anything is drawn, so that a chosen theme does not flash. Storage can be forbidden. */
const THEME_FIRST =
  "try{var t=localStorage.getItem('theme');if(t)document.documentElement.dataset.theme=t}catch(e){}"

const SITE = 'Session Labs'

export interface Frame {
  page: Page
  pages: Page[]
  headings: Heading[]
  /** The page's own HTML. */
  main: string
  /** Above the heading. */
  above: string
}

/** The whole document. */
export function layout({ page, pages, headings, main, above }: Frame): string {
  const link = (address: string) => linkFrom(page, address)
  const title = page.part === 'home' ? SITE : `${fullTitle(page)} | ${SITE}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<script>${THEME_FIRST}</script>
<link rel="stylesheet" href="${link('theme/site.css')}">
</head>
<body data-root="${link('.') || '.'}" class="part-${page.part}">
<a class="skip" href="#content">To the content</a>
<header class="top">
<a class="brand" href="${link('index.html')}"><span class="mark" aria-hidden="true"></span>${SITE}</a>
<div class="tools">
<button type="button" class="tool needs-script" id="open-search" hidden>Search <kbd aria-hidden="true">/</kbd></button>
<button type="button" class="tool needs-script" id="switch-theme" hidden>Theme</button>
<button type="button" class="tool menu needs-script" id="open-menu" aria-expanded="false" aria-controls="site-nav" hidden>Menu</button>
</div>
</header>
<div class="frame">
<nav class="site" id="site-nav" aria-label="Pages">${navigation(page, pages)}</nav>
<main id="content" tabindex="-1">
${contents(headings)}
<article>
${above}${main}
</article>
${previousNext(page, pages)}
</main>
</div>
<dialog id="search" aria-label="Search">
<form method="dialog"><label for="search-text">Search all pages</label>
<div class="search-line"><input id="search-text" type="search" autocomplete="off" spellcheck="false"><button>Close</button></div></form>
<p id="search-says" role="status"></p>
<ol id="search-results"></ol>
</dialog>
<script src="${link('theme/site.js')}"></script>
</body>
</html>
`
}

/** The title as it reads outside of its part of the navigation. */
export function fullTitle(page: Page): string {
  const number = Number(page.labId?.slice(0, 2))
  if (page.part === 'labs') return `Lab ${number}: ${page.title}`
  if (page.part === 'instructor-labs' && !page.folder.endsWith('/notes')) {
    return `Lab ${number}, for instructors: ${page.title}`
  }
  return page.title
}

function navigation(page: Page, pages: Page[]): string {
  const group = (label: string, parts: Page['part'][], numbered: boolean) => {
    const items = pages
      .filter((one) => parts.includes(one.part))
      .map((one) => {
        const number =
          numbered && one.labId ? `<span class="number">${Number(one.labId.slice(0, 2))}</span> ` : ''
        const current = one === page ? ' aria-current="page"' : ''
        return `<li><a href="${linkFrom(page, addressOf(one))}"${current}>${number}${escapeHtml(one.title)}</a></li>`
      })
    return items.length === 0 ? '' : `<p class="group">${label}</p><ul>${items.join('')}</ul>`
  }
  return [
    group('Labs', ['labs'], true),
    group('To look up', ['reference'], false),
    group('For instructors', ['instructors'], false),
    group('Labs, for instructors', ['instructor-labs'], true),
  ].join('\n')
}

/** The page's own contents, where it has more than two sections. */
function contents(headings: Heading[]): string {
  const sections = headings.filter(({ depth }) => depth === 2)
  if (sections.length < 3) return ''
  const items = sections.map(({ id, html }) => `<li><a href="#${id}">${html}</a></li>`)
  return `<nav class="contents" aria-label="On this page"><details><summary>On this page</summary><ol>${items.join('')}</ol></details></nav>`
}

/** Neighbours within the same part of the site. */
function previousNext(page: Page, pages: Page[]): string {
  if (page.part === 'home') return ''
  const part = pages.filter((one) => one.part === page.part)
  const at = part.indexOf(page)
  const link = (one: Page | undefined, rel: string, word: string) =>
    one
      ? `<a rel="${rel}" class="${rel}" href="${linkFrom(page, addressOf(one))}"><span>${word}</span> ${escapeHtml(fullTitle(one))}</a>`
      : ''
  const links = link(part[at - 1], 'prev', 'Previous') + link(part[at + 1], 'next', 'Next')
  return links === '' ? '' : `<nav class="around" aria-label="Previous and next">${links}</nav>`
}
