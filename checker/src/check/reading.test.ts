import { expect, test } from 'vitest'
import { stepHeadings } from './reading.ts'

test('the steps of a chapter are its headings of the form "## Step 3: …"', () => {
  const chapter = '# Lab\n## Step 1: Set it\ntext\n### Step 9: deeper\n## Step 2: Read it\n## Steps\n'
  expect([...stepHeadings(chapter)]).toEqual([
    [1, 'Step 1: Set it'],
    [2, 'Step 2: Read it'],
  ])
})
