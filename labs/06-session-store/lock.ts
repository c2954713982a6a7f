// A lock for each file: only one at a time changes it, in this process and in all others. Given: nothing to do here.
//
// The lock is a folder beside the file, with one file in it that has the owner's name. To take the lock is to rename a
// folder prepared for it, and the system lets only one have a name. Who takes a dead owner's lock away removes the file
// with exactly that owner's name, so a lock that has a new owner by then comes to no harm.
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rmdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, remove } from './files.ts'

/** Between two looks at a lock that another process has. It needs the lock for about 2 ms. */
const LOOK_EVERY_MS = 10

/**
 * Who still has the lock after so many looks, about half a second, was killed. Looks are counted and no time is
 * measured: on a computer that is busy or asleep, the looks are slow like the owner, and a clock may be wrong.
 */
const LOOKS_AT_SAME_OWNER_MAX = 50

const LOOKS_MAX = 1000

/** What `rename` says when the name is taken; on Windows EPERM. ENOENT: somebody has tidied up. */
const NOT_NOW = ['EEXIST', 'ENOTEMPTY', 'EPERM', 'EACCES', 'EBUSY', 'ENOENT']

/** The last in the queue for each file in this process. Never fails. */
const queues = new Map<string, Promise<unknown>>()

/**
 * Does the work while nobody else holds the lock of this file. Never ask for the same lock inside: that waits for ever.
 * @throws what the work throws; Error when the lock could not be had in 10 seconds
 */
export async function withLock<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  const before = queues.get(file)
  const mine = (async () => {
    await before
    const owner = randomUUID()
    await takeLock(file, owner)
    try {
      return await work()
    } finally {
      await giveBack(file, owner)
    }
  })()
  const done = mine.catch(() => {})
  queues.set(file, done)
  try {
    return await mine
  } finally {
    if (queues.get(file) === done) queues.delete(file)
  }
}

async function takeLock(file: string, owner: string): Promise<void> {
  let [lastOwner, looksAtOwner] = ['', 0]
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    if (await tryLock(file, owner)) return
    const current = await ownerOf(file)
    looksAtOwner = current === lastOwner ? looksAtOwner + 1 : 1
    lastOwner = current
    if (current === '' || looksAtOwner >= LOOKS_AT_SAME_OWNER_MAX) await giveBack(file, current)
    else await sleep(LOOK_EVERY_MS)
  }
  throw new Error(`Could not lock ${file}.`)
}

async function tryLock(file: string, owner: string): Promise<boolean> {
  const prepared = `${file}.${owner}.lock`
  await mkdir(prepared, { recursive: true, mode: 0o700 })
  try {
    await writeFile(path.join(prepared, owner), '')
    await rename(prepared, lockOf(file))
    return true
  } catch (error) {
    await remove(prepared)
    if (NOT_NOW.includes(codeOf(error) ?? '')) return false
    throw error
  }
}

/** The name of the owner. Empty when there is none, or no more. */
async function ownerOf(file: string): Promise<string> {
  const [owner] = await readdir(lockOf(file)).catch(() => [])
  return owner ?? ''
}

async function giveBack(file: string, owner: string): Promise<void> {
  if (owner !== '') await remove(path.join(lockOf(file), owner))
  // Fails if the lock has another owner already. An empty folder that stays is no lock.
  await rmdir(lockOf(file)).catch(() => {})
}

function lockOf(file: string): string {
  return `${file}.lock`
}
