// Which labs there are. A lab is a folder labs/NN-name; its number, port and chapter follow from that,
// and the chapter's front matter says the rest.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { CheckerError, UsageError } from './errors.ts'

/** The repository: the folder that holds labs, solutions, checker and docs. */
export const root = findRoot(path.dirname(fileURLToPath(import.meta.url)))

/** Where the student's progress and kept copies are. */
export const stateFolder = path.join(root, '.session-labs')

export interface Lab {
  number: number
  /** Folder name, the same in labs, solutions and for the file of checks: 03-session-table. */
  id: string
  title: string
  /** How many instances of the app run side by side. */
  instances: number
  /** Whether the app needs a Redis. */
  redis: boolean
  /** What the checks add to the environment of every instance, so that no run waits for slow work. */
  checkEnvironment: Record<string, string>
  /** Where the student works. */
  workFolder: string
  solutionFolder: string
  chapter: string
  /** The port that `npm run lab N` asks for: 3000 + N. */
  port: number
}

const FOLDER = /^(\d\d)-[a-z0-9-]+$/

/**
 * All labs, in the order of their numbers.
 * @throws CheckerError when there is no folder of labs
 */
export function listLabs(): Lab[] {
  const folder = path.join(root, 'labs')
  if (!existsSync(folder)) {
    throw new CheckerError(
      `There is no folder ${folder}. Get the whole project again, or with git: git checkout -- labs`,
    )
  }
  const names = readdirSync(folder).filter((name) => FOLDER.test(name))
  return names.sort().map((id) => {
    const number = Number(id.slice(0, 2))
    const workFolder = path.join(root, 'labs', id)
    const chapter = path.join(workFolder, 'README.md')
    return {
      number,
      id,
      ...readManifest(chapter),
      workFolder,
      solutionFolder: path.join(root, 'solutions', id),
      chapter,
      port: 3000 + number,
    }
  })
}

/**
 * The lab that a student means by `3`, `03`, `03-session-table` or `labs/03-session-table/`.
 * @throws UsageError when there is no such lab; the message lists those that there are
 */
export function findLab(name: string): Lab {
  const labs = listLabs()
  const wanted = path.basename(name)
  const lab = labs.find((one) => one.id === wanted || (/^\d+$/.test(wanted) && one.number === Number(wanted)))
  if (lab) return lab
  const known = labs.map((one) => `  ${one.number}  ${one.title}`).join('\n')
  throw new UsageError(`There is no lab "${name}". The labs are:\n${known}`)
}

/** A path as a student would type it: relative to the repository, with forward slashes. */
export function shownPath(file: string): string {
  const relative = path.relative(root, file)
  return (relative.startsWith('..') ? file : relative).replaceAll(path.sep, '/')
}

/** Server file of a submission, and a clear error when the folder has none. */
export function entryOf(folder: string): string {
  const entry = path.join(folder, 'server.ts')
  if (existsSync(entry)) return entry
  throw new UsageError(`${shownPath(folder)} has no server.ts, so there is nothing to start.`)
}

/** What a chapter's front matter says of its lab; the heading and defaults where it says nothing. */
function readManifest(chapter: string): Pick<Lab, 'title' | 'instances' | 'redis' | 'checkEnvironment'> {
  let text: string
  try {
    text = readFileSync(chapter, 'utf8')
  } catch {
    throw new CheckerError(`The chapter ${shownPath(chapter)} cannot be read. Is the repository complete?`)
  }
  const said = parseFrontMatter(text, chapter)
  const heading = /^# (?:Lab \d+: )?(.+)$/m.exec(text)?.[1]?.trim()
  return {
    title: said.title ?? heading ?? path.basename(path.dirname(chapter)),
    instances: Number(said.instances ?? 1),
    redis: said.redis === 'true',
    checkEnvironment: parseAssignments(said['checked-with'] ?? ''),
  }
}

/** One `key: value` a line, which is all of YAML that a manifest needs: to load a library for it takes 35 ms of every run. */
function parseFrontMatter(text: string, chapter: string): Record<string, string> {
  const [, source = ''] = /^---\r?\n(.*?)\r?\n---\r?\n/s.exec(text) ?? []
  const said: Record<string, string> = {}
  for (const line of source.split(/\r?\n/).filter(Boolean)) {
    const [, key, value] = /^([a-z-]+): (.+)$/.exec(line) ?? []
    if (key === undefined || value === undefined) {
      throw new CheckerError(
        `The front matter of ${shownPath(chapter)} has a line that is not "key: value": ${line}`,
      )
    }
    said[key] = value.trim()
  }
  return said
}

/** `NAME=value OTHER=value`, as a shell would read it. */
function parseAssignments(text: string): Record<string, string> {
  const assignments = text.split(' ').filter(Boolean)
  return Object.fromEntries(
    assignments.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  )
}

/** Upwards from here, because this file runs both as source and compiled into dist. */
function findRoot(folder: string): string {
  if (existsSync(path.join(folder, 'checker', 'package.json'))) return folder
  const parent = path.dirname(folder)
  if (parent === folder)
    throw new CheckerError('No folder above the checker has a checker/package.json in it.')
  return findRoot(parent)
}
