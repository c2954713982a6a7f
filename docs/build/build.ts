// One build: reads, renders, looks for faults, and only then writes.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { root } from '../../checker/src/lab/lab.ts'
import { count } from '../../checker/src/render/words.ts'
import { ChapterChecks } from './chapter.ts'
import { pointsOf } from './course.ts'
import { checkCommands, Directives } from './directives.ts'
import { fullTitle, layout } from './layout.ts'
import { type Rendered, renderPage } from './markdown.ts'
import { addressOf, type Page } from './page.ts'
import { entriesOf, searchScript } from './search.ts'
import { readSite, type Site } from './site.ts'

export interface BuildOptions {
  /** Leave the instructor part out. */
  student: boolean
  /** Where the site goes. What was there before is removed. */
  outFolder: string
}

export interface BuildResult {
  pages: number
  notices: string[]
  /** `file:line: sentence`, one for each fault. With faults, nothing is written. */
  faults: string[]
}

/** Builds the whole site. */
export async function build({ student, outFolder }: BuildOptions): Promise<BuildResult> {
  const site = await readSite({ student })
  const directives = new Directives(site)
  const rendered = new Map(site.pages.map((page) => [page, renderWith(site, page, directives)]))
  directives.checkTroubles()
  site.links.checkAnchors(new Map([...rendered].map(([page, { html }]) => [addressOf(page), idsOf(html)])))
  const faults = site.faults.messages
  if (faults.length === 0) write(site, rendered, outFolder)
  return { pages: site.pages.length, notices: site.notices, faults }
}

function renderWith(site: Site, page: Page, directives: Directives): Rendered {
  checkCommands(site, page)
  const course = page.part === 'labs' ? site.course.find(({ lab }) => lab.id === page.labId) : undefined
  const checks = course && new ChapterChecks(course)
  const rendered = renderPage(site, page, {
    directive: (name, argument, place) => directives.fill(page, name, argument, place),
    closeSection: (heading) => checks?.close(heading) ?? '',
    checkIds: checks?.ids,
    glossary: checks !== undefined,
  })
  checks?.checkAllShown({ file: page.texts[0]?.file ?? '', line: 1 }, site.faults)
  return rendered
}

function idsOf(html: string): Set<string> {
  return new Set([...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1] ?? ''))
}

function write(site: Site, rendered: Map<Page, Rendered>, outFolder: string): void {
  rmSync(outFolder, { recursive: true, force: true })
  const entries: ReturnType<typeof entriesOf> = []
  for (const [page, { html, headings }] of rendered) {
    entries.push(...entriesOf(page, fullTitle(page), html, entries.length))
    const file = path.join(outFolder, addressOf(page))
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, layout({ page, pages: site.pages, headings, main: html, above: above(site, page) }))
  }
  const theme = path.join(outFolder, 'theme')
  mkdirSync(theme, { recursive: true })
  writeFileSync(path.join(theme, 'site.css'), themeFiles('.css'))
  writeFileSync(path.join(theme, 'site.js'), themeFiles('.js'))
  const minisearch = createRequire(import.meta.url).resolve('minisearch')
  const library = path.join(path.dirname(minisearch), '..', 'umd', 'index.js')
  const script = readFileSync(library, 'utf8').replace(/^\/\/# sourceMappingURL.*$/m, '')
  writeFileSync(path.join(theme, 'search.js'), `${script}\n${searchScript(entries)}`)
  for (const [file, address] of site.links.images) {
    mkdirSync(path.dirname(path.join(outFolder, address)), { recursive: true })
    cpSync(file, path.join(outFolder, address))
  }
}

/** All stylesheets, or all scripts, in one text, in the order of their names. */
function themeFiles(extension: string): string {
  const folder = path.join(root, 'docs', 'theme')
  const names = readdirSync(folder).filter((name) => name.endsWith(extension))
  return names
    .sort()
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n')
}

/** A line above the heading: what this lab asks for. */
function above(site: Site, page: Page): string {
  const course = page.part === 'labs' ? site.course.find(({ lab }) => lab.id === page.labId) : undefined
  if (!course) return ''
  const { minutes } = page.front
  const facts = [
    typeof minutes === 'number' && `${minutes} minutes`,
    course.steps.length > 0 && count(course.steps.length, 'step'),
    course.checks.length > 0 &&
      `${count(course.checks.length, 'check')}, ${count(pointsOf(course.checks), 'point')}`,
  ]
  return `<p class="facts">${facts.filter(Boolean).join(' · ')}</p>\n`
}
