// The command line of `npm run soak`: does a verdict ever differ?
import { Command } from 'commander'
import { UsageError } from '../lab/errors.ts'
import { findLab, listLabs } from '../lab/lab.ts'
import { soak } from '../verify/soak.ts'
import { runProgram } from './program.ts'

process.on('SIGINT', () => process.exit(130))

const program = new Command('soak')
  .description('Judges every submission many times on a busy machine and counts the verdicts that differ.')
  .argument('[lab...]', 'only these labs')
  .option('--runs <n>', 'how many verdicts, in random order over all submissions', readCount, 500)
  .action(async (names: string[], { runs }: { runs: number }) => {
    const labs = names.length > 0 ? names.map(findLab) : listLabs()
    const { right, wrong } = await soak({
      labs,
      runs,
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

function readCount(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new UsageError(`--runs takes a whole number from 1 to 999999, not "${text}".`)
}
