// lab-check --list: the labs and their checks, with points.
import colors from 'picocolors'
import { listChecks } from '../check/run.ts'
import { type Lab, listLabs } from '../lab/lab.ts'
import { count } from '../render/words.ts'

/** Lists these labs; all of them when none is given. */
export async function listCommand(labs: Lab[]): Promise<void> {
  for (const lab of labs.length > 0 ? labs : listLabs()) {
    const checks = await listChecks(lab)
    const sum = checks.reduce((points, check) => points + check.points, 0)
    process.stdout.write(`\n${colors.bold(`Lab ${lab.number}: ${lab.title}`)}, ${count(sum, 'point')}\n\n`)
    for (const { id, name, points } of checks) {
      process.stdout.write(`  ${String(points || '-').padStart(2)}  ${id.padEnd(16)} ${name}\n`)
    }
  }
  process.stdout.write('\n')
}
