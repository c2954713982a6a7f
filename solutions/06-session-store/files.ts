// Reading, moving and removing files, when somebody else may do the same. Given: nothing to do here.
import { randomUUID } from 'node:crypto'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Windows refuses what it would do a moment later, while another program (a virus scanner, say) looks at the file. */
const REFUSED_FOR_NOW = ['EPERM', 'EACCES', 'EBUSY']
const TRIES_MAX = 10
const PAUSE_MS = 20

/** The text of a file. Undefined when there is no such file. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await patiently(() => readFile(file, 'utf8'))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    // A folder with that name: there is something, and no session in it.
    if (codeOf(error) === 'EISDIR') return ''
    throw error
  }
}

/** A name beside the file that nobody else uses. After a crash, the app removes what has such a name as it starts. */
export function temporaryName(file: string): string {
  return `${file}.${randomUUID()}.tmp`
}

/** Gives a file another name, in one moment. A file that had this name is gone. */
export function moveFile(from: string, to: string): Promise<void> {
  return patiently(() => rename(from, to))
}

/** Removes a file, or a folder with all that is in it. Nothing happens when it has gone already. */
export function remove(file: string): Promise<void> {
  return patiently(() => rm(file, { recursive: true, force: true }))
}

/** What is in a folder. Nothing when there is no such folder. */
export async function listNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** "ENOENT", "EPERM" and so on. Undefined for an error that does not come from the system. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

/** Tries again while the system refuses, for a fifth of a second. */
async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let triesLeft = TRIES_MAX - 1; ; triesLeft -= 1) {
    try {
      return await work()
    } catch (error) {
      if (triesLeft === 0 || !REFUSED_FOR_NOW.includes(codeOf(error) ?? '')) throw error
      await sleep(PAUSE_MS)
    }
  }
}
