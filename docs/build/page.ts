// A page: where its text comes from, where it goes, and what was found in it.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'

export type Part = 'home' | 'labs' | 'reference' | 'instructors' | 'instructor-labs'

/** A piece of markdown with its source, for links that are relative to it and for faults in it. */
export interface Text {
  file: string
  /** The line of the file on which the markdown begins. */
  firstLine: number
  markdown: string
}

export interface Page {
  /** Folder in the site, with forward slashes: `labs/03-session-table`, or `` for the home page. */
  folder: string
  part: Part
  /** The folder name of the lab that the page is about. */
  labId?: string
  /** Short title, for the navigation. */
  title: string
  /** What stands between the marks at the beginning of the file. */
  front: Record<string, unknown>
  texts: Text[]
}

export interface Heading {
  depth: number
  id: string
  html: string
}

/** Reads a markdown file, its front matter apart. */
export function readText(file: string): { text: Text; front: Record<string, unknown>; heading: string } {
  const all = readFileSync(file, 'utf8').replaceAll('\r\n', '\n')
  const [matter = '', inner = ''] = /^---\n([\s\S]*?)\n---\n/.exec(all) ?? []
  const markdown = all.slice(matter.length)
  return {
    text: { file, firstLine: matter.split('\n').length, markdown },
    front: (inner ? parse(inner) : {}) as Record<string, unknown>,
    heading: /^# (.+)$/m.exec(markdown)?.[1] ?? '',
  }
}

/** A page with the text of one file. */
export function readPage(file: string, where: { folder: string; part: Part; labId?: string }): Page {
  const { text, front, heading } = readText(file)
  return { ...where, title: String(front.title ?? heading), front, texts: [text] }
}

/** The page's address in the site: its folder and index.html, so that it also opens from a file. */
export function addressOf(page: { folder: string }): string {
  return page.folder === '' ? 'index.html' : `${page.folder}/index.html`
}

/** From a page to an address of the site, as a relative link. */
export function linkFrom(page: { folder: string }, address: string): string {
  return path.posix.relative(page.folder, address)
}
