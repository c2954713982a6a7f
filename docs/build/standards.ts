// Which requirement of OWASP ASVS 5 and which section of the Session Management Cheat Sheet each check is about.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { root } from '../../checker/src/lab/lab.ts'
import type { LabCourse } from './course.ts'
import type { Faults } from './fault.ts'
import { escapeMarkdown } from './html.ts'

export interface Standards {
  /** What a requirement asks for, in our words, by its number: `7.2.4`. */
  requirements: Record<string, string>
  /** Headings of the cheat sheet, by a short name. */
  sheet: Record<string, string>
  /** By lab and check. `none`: the check is about the app's own behaviour. */
  labs: Record<string, Record<string, Mapping | 'none'>>
}

export interface Mapping {
  asvs?: string[]
  sheet?: string[]
}

const file = path.join(root, 'docs', 'standards.yaml')

/** An entry for a check that is not there stops the build; a check without an entry is listed as open. */
export function readStandards(course: LabCourse[], faults: Faults, notices: string[]): Standards {
  const counter = new LineCounter()
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: counter })
  const standards = document.toJS() as Standards
  const placeOf = (...keys: string[]) => {
    const node = document.getIn(keys, true) as { range?: [number, number, number] } | undefined
    return { file, line: counter.linePos(node?.range?.[0] ?? 0).line }
  }
  for (const { lab, checks } of course) {
    const entries = standards.labs[lab.id] ?? {}
    for (const [id, mapping] of Object.entries(entries)) {
      const place = placeOf('labs', lab.id, id)
      if (!checks.some((check) => check.id === id))
        faults.add(place, `Lab ${lab.number} has no check "${id}".`)
      if (mapping === 'none') continue
      for (const number of mapping.asvs ?? []) {
        if (!standards.requirements[number])
          faults.add(place, `The requirement ${number} is not listed above.`)
      }
      for (const name of mapping.sheet ?? []) {
        if (!standards.sheet[name])
          faults.add(place, `The cheat sheet's section "${name}" is not listed above.`)
      }
    }
    const open = checks.filter(({ id }) => entries[id] === undefined).map(({ id }) => id)
    if (open.length > 0)
      notices.push(`docs/standards.yaml has no entry for lab ${lab.number}: ${open.join(', ')}.`)
  }
  return standards
}

/** The table of one lab, as markdown. */
export function mappingTable({ lab, checks }: LabCourse, { labs, sheet }: Standards): string {
  const rows = checks.map(({ id, name }) => {
    const mapping = labs[lab.id]?.[id]
    const link = `[\`${id}\`](site:labs/${lab.id}/index.html#check-${id}) ${escapeMarkdown(name)}`
    if (mapping === undefined) return `| ${link} | not mapped yet | |`
    if (mapping === 'none') return `| ${link} | none | none |`
    const numbers = (mapping.asvs ?? []).map((one) => `[${one}](#${anchorOf(one)})`).join(', ')
    return `| ${link} | ${numbers || 'none'} | ${(mapping.sheet ?? []).map((one) => sheet[one]).join(', ') || 'none'} |`
  })
  return `| check | ASVS 5.0 | cheat sheet, section |\n|---|---|---|\n${rows.join('\n')}\n`
}

/** The requirements that are used, each with the checks that are about it, as markdown headings to link to. */
export function requirementList(course: LabCourse[], { requirements, labs }: Standards): string {
  return Object.entries(requirements)
    .map(([number, text]) => {
      const checks = course.flatMap(({ lab, checks }) =>
        checks
          .filter(({ id }) => {
            const mapping = labs[lab.id]?.[id]
            return mapping !== undefined && mapping !== 'none' && mapping.asvs?.includes(number)
          })
          .map(({ id }) => `[lab ${lab.number}: \`${id}\`](site:labs/${lab.id}/index.html#check-${id})`),
      )
      const used = checks.length > 0 ? checks.join(', ') : 'no check yet'
      return `### ${number}\n\n${text} Checked by ${used}.\n`
    })
    .join('\n')
}

/** The anchor of a heading `7.2.4`. */
function anchorOf(number: string): string {
  return number.replaceAll('.', '')
}
