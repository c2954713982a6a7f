// Reads what an app printed when it went wrong, and says it in the student's terms.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { shownPath } from '../lab/lab.ts'
import type { Ended } from './launch.ts'
import { portHolder } from './port-holder.ts'
import { StartTrouble } from './trouble.ts'

const ASK_FOR_AWAIT = ' It came from a promise: is there an await before each call that returns one?'

/** Node's exit status when nothing is left to do, and an await outside of any function still waits. */
const UNSETTLED = 13

/** No message and no path is longer. Over a line of a megabyte, some searches below would take hours. */
const LINE_MAX_CHARACTERS = 500

/** How many lines below an error can be its frames. */
const FRAMES_MAX = 100

/** An error as Node prints it: its message and the first place in the student's own files. */
export interface AppError {
  message: string
  /** `labs/01-cookie-sessions/cart.ts, line 12`, or undefined when no frame is in the student's files. */
  place: string | undefined
}

/** The last error in what an app printed, or undefined when there is none. */
export function findError(output: string, folder: string): AppError | undefined {
  return findErrors(output, folder).at(-1)
}

/** All errors in what an app printed, in their order. */
export function findErrors(output: string, folder: string): AppError[] {
  const lines = shortLines(output).map((line) => line.trim())
  const starts = lines.flatMap((line, index) => (beginsError(line, lines[index + 1] ?? '') ? [index] : []))
  return starts.map((start, index) => {
    const frame = lines
      .slice(start + 1, Math.min(starts[index + 1] ?? Infinity, start + 1 + FRAMES_MAX))
      .map((line) => FRAME.exec(line))
      .find((match) => match && isOwn(match[1] ?? '', folder))
    return {
      message: (lines[start] ?? '').replace(/^\[(.*)\](?: \{)?$/, '$1').replace(/^(\w+) \[Error\]: /, '$1: '),
      place: frame ? `${shownPath(toPath(frame[1] ?? ''))}, line ${frame[2]}` : undefined,
    }
  })
}

/** The path of a frame can have spaces and parentheses in it: it goes from where a path can begin to the line's number. */
const FRAME = /[ (]((?:file:\/\/|node:|\/|[A-Za-z]:[\\/]).*):(\d+):\d+\)?$/

/** `TypeError: …`, `[Error: …] {` where there is no stack, or the name of a class of the student's with a stack below. */
function beginsError(line: string, next: string): boolean {
  if (/^(?:Uncaught )?\[?[A-Za-z]*Error\b/.test(line)) return true
  return /^(?:Uncaught )?[A-Z]\w*(?: \[\w+\])?: /.test(line) && next.startsWith('at ') && FRAME.test(next)
}

/** The port that the app wanted and did not get. */
export function takenPort(output: string): number | undefined {
  const port = /EADDRINUSE.*?:(\d+)\b/.exec(output)?.[1]
  return port === undefined ? undefined : Number(port)
}

export function endedTrouble(whole: string, ended: Ended, folder: string): StartTrouble {
  const output = shortLines(whole).join('\n')
  const error = findError(output, folder)
  const taken = takenPort(output)
  if (taken !== undefined) {
    const holder = portHolder(taken)
    const by = holder ? ` (${holder})` : ''
    return new StartTrouble(
      'port-taken',
      `Your app wants port ${taken}, which another program has${by}. I gave it a free port in PORT.`,
      lastLines(output),
      'Listen on the port in process.env.PORT, as server.ts does with port(…) from #kit/config.ts.',
    )
  }
  const missing = /Cannot find (?:package|module) '([^'\n]+)'/.exec(output)?.[1]
  if (missing && !missing.startsWith('/')) {
    return new StartTrouble(
      'missing-package',
      `Your app imports "${missing}", which is not installed.`,
      [],
      `Is the name spelled right? If you mean a package, install it with: npm install ${missing}`,
    )
  }
  const builtin = /No such built-in module: (\S+)/.exec(output)?.[1]
  if (builtin) {
    return new StartTrouble(
      'missing-package',
      `Your app imports "${builtin}", which Node does not have.`,
      [],
      'Is the name spelled right? The list is on https://nodejs.org/api',
    )
  }
  if (error) {
    return new StartTrouble(
      'crash',
      `Your app ended with an error before it listened: ${error.message}`,
      [...(error.place ? [`The error comes from ${error.place}.`, ''] : []), ...lastLines(output)],
      error.place
        ? 'Look at that line first. Below it is what your app printed.'
        : `The lines above are what your app printed.${ended.fromPromise ? ASK_FOR_AWAIT : ''}`,
    )
  }
  if (ended.code === UNSETTLED) {
    return new StartTrouble(
      'unsettled',
      'Your app waits, with an await outside of any function, for something that can never come, so Node ended it.',
      lastLines(output),
      'Look at each await that is outside of a function: what would fulfil its promise?',
    )
  }
  const how = ended.signal ? `was ended by ${ended.signal}` : `ended by itself with code ${ended.code}`
  return new StartTrouble(
    'ended',
    `Your app ${how} before it listened.`,
    lastLines(output),
    'server.ts has to end with serve(app, port(…)), which keeps the app running.',
  )
}

export function wrongPortTrouble(listens: number, given: number): StartTrouble {
  return new StartTrouble(
    'port',
    `Your app listens on port ${listens}; I gave it port ${given}.`,
    [],
    'Take the port from process.env.PORT, as server.ts does with port(…) from #kit/config.ts.',
  )
}

export function silentTrouble(seconds: number, output: string): StartTrouble {
  return new StartTrouble(
    'silent',
    `Your app runs, but after ${seconds} seconds it still does not listen on a port.`,
    lastLines(output),
    output.includes('ECONNREFUSED')
      ? 'It waits for a server that is not there. If that is Redis: does createClient get the url redisUrl, which is REDIS_URL?'
      : 'Is serve(app, port(…)) reached? An endless loop, or an await that never ends, would stop the app before it.',
  )
}

export function floodTrouble(output: string): StartTrouble {
  return new StartTrouble(
    'flood',
    'Your app printed more than a megabyte, so I ended it.',
    lastLines(output.split('\n').slice(0, 5).join('\n')),
    'Look for a loop that prints. The first lines that it printed are above.',
  )
}

function shortLines(output: string): string[] {
  return output.split('\n').map((line) => line.slice(0, LINE_MAX_CHARACTERS))
}

/** Without what lies in Node itself or in packages, which tells a student nothing. */
function lastLines(output: string): string[] {
  const own = shortLines(output)
    .join('\n')
    .replace(/^node:\S+:\d+\n.*\n *\^+ *\n/gm, '')
    .replace(/^ +at .*(?:[\\/]node_modules[\\/]|\(?node:)[^{\n]*/gm, '')
    .replace(/^Node\.js v\d.*$/gm, '')
  const lines = own
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-12)
  // Their length is not told: what is much longer has been cut before.
  return lines.map((line) => (line.length <= 200 ? line : `${line.slice(0, 200)}…`))
}

function toPath(file: string): string {
  if (!file.startsWith('file://')) return file
  try {
    return fileURLToPath(file)
  } catch {
    // The app can print anything.
    return file
  }
}

function isOwn(file: string, folder: string): boolean {
  if (file.startsWith('node:')) return false
  const relative = path.relative(folder, toPath(file))
  return !relative.startsWith('..') && !path.isAbsolute(relative) && !relative.includes('node_modules')
}
