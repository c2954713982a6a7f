// The generated parts of written pages: a paragraph `{{ name }}` or `{{ name argument }}` stands for one.
import type { Place } from './fault.ts'
import { labCards, labTable } from './lab-lists.ts'
import { mistakesHtml, pointsTable } from './mistakes.ts'
import type { Page, Text } from './page.ts'
import type { Site } from './site.ts'
import { solutionDiff } from './solution.ts'
import { mappingTable, requirementList } from './standards.ts'
import { type KnownTrouble, readTroubles } from './trouble.ts'

/** Fills the directives of all pages, and says in the end which troubles no page explains. */
export class Directives {
  readonly #troubles: Map<string, KnownTrouble> = readTroubles()
  readonly #explained = new Set<string>()
  readonly #site: Site

  constructor(site: Site) {
    this.#site = site
  }

  /** HTML, or texts that are rendered in the directive's place. */
  fill(page: Page, name: string, argument: string, place: Place): string | Text[] {
    const { course, standards, pages } = this.#site
    const texts = (markdown: string): Text[] => [{ file: place.file, firstLine: place.line, markdown }]
    const lab = course.find((entry) => entry.lab.id === page.labId)
    switch (name) {
      case 'labs':
        return labCards(course, page)
      case 'lab-table':
        return texts(labTable(course, pages))
      case 'trouble':
        return texts(this.#trouble(argument, place))
      case 'mapping':
        return texts(
          course
            .map(
              (entry) =>
                `### Lab ${entry.lab.number}: ${entry.lab.title}\n\n${mappingTable(entry, standards)}`,
            )
            .join('\n'),
        )
      case 'requirements':
        return texts(requirementList(course, standards))
      case 'points':
        return lab ? texts(pointsTable(lab)) : this.#unknown(name, place)
      case 'mistakes':
        return lab ? mistakesHtml(lab, page) : this.#unknown(name, place)
      case 'solution':
        return lab ? solutionDiff(lab.lab) : this.#unknown(name, place)
      default:
        return this.#unknown(name, place)
    }
  }

  /** Every trouble has its section; one that has none stops the build. */
  checkTroubles(): void {
    for (const { kind, place } of this.#troubles.values()) {
      if (this.#explained.has(kind)) continue
      this.#site.faults.add(
        place,
        `The trouble "${kind}" has no section in docs/pages/when.md: {{ trouble ${kind} }}.`,
      )
    }
  }

  #trouble(kind: string, place: Place): string {
    const trouble = this.#troubles.get(kind)
    if (!trouble) {
      this.#site.faults.add(place, `The checker has no trouble "${kind}".`)
      return ''
    }
    this.#explained.add(kind)
    return trouble.says.length === 0 ? '' : `\`\`\`text\n${trouble.says.join('\n')}\n\`\`\`\n`
  }

  #unknown(name: string, place: Place): string {
    this.#site.faults.add(place, `There is nothing that fills {{ ${name} }} here.`)
    return ''
  }
}

/** A lab that a text names in a command, such as `npx lab-check 9`, has to be there. */
export function checkCommands(site: Site, page: Page): void {
  const known = site.course.map(({ lab }) => lab.number)
  for (const { file, firstLine, markdown } of page.texts) {
    markdown.split('\n').forEach((line, index) => {
      for (const [command, , number] of line.matchAll(
        /\b(npm run lab|npx lab-check(?: diff| reset)?) (\d+)\b/g,
      )) {
        if (known.includes(Number(number))) continue
        const place = { file, line: firstLine + index }
        site.faults.add(place, `The command "${command}" names a lab that is not there.`)
      }
    })
  }
}
