// The command line of `npm run soak`: does a verdict ever differ?
import { Command } from 'commander'
import { findLab, listLabs } from '../lab/lab.ts'
import { soak } from '../verify/soak.ts'
import { runProgram } from './program.ts'

process.on('SIGINT', () => process.exit(130))

const program = new Command('soak')
  .description('Judges every submission many times on a busy machine and counts the verdicts that differ.')
  .argument('[lab...]', 'only these labs')
  .option('--rounds <n>', 'how often each submission is judged', Number, 2)
  .action(async (names: string[], { rounds }: { rounds: number }) => {
    const labs = names.length > 0 ? names.map(findLab) : listLabs()
    const { right, wrong } = await soak({
      labs,
      rounds,
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
