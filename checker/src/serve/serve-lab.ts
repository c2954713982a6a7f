// npm run lab N: runs a lab's app, restarts it on save, and says what to open, edit and check.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import chokidar from 'chokidar'
import colors from 'picocolors'
import { compile } from '../app/compile.ts'
import { developmentEnvironment } from '../app/environment.ts'
import { findError } from '../app/triage.ts'
import { StartTrouble } from '../app/trouble.ts'
import type { Trouble } from '../check/record.ts'
import { UsageError } from '../lab/errors.ts'
import { entryOf, type Lab, root, shownPath, stateFolder } from '../lab/lab.ts'
import { printable, wrap } from '../render/words.ts'
import { choosePort } from './choose-port.ts'
import { isNoSource, isOfFolder } from './source-files.ts'

/** An editor that saves several files at once should cause one restart. */
const SETTLE_MS = 60

/** An app may finish what it is at when it is asked to end, but not for longer. */
const STOP_MS = 2_000

/**
 * Runs until Ctrl-C.
 * @param solution run the reference solution instead of the student's work
 */
export async function serveLab(lab: Lab, solution: boolean): Promise<void> {
  const folder = solution ? lab.solutionFolder : lab.workFolder
  const entry = entryOf(folder)
  const { port, taken } = await choosePort(lab.port)
  const dataFolder = path.join(stateFolder, 'data', solution ? `${lab.id}-solution` : lab.id)
  mkdirSync(dataFolder, { recursive: true })

  say(`\n${colors.bold(`Lab ${lab.number}: ${lab.title}`)}${solution ? '  (the solution)' : ''}\n`)
  if (taken) say(`  Port ${taken} is taken, so I use the next one that is free.`)
  say(`  Open   ${colors.cyan(`http://localhost:${port}`)}`)
  if (!solution) {
    say(`  Read   labs/${lab.id}/README.md`)
    say(`  Edit   ${filesToEdit(lab)}`)
    say(`  Check  npx lab-check ${lab.number}   (in a second terminal)`)
  }
  say('  Stop   Ctrl-C\n')

  const env = { ...ownEnvironment(), PORT: String(port), DATA_DIR: dataFolder }
  let app: ChildProcess | undefined
  let stopping = false
  const start = async () => {
    const trouble = await compileTrouble(folder)
    if (trouble) return sayTrouble(trouble, folder)
    if (!stopping) app = startApp(entry, folder, env)
  }
  await start()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stopping = true
      stop(app).then(() => process.exit(0))
    })
  }
  let timer: NodeJS.Timeout | undefined
  // One after the other: two at once would start two apps.
  let turn = Promise.resolve()
  const restart = (file: string) => {
    turn = turn.then(async () => {
      if (stopping) return
      say(colors.dim(`  ${path.basename(file)} was saved: starting again.`))
      await stop(app)
      await start()
    })
  }
  chokidar
    .watch([folder, path.join(root, 'labs', 'kit')], {
      ignoreInitial: true,
      ignored: isNoSource,
    })
    .on('all', (event, file) => {
      if (isOfFolder(event)) return
      clearTimeout(timer)
      timer = setTimeout(restart, SETTLE_MS, file)
    })
}

/** The files to work on are those that differ from the solution's. */
function filesToEdit(lab: Lab): string {
  const names = readdirSync(lab.solutionFolder).filter((name) => name.endsWith('.ts'))
  const differ = names.filter((name) => textOf(lab.workFolder, name) !== textOf(lab.solutionFolder, name))
  return `${differ.join(', ') || 'server.ts'}   (in labs/${lab.id})`
}

function textOf(folder: string, name: string): string | undefined {
  const file = path.join(folder, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** What the student has set by hand goes first; whoever tries production brings a secret. */
function ownEnvironment(): NodeJS.ProcessEnv {
  if (process.env.NODE_ENV === 'production') return process.env
  return { ...developmentEnvironment, ...process.env }
}

function startApp(entry: string, folder: string, env: NodeJS.ProcessEnv): ChildProcess {
  const tsx = pathToFileURL(path.join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', tsx, entry], {
    cwd: folder,
    env,
    stdio: ['inherit', 'inherit', 'pipe'],
  })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-20_000)
    process.stderr.write(withoutForeignFrames(text))
  })
  child.on('exit', (code, signal) => {
    if (signal || code === 0 || code === null) return
    const error = findError(errors, folder)
    const sentence = `The app has ended. ${error ? error.message : `Its exit code is ${code}.`}`
    const advice = error?.place ? `Look at ${error.place}.` : 'The lines above are what it printed.'
    sayTrouble({ kind: 'ended', sentence, detail: [], advice }, folder)
  })
  return child
}

/** Why the code does not compile, or undefined when it does. The app's own message for this would be a stack of the compiler's. */
async function compileTrouble(folder: string): Promise<Trouble | undefined> {
  try {
    await compile(folder)
  } catch (error) {
    if (error instanceof StartTrouble) return error.trouble
    // Some editors remove a file for a moment when they save it.
    if (error instanceof UsageError)
      return { kind: 'missing', sentence: error.message, detail: [], advice: '' }
    throw error
  }
}

function sayTrouble({ sentence, detail, advice }: Trouble, folder: string): void {
  say(`\n${wrap(colors.red(printable(sentence)), '  ')}`)
  for (const line of detail) say(`  ${printable(line)}`)
  say(wrap(printable(advice), '  '))
  say(`  I start the app again when you save a file in ${shownPath(folder)}.\n`)
}

function stop(app: ChildProcess | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (!app || app.exitCode !== null || app.signalCode !== null) return resolve()
    const force = setTimeout(() => app.kill('SIGKILL'), STOP_MS)
    app.once('exit', () => {
      clearTimeout(force)
      resolve()
    })
    app.kill()
  })
}

/** The lines of a stack that lie in packages or in Node tell a student nothing. */
function withoutForeignFrames(text: string): string {
  return text.replace(/^ +at .*(?:[\\/]node_modules[\\/]|\(?node:).*\n/gm, '')
}

function say(line: string): void {
  console.log(line)
}
