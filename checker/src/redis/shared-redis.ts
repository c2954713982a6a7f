// One Redis for several terminals: the first one opens it and leaves a note, the others find it there.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { RunFolder } from '../app/run-folder.ts'
import { stateFolder } from '../lab/lab.ts'
import { openRedis } from './open-redis.ts'

const NOTE = path.join(stateFolder, 'redis.json')

interface Note {
  url: string
  prefix: string
  /** The process that opened it, and the port of that terminal's app. */
  pid: number
  port: number
}

export interface SharedRedis extends Note {
  /** Ends it if this process opened it. */
  close(): Promise<void>
}

/**
 * The Redis that another terminal has opened, if it still answers; else a new one for this and later terminals.
 * @param port of the app in this terminal
 * @throws CheckerError when there is no Redis
 */
export async function sharedRedis(run: RunFolder, port: number): Promise<SharedRedis> {
  const theirs = readNote()
  if (theirs && (await answers(theirs))) return { ...theirs, close: async () => {} }
  const redis = await openRedis(run, 'session-labs:')
  const note: Note = { url: redis.url, prefix: redis.prefix, pid: process.pid, port }
  mkdirSync(stateFolder, { recursive: true })
  // The URL may have a password in it.
  writeFileSync(NOTE, JSON.stringify(note), { mode: 0o600 })
  return {
    ...note,
    close: async () => {
      if (readNote()?.pid === process.pid) rmSync(NOTE, { force: true })
      await redis.close()
    },
  }
}

function readNote(): Note | undefined {
  try {
    return JSON.parse(readFileSync(NOTE, 'utf8'))
  } catch {
    return undefined
  }
}

/** After a kill the note is still there, and its port may be anybody's. */
async function answers({ url, pid }: Note): Promise<boolean> {
  try {
    process.kill(pid, 0)
    const { readKeys } = await import('./keys.ts')
    await readKeys(url, [])
    return true
  } catch {
    return false
  }
}
