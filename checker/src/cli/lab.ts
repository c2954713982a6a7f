// The command line of `npm run lab N`.
import { Command } from 'commander'
import { findLab } from '../lab/lab.ts'
import { runProgram } from './program.ts'

const program = new Command('lab')
  .usage('N')
  .description('Starts a lab on this computer and restarts it at every save.')
  .argument('<lab>', '3, 03 or 03-session-table')
  .option('--solution', 'start the reference solution instead')
  .action(async (name: string, flags: { solution?: boolean }) => {
    const { serveLab } = await import('../serve/serve-lab.ts')
    // `npm run lab 3 --solution`, without the `--` in between, reaches us only through npm's environment.
    const solution = flags.solution === true || process.env.npm_config_solution === 'true'
    await serveLab(findLab(name), solution)
  })

if (process.argv.length <= 2) process.argv.push('--help')

await runProgram(program)
