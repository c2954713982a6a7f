// The site: its pages in their order, and what all of them share while they are rendered.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../checker/src/lab/lab.ts'
import { type LabCourse, readCourse } from './course.ts'
import { Faults } from './fault.ts'
import { readTerms, type Term } from './glossary.ts'
import { instructorTexts, notesFile } from './instructor-lab.ts'
import { Links } from './links.ts'
import { type Page, readPage } from './page.ts'
import { readStandards, type Standards } from './standards.ts'

export const pagesFolder = path.join(root, 'docs', 'pages')

export interface Site {
  course: LabCourse[]
  pages: Page[]
  terms: Term[]
  standards: Standards
  links: Links
  faults: Faults
  /** What an author should know, but need not stop the build: texts that wait for their lab, for example. */
  notices: string[]
}

/** Reads everything. `student` leaves the instructor part out. */
export async function readSite({ student }: { student: boolean }): Promise<Site> {
  const course = await readCourse()
  const faults = new Faults()
  const notices: string[] = []
  const labs = course.map(({ lab }) =>
    readPage(lab.chapter, { folder: `labs/${lab.id}`, part: 'labs', labId: lab.id }),
  )
  const home = readPage(path.join(pagesFolder, 'index.md'), { folder: '', part: 'home' })
  const pages = [home, ...labs, ...writtenPages('.', 'reference')]
  if (!student) {
    pages.push(...writtenPages('instructors', 'instructors'), ...course.map(instructorPage))
    pages.push(...solutionNotes(course))
    notices.push(...waitingNotes(course))
  }
  return {
    course,
    pages,
    terms: readTerms(path.join(pagesFolder, 'glossary.md')),
    standards: readStandards(course, faults, notices),
    links: new Links(pages, faults),
    faults,
    notices,
  }
}

/** The pages that are written by hand, in the order that their front matter asks for. */
function writtenPages(folder: string, part: 'reference' | 'instructors'): Page[] {
  const names = readdirSync(path.join(pagesFolder, folder)).filter((name) => name.endsWith('.md'))
  return names
    .filter((name) => part === 'instructors' || name !== 'index.md')
    .map((name) => {
      const bare = path.basename(name, '.md')
      const address = path.posix.join(folder, bare === 'index' ? '.' : bare)
      return readPage(path.join(pagesFolder, folder, name), { folder: address, part })
    })
    .sort((a, b) => Number(a.front.order ?? 99) - Number(b.front.order ?? 99))
}

function instructorPage(entry: LabCourse): Page {
  return {
    folder: `instructors/${entry.lab.id}`,
    part: 'instructor-labs',
    labId: entry.lab.id,
    title: entry.lab.title,
    front: {},
    texts: instructorTexts(entry),
  }
}

/** solutions/NN-name/NOTES.md, where a solution has more to say than its comments do. */
function solutionNotes(course: LabCourse[]): Page[] {
  return course
    .map(({ lab }) => ({ lab, file: path.join(lab.solutionFolder, 'NOTES.md') }))
    .filter(({ file }) => existsSync(file))
    .map(({ lab, file }) =>
      readPage(file, { folder: `instructors/${lab.id}/notes`, part: 'instructor-labs', labId: lab.id }),
    )
}

/** Texts for instructors can be there before their lab, and a lab before its texts. */
function waitingNotes(course: LabCourse[]): string[] {
  const known = course.map(({ lab }) => lab.id)
  const notes = readdirSync(path.join(pagesFolder, 'instructors', 'labs'))
  return [
    ...notes
      .map((name) => path.basename(name, '.md'))
      .filter((id) => !known.includes(id))
      .map((id) => `docs/pages/instructors/labs/${id}.md waits for labs/${id}.`),
    ...course
      .filter(({ lab }) => !existsSync(notesFile(lab)))
      .map(
        ({ lab }) =>
          `Lab ${lab.number} has no docs/pages/instructors/labs/${lab.id}.md with goals and questions.`,
      ),
  ]
}
