// Runs a command line; what was used wrongly is told in its sentence, with exit status 2.
import type { Command } from 'commander'
import { UsageError } from '../lab/errors.ts'

/** @throws every other error */
export async function runProgram(program: Command): Promise<void> {
  try {
    await program.parseAsync()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(error.message)
    process.exitCode = 2
  }
}
