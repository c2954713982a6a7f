// Reads what an app printed when it went wrong, and says it in the student's terms.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { shorten } from '../check/shorten.ts'
import { shownPath } from '../lab/lab.ts'
import type { Ended } from './launch.ts'
import { StartTrouble } from './trouble.ts'

/** An error as Node prints it: its message and the first place in the student's own files. */
export interface AppError {
  message: string
  /** `labs/01-cookie-sessions/cart.ts, line 12`, or undefined when no frame is in the student's files. */
  place: string | undefined
}

/** The last error in what an app printed, or undefined when there is none. */
export function findError(output: string, folder: string): AppError | undefined {
  const lines = output.split('\n')
  const start = lines.findLastIndex((line) => /^(?:Uncaught )?(?:[A-Za-z]*Error|Error)\b.*/.test(line.trim()))
  if (start === -1) return undefined
  const frame = lines
    .slice(start + 1)
    .map((line) => /\(?((?:file:\/\/)?[^()\s]+):(\d+):\d+\)?$/.exec(line.trim()))
    .find((match) => match && isOwn(match[1] ?? '', folder))
  return {
    message: lines[start]?.trim() ?? '',
    place: frame ? `${shownPath(toPath(frame[1] ?? ''))}, line ${frame[2]}` : undefined,
  }
}

export function endedTrouble(output: string, ended: Ended, folder: string): StartTrouble {
  const error = findError(output, folder)
  const taken = /EADDRINUSE.*?:(\d+)\b/.exec(output)
  if (taken) {
    return new StartTrouble(
      'port-taken',
      `Your app wants port ${taken[1]}, which another program has. I gave it a free port in PORT.`,
      lastLines(output),
      'Listen on the port in process.env.PORT, as server.ts does with port(…) from #kit/config.ts.',
    )
  }
  const missing = /Cannot find (?:package|module) '([^']+)'/.exec(output)
  if (missing && !missing[1]?.startsWith('/')) {
    return new StartTrouble(
      'missing-package',
      `Your app imports "${missing[1]}", which is not installed.`,
      [],
      `Is the name spelled right? If you mean a package, install it with: npm install ${missing[1]}`,
    )
  }
  if (error) {
    return new StartTrouble(
      'crash',
      `Your app ended with an error before it listened: ${error.message}`,
      [...(error.place ? [`The error comes from ${error.place}.`, ''] : []), ...lastLines(output)],
      error.place
        ? 'Look at that line first. Below it is what your app printed.'
        : 'The lines above are what your app printed.',
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
    'Is serve(app, port(…)) reached? An endless loop, or an await that never ends, would stop the app before it.',
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

function lastLines(output: string): string[] {
  const lines = output.trimEnd().split('\n').filter(Boolean).slice(-12)
  return lines.map((line) => shorten(line, 200))
}

function toPath(file: string): string {
  return file.startsWith('file://') ? fileURLToPath(file) : file
}

function isOwn(file: string, folder: string): boolean {
  if (file.startsWith('node:')) return false
  const relative = path.relative(folder, toPath(file))
  return !relative.startsWith('..') && !path.isAbsolute(relative) && !relative.includes('node_modules')
}
