// npm run benchmark [LAB]: from start to verdict, as a ratio to what the app alone takes to start under tsx and answer once.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../app/free-port.ts'
import { entryOf, findLab, type Lab, root } from '../lab/lab.ts'

/** Runs of each kind, one after the other in turn, so that what else the machine does touches both alike. */
const RUNS = 9

const lab = findLab(process.argv[2] ?? '1')
const folder = mkdtempSync(path.join(tmpdir(), 'benchmark-'))
const alone: number[] = []
const checked: number[] = []
try {
  for (let run = 0; run < RUNS; run++) {
    alone.push(await appAlone(lab))
    checked.push(await labCheck(lab))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(`Lab ${lab.number}, the solution, median of ${RUNS} runs each:`)
console.log(`  the app under tsx, from start to its first answer   ${seconds(median(alone))}`)
console.log(`  lab-check ${lab.number} --solution, from start to verdict        ${seconds(median(checked))}`)
console.log(
  `  ratio                                               ${(median(checked) / median(alone)).toFixed(2)}`,
)

async function appAlone(lab: Lab): Promise<number> {
  const port = await freePort()
  const begin = performance.now()
  const child = spawn(process.execPath, ['--import', 'tsx', entryOf(lab.solutionFolder)], {
    cwd: root,
    env: { ...process.env, PORT: String(port), DATA_DIR: folder },
    stdio: 'ignore',
  })
  for (;;) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      (reply) => reply.text(),
      () => undefined,
    )
    if (answered !== undefined) break
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const milliseconds = performance.now() - begin
  child.kill()
  await once(child, 'exit')
  return milliseconds
}

async function labCheck(lab: Lab): Promise<number> {
  const begin = performance.now()
  const program = path.join(root, 'checker', 'bin', 'lab-check.js')
  const child = spawn(process.execPath, [program, String(lab.number), '--solution'], { stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`lab-check ${lab.number} --solution ended with ${code}.`)
  return performance.now() - begin
}

function median(numbers: number[]): number {
  return numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] as number
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`
}
