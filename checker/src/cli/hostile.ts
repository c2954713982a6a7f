// The command line of `npm run hostile`: submissions that attack the checker, and what becomes of them.
import { Command } from 'commander'
import colors from 'picocolors'
import { listHostile, runKit } from '../hostile/kit.ts'
import { UsageError } from '../lab/errors.ts'
import { runProgram } from './program.ts'

process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))

const program = new Command('hostile')
  .description('Judges submissions that attack the checker: none may gain, hurt, or leave anything behind.')
  .argument('[id...]', 'only these entries')
  .action(async (ids: string[]) => {
    const all = await listHostile()
    const unknown = ids.find((id) => !all.some((entry) => entry.id === id))
    if (unknown !== undefined) {
      throw new UsageError(
        `There is no entry "${unknown}". They are:\n  ${all.map(({ id }) => id).join('\n  ')}`,
      )
    }
    const entries = ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id))
    const { outcomes, left } = await runKit(entries, ({ entry, leftOut, end, seconds, faults }) => {
      const sign = leftOut ? '·' : faults.length === 0 ? colors.green('✓') : colors.red('✗')
      const time = leftOut ? '' : `, ${seconds.toFixed(1)} s`
      console.log(
        `${sign} ${entry.id.padEnd(28)} ${leftOut ? `left out: ${leftOut}` : end}${colors.dim(time)}`,
      )
      for (const fault of faults) console.log(fault.replace(/^/gm, '    '))
    })
    const count = (is: (outcome: (typeof outcomes)[number]) => boolean) => outcomes.filter(is).length
    const wrong = count(({ faults }) => faults.length > 0)
    const tried = count(({ leftOut }) => leftOut === undefined)
    console.log(
      `\nHostile: ${tried} tried, ${outcomes.length - tried} left out, ${wrong} not as they should be`,
      `\n${count(({ passed }) => passed)} passes, ${left.processes} processes, ${left.ports} ports, ${left.files} files, ${left.keys} keys left, ${count(({ died }) => died)} deaths`,
    )
    process.exitCode = wrong + left.processes + left.ports + left.files + left.keys === 0 ? 0 : 1
  })

await runProgram(program)
