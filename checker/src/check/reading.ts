// Finds the steps of a chapter: headings of the form "## Step 3: …".
import { readFileSync } from 'node:fs'
import type { Lab } from '../lab/lab.ts'

/**
 * The heading of a step, without its marks: "Step 3: …". For what works from the start, step 0, it is the contract.
 * Empty when the chapter has no such heading.
 */
export function stepHeading(lab: Lab, step: number): string {
  const chapter = readFileSync(lab.chapter, 'utf8')
  if (step === 0) return /^## (The contract)$/m.exec(chapter)?.[1] ?? ''
  return stepHeadings(chapter).get(step) ?? ''
}

/** All steps of a chapter's text, by number. */
export function stepHeadings(chapter: string): Map<number, string> {
  const found = chapter.matchAll(/^## (Step (\d+): .+)$/gm)
  return new Map([...found].map((match) => [Number(match[2]), match[1] ?? '']))
}
