// Finds the steps of a chapter: headings of the form "## Step 3: …".
import { readFileSync } from 'node:fs'
import type { Lab } from '../lab/lab.ts'

/** The heading of a step, without its marks: "Step 3: …". Empty for step 0, or when the chapter has no such step. */
export function stepHeading(lab: Lab, step: number): string {
  if (step === 0) return ''
  return stepHeadings(readFileSync(lab.chapter, 'utf8')).get(step) ?? ''
}

/** All steps of a chapter's text, by number. */
export function stepHeadings(chapter: string): Map<number, string> {
  const found = chapter.matchAll(/^## (Step (\d+): .+)$/gm)
  return new Map([...found].map((match) => [Number(match[2]), match[1] ?? '']))
}
