// The command line of lab-check: arguments in, exit status out. The work is done elsewhere.
import { Command, CommanderError, Option } from 'commander'
import { CheckerError, UsageError } from '../lab/errors.ts'

// Any other program may send SIGUSR1, and Node would answer it with an open inspector.
if (process.platform !== 'win32') process.on('SIGUSR1', () => {})
process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))

export interface CheckFlags {
  dir?: string
  solution?: boolean
  watch?: boolean
  hint?: boolean
  only?: string
  without?: string[]
  seed?: string
  format: 'pretty' | 'json' | 'junit' | 'tap'
  list?: boolean
}

const program = new Command('lab-check')
  .description('Checks your work on the labs, from outside, and explains what it finds.')
  .argument('[lab...]', 'labs to check: 3, 03 or 03-session-table; without one, your progress is shown')
  .option('--dir <path>', 'check that folder as the work for the lab')
  .option('--solution', 'check the reference solution')
  .option('--watch', 'check again at every save')
  .option('--hint', 'give one more hint for the first failing check')
  .option('--only <check>', 'run one check, with what it depends on')
  // For who works on the checks.
  .addOption(new Option('--without <checks...>', 'leave these checks out').hideHelp())
  .option('--seed <hex>', 'repeat a run exactly')
  .addOption(
    new Option('--format <format>', 'form of the result')
      .choices(['pretty', 'json', 'junit', 'tap'])
      .default('pretty'),
  )
  .option('--list', 'list the labs and their checks, with points')
  .addHelpText(
    'after',
    `
Exit status: 0 every check passes, 1 the work falls short, 2 used wrongly, 3 the checker or the machine is at fault.`,
  )
  .action(async (labs: string[], flags: CheckFlags) => {
    const { checkCommand } = await import('../commands/check.ts')
    return checkCommand(labs, flags)
  })

program
  .command('doctor')
  .description('look whether this machine has what the labs need')
  .action(async () => (await import('../commands/doctor.ts')).doctorCommand())

program
  .command('diff <lab>')
  .description('your work beside the solution, once all checks pass')
  .option('--spoil', 'show it before that')
  .action(async (lab: string, flags: { spoil?: boolean }) =>
    (await import('../commands/diff.ts')).diffCommand(lab, flags),
  )

program
  .command('reset <lab>')
  .description('back to the starter; your work is kept aside')
  .action(async (lab: string) => (await import('../commands/reset.ts')).resetCommand(lab))

for (const command of [program, ...program.commands])
  command.exitOverride().showHelpAfterError('(lab-check --help says more)')

let done = false
process.on('exit', (status) => {
  if (done || status !== 0) return
  console.error('lab-check ended before it had a verdict.')
  process.exitCode = 3
})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = statusOf(error)
}
done = true

function statusOf(error: unknown): number {
  // Commander has already printed its message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof UsageError) {
    console.error(error.message)
    return 2
  }
  console.error(error instanceof CheckerError ? error.message : error)
  console.error('This is the checker’s trouble, not yours. "npx lab-check doctor" may tell more.')
  return 3
}
