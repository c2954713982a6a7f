// What `npm run lab` says when the app cannot run.
import colors from 'picocolors'
import { compile } from '../app/compile.ts'
import { StartTrouble } from '../app/trouble.ts'
import type { Trouble } from '../check/record.ts'
import { UsageError } from '../lab/errors.ts'
import { shownPath } from '../lab/lab.ts'
import { printable, wrap } from '../render/words.ts'

/** Why the code does not compile, or undefined when it does. The app's own message for this would be a stack of the compiler's. */
export async function compileTrouble(folder: string): Promise<Trouble | undefined> {
  try {
    await compile(folder)
  } catch (error) {
    if (error instanceof StartTrouble) return error.trouble
    // Some editors remove a file for a moment when they save it.
    if (error instanceof UsageError)
      return { kind: 'missing', sentence: error.message, detail: [], advice: '' }
    throw error
  }
}

export function sayTrouble({ sentence, detail, advice }: Trouble, folder: string): void {
  console.log(`\n${wrap(colors.red(printable(sentence)), '  ')}`)
  for (const line of detail) console.log(`  ${printable(line)}`)
  console.log(wrap(printable(advice), '  '))
  console.log(`  I start the app again when you save a file in ${shownPath(folder)}.\n`)
}
