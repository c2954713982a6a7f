// npm run lab N: runs a lab's app, restarts it on save, and says what to open, edit and check.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import colors from 'picocolors'
import { entryOf, type Lab } from '../lab/lab.ts'
import { keyHandler, keyList, listenToKeyboard } from './keyboard.ts'
import { onSave } from './on-save.ts'
import { serveOne } from './one-instance.ts'
import type { Served } from './place.ts'
import { compileTrouble, sayTrouble } from './trouble.ts'

/**
 * Runs until Ctrl-C.
 * @param solution run the reference solution instead of the student's work
 * @throws UsageError when there is nothing to start, or no port is free; CheckerError when there is no Redis
 */
export async function serveLab(lab: Lab, solution: boolean): Promise<void> {
  const folder = solution ? lab.solutionFolder : lab.workFolder
  entryOf(folder)
  const dataName = solution ? `${lab.id}-solution` : lab.id
  const served =
    lab.instances > 1 && !process.env.APP_PORT
      ? await (await import('./several-instances.ts')).serveSeveral(lab, folder, dataName)
      : await serveOne(lab, folder, dataName)
  sayHello(lab, solution, served)

  let stopping = false
  const start = async () => {
    const trouble = await compileTrouble(folder)
    if (trouble) return sayTrouble(trouble, folder)
    if (!stopping) for (const instance of served.instances) instance.start()
  }
  const stop = () => Promise.all(served.instances.map((instance) => instance.stop()))
  const end = async () => {
    if (stopping) return
    stopping = true
    await stop()
    await served.close()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)
  await start()
  if (served.keys.length > 0) listenToKeyboard(keyHandler(served.keys, sayBelow), end)
  onSave(folder, async (file) => {
    if (stopping) return
    say(colors.dim(`  ${file} was saved: starting again.`))
    await stop()
    await start()
  })
}

function sayHello(lab: Lab, solution: boolean, { says, keys }: Served): void {
  say(`\n${colors.bold(`Lab ${lab.number}: ${lab.title}`)}${solution ? '  (the solution)' : ''}\n`)
  for (const line of says) say(`  ${line.replace(/\S+:\/\/\S+/, (url) => colors.cyan(url))}`)
  if (!solution) {
    say(`  Read   labs/${lab.id}/README.md`)
    say(`  Edit   ${filesToEdit(lab)}`)
    say(`  Check  npx lab-check ${lab.number}   (in a second terminal)`)
  }
  if (keys.length > 0 && process.stdin.isTTY) {
    for (const [index, line] of keyList(keys).entries()) say(`  ${index === 0 ? 'Keys ' : '     '}  ${line}`)
  }
  say('  Stop   Ctrl-C\n')
}

/** The files to work on are those that differ from the solution's; where it was kept back, those with a TODO. */
function filesToEdit({ id, workFolder, solutionFolder }: Lab): string {
  const solved = existsSync(solutionFolder)
  const names = readdirSync(solved ? solutionFolder : workFolder).filter((name) => name.endsWith('.ts'))
  const mine = names.filter((name) => {
    const text = textOf(workFolder, name)
    return solved ? text !== textOf(solutionFolder, name) : text?.includes('TODO(')
  })
  return `${mine.join(', ') || 'server.ts'}   (in labs/${id})`
}

function textOf(folder: string, name: string): string | undefined {
  const file = path.join(folder, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function sayBelow(line: string): void {
  say(`  ${line}`)
}

function say(line: string): void {
  console.log(line)
}
