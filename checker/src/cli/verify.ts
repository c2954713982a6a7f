// The command line of `npm run verify`: the author's check of the course itself.
import { Command } from 'commander'
import colors from 'picocolors'
import { findLab, listLabs } from '../lab/lab.ts'
import { proveChapter } from '../verify/chapter-proof.ts'
import { type Extent, prove, updateGolden } from '../verify/verify.ts'
import { runProgram } from './program.ts'

process.on('SIGINT', () => process.exit(130))

const program = new Command('verify')
  .description(
    'Proves that starters fail, solutions and alternatives pass, each mistake fails its check, and chapters are true.',
  )
  .argument('[lab...]', 'only these labs')
  .option('--update', 'write what the commands of the chapters really print into them')
  .option(
    '--golden',
    'write the texts that the mistakes lead to (checker/mistakes/golden): read them before you commit',
  )
  .option('--match <text>', 'only the proofs whose sentence has this text, such as "fails grace"')
  .option('--quick', 'judge each mistake by its own check alone, and compare no words: a third of the time')
  .action(async (names: string[], flags: Extent & { update?: boolean; golden?: boolean }) => {
    const labs = names.length > 0 ? names.map(findLab) : listLabs()
    if (flags.update) {
      for (const lab of labs) await proveChapter(lab, true)
      return
    }
    if (flags.golden) {
      for (const lab of labs)
        await updateGolden(lab, flags, ({ id }, faults) => {
          console.log(`${signOf(faults)} lab ${lab.number}: ${id}`)
          for (const fault of faults) console.log(fault.replace(/^/gm, '    '))
          if (faults.length > 0) process.exitCode = 1
        })
      return
    }
    const { passed, failed, wavered } = await prove(labs, flags, ({ proof, faults, again }, done, all) => {
      const place = colors.dim(again ? 'again    ' : `${String(done).padStart(4)}/${all}`)
      console.log(`${place} ${signOf(faults)} lab ${proof.lab.number}: ${proof.says}`)
      for (const fault of faults) console.log(fault.replace(/^/gm, '           '))
    })
    if (wavered > 0)
      console.log(`\n${wavered} held only the second time: "npm run soak" tells how often they do not.`)
    console.log(`\nVerify: ${passed} passed, ${failed} failed`)
    process.exitCode = failed === 0 ? 0 : 1
  })

await runProgram(program)

function signOf(faults: string[]): string {
  return faults.length === 0 ? colors.green('✓') : colors.red('✗')
}
