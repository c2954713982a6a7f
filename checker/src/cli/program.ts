// Runs a command line. Trouble that is known is told in its sentence: exit status 2 when the command was used wrongly,
// 3 when the machine lacks something.
import type { Command } from 'commander'
import { CheckerError, UsageError } from '../lab/errors.ts'

/** @throws every other error */
export async function runProgram(program: Command): Promise<void> {
  try {
    await program.parseAsync()
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof CheckerError)) throw error
    console.error(error.message)
    process.exitCode = error instanceof UsageError ? 2 : 3
  }
}
