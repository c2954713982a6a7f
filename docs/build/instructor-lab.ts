// The instructor's page of a lab: written goals and questions, and what follows from the lab's own sources.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Lab, root } from '../../checker/src/lab/lab.ts'
import { count } from '../../checker/src/render/words.ts'
import { type LabCourse, pointsOf } from './course.ts'
import { readText, type Text } from './page.ts'

/** The file with what is written for instructors about a lab. It can be missing. */
export function notesFile(lab: Lab): string {
  return path.join(root, 'docs', 'pages', 'instructors', 'labs', `${lab.id}.md`)
}

/** The texts of the page. Generated parts are directives, which directives.ts fills. */
export function instructorTexts({ lab, checks, mistakes }: LabCourse): Text[] {
  const generated = (markdown: string): Text => ({ file: lab.chapter, firstLine: 1, markdown })
  const sums = `${count(pointsOf(checks), 'point')} in ${count(checks.length, 'check')}, ${count(mistakes.length, 'known mistake')}`
  const top = `# Lab ${lab.number}, for instructors: ${lab.title}

The chapter: [${lab.title}](site:labs/${lab.id}/index.html). ${sums}.
`
  const bottom = `
## The points of each check

{{ points }}

## Common mistakes, and what the student sees

Each of these is a small change to the solution that is kept with the checker, and each fails exactly the check that it
is listed under. What waits for that check is then blocked, and costs its points as well.

{{ mistakes }}

## The solution, and how it differs from the starter

{{ solution }}
`
  const notes = existsSync(notesFile(lab)) ? [readText(notesFile(lab)).text] : []
  return [generated(top), ...notes, generated(bottom)]
}
