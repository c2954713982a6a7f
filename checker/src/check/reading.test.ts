import path from 'node:path'
import { expect, test } from 'vitest'
import type { Lab } from '../lab/lab.ts'
import { makeFolder } from '../testing/workbook.ts'
import { stepHeading, stepHeadings } from './reading.ts'

test('the steps of a chapter are its headings of the form "## Step 3: …"', () => {
  const chapter = '# Lab\n## Step 1: Set it\ntext\n### Step 9: deeper\n## Step 2: Read it\n## Steps\n'
  expect([...stepHeadings(chapter)]).toEqual([
    [1, 'Step 1: Set it'],
    [2, 'Step 2: Read it'],
  ])
})

test('what works from the start is in the contract, if the chapter has one', () => {
  const folder = makeFolder({ 'a.md': '# Lab\n## Step 1: Set it\n## The contract\n', 'b.md': '# Lab\n' })
  const lab = (name: string) => ({ chapter: path.join(folder, name) }) as Lab
  expect(stepHeading(lab('a.md'), 0)).toBe('The contract')
  expect(stepHeading(lab('a.md'), 1)).toBe('Step 1: Set it')
  expect(stepHeading(lab('a.md'), 2)).toBe('')
  expect(stepHeading(lab('b.md'), 0)).toBe('')
})
