// Where links lead: from the sources' files to the site's pages. What leads nowhere stops the build.
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../checker/src/lab/lab.ts'
import type { Faults, Place } from './fault.ts'
import { addressOf, linkFrom, type Page } from './page.ts'

interface Anchored {
  address: string
  anchor: string
  place: Place
}

export class Links {
  /** Images that pages show: the file, and its address in the site. */
  readonly images = new Map<string, string>()
  readonly #bySource = new Map<string, Page>()
  readonly #anchored: Anchored[] = []
  readonly #faults: Faults

  constructor(pages: Page[], faults: Faults) {
    this.#faults = faults
    // An instructor page without notes of its own borrows its lab's chapter as a source; the chapter comes first.
    for (const page of pages) {
      for (const { file } of page.texts) if (!this.#bySource.has(file)) this.#bySource.set(file, page)
    }
  }

  /**
   * A link as the page has to write it. `site:` begins an address of the site, for generated texts.
   * @returns undefined when there is something, but no page of this site to link to
   */
  resolve(page: Page, href: string, place: Place): string | undefined {
    if (/^(?:https?|mailto):/i.test(href)) return href
    const [target = '', anchor] = href.split('#', 2)
    const address = target === '' ? addressOf(page) : this.#addressOf(target, place)
    if (address === undefined) return undefined
    if (anchor !== undefined) this.#anchored.push({ address, anchor, place })
    const own = address === addressOf(page) && anchor !== undefined
    return `${own ? '' : linkFrom(page, address)}${anchor === undefined ? '' : `#${anchor}`}`
  }

  #addressOf(target: string, place: Place): string | undefined {
    if (target.startsWith('site:')) return target.slice('site:'.length)
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) {
      this.#faults.add(
        place,
        `A link begins with "${target.split(':')[0]}:". Links are http, https, mailto or a file's path.`,
      )
      return undefined
    }
    let file = fileBeside(place.file, target)
    if (target.startsWith('/') || !existsSync(file)) {
      this.#faults.add(place, `The link "${target}" leads to ${missing(file)} that is not there.`)
      return undefined
    }
    if (statSync(file).isDirectory()) file = path.join(file, 'README.md')
    const page = this.#bySource.get(file)
    return page && addressOf(page)
  }

  /** The address of an image, which is copied into the site. */
  image(page: Page, source: string, place: Place): string {
    const file = fileBeside(place.file, source)
    if (/^[a-z]+:/i.test(source) || !existsSync(file)) {
      this.#faults.add(place, `The image "${source}" is not there.`)
      return ''
    }
    const address = `images/${path.relative(root, file).replaceAll(/[\\/]/g, '-')}`
    this.images.set(file, address)
    return linkFrom(page, address)
  }

  /** Every link to a place in a page has to find it; `ids` are those of each page, by its address. */
  checkAnchors(ids: Map<string, Set<string>>): void {
    for (const { address, anchor, place } of this.#anchored) {
      const known = ids.get(address)
      if (!known) this.#faults.add(place, `The site has no page "${address}".`)
      else if (!known.has(anchor)) this.#faults.add(place, `The page "${address}" has no place "#${anchor}".`)
    }
  }
}

function fileBeside(file: string, target: string): string {
  return path.resolve(path.dirname(file), decodePath(target))
}

/** A path with a percent sign that encodes nothing is taken as it is. */
function decodePath(target: string): string {
  try {
    return decodeURI(target)
  } catch {
    return target
  }
}

/** A file, or the whole lab that it would be in. */
function missing(file: string): string {
  const [folder, id] =
    /labs\/(\d\d-[a-z0-9-]+)/.exec(path.relative(root, file).replaceAll(path.sep, '/')) ?? []
  return folder && !existsSync(path.join(root, folder)) ? `a lab "${id}"` : 'a file'
}
