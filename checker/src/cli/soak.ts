// The command line of `npm run soak`: does a verdict ever differ?
import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import { UsageError } from '../lab/errors.ts'
import { findLab, listLabs } from '../lab/lab.ts'
import { soak } from '../verify/soak.ts'
import { runProgram } from './program.ts'

process.on('SIGINT', () => process.exit(130))

const program = new Command('soak')
  .description('Judges every submission many times on a busy machine and counts the verdicts that differ.')
  .argument('[lab...]', 'only these labs')
  .option(
    '--runs <n>',
    'how many verdicts, in random order over all submissions',
    wholeNumber('--runs', 1),
    500,
  )
  .option(
    '--load <n>',
    'how many busy processes beside it: one for each core, or fewer on a machine that is busy anyway',
    wholeNumber('--load', 0),
    availableParallelism(),
  )
  .action(async (names: string[], { runs, load }: { runs: number; load: number }) => {
    const labs = names.length > 0 ? names.map(findLab) : listLabs()
    const { right, wrong } = await soak({
      labs,
      runs,
      load,
      tell(done, all, wrong) {
        if (wrong) {
          const { proof, seed, faults } = wrong
          console.log(`lab ${proof.lab.number}: ${proof.says}: not so with --seed ${seed}`)
          for (const fault of faults) console.log(fault.replace(/^/gm, '  '))
        }
        if (done % 100 === 0 || done === all) console.log(`${done} of ${all} runs`)
      },
    })
    console.log(`\nSoak: ${right} verdicts as they should be, ${wrong} different`)
    process.exitCode = wrong === 0 ? 0 : 1
  })

await runProgram(program)

/** Reads a whole number for an option. @throws UsageError */
function wholeNumber(option: string, least: number): (text: string) => number {
  return (text) => {
    if (/^\d{1,6}$/.test(text) && Number(text) >= least) return Number(text)
    throw new UsageError(`${option} takes a whole number from ${least} to 999999, not "${text}".`)
  }
}
