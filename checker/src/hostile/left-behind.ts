// What a run has left behind: processes, open ports, files.
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { isRunning } from '../app/processes.ts'
import type { Place, Said } from './hostile.ts'

/** How much of each kind is left. */
export interface LeftBehind {
  processes: number
  ports: number
  files: number
  keys: number
}

/** @param before what `contentOf` said of the home */
export async function leftBehind(
  place: Place,
  notes: Said['notes'],
  before: string,
): Promise<Omit<LeftBehind, 'keys'>> {
  const noted = (notes.process ?? []).map(Number).filter(isRunning)
  const processes = new Set([...noted, ...processesOf(place)])
  const open = await Promise.all([...new Set(notes.port)].map((port) => connects(Number(port))))
  // DATA_DIR is a folder in the run's folder.
  const runFolders = new Set((notes.folder ?? []).map((folder) => path.dirname(folder)))
  return {
    processes: processes.size,
    ports: open.filter(Boolean).length,
    files:
      [...runFolders].filter((folder) => existsSync(folder)).length +
      Number(contentOf(place.home) !== before),
  }
}

/** Names and contents of all files of a folder, as one short text. Links are not followed. */
export function contentOf(folder: string): string {
  const hash = createHash('sha256')
  const add = (place: string) => {
    for (const name of readdirSync(place).sort()) {
      const file = path.join(place, name)
      const info = lstatSync(file)
      hash.update(`${file} ${info.mode}\n`)
      if (info.isSymbolicLink()) hash.update(readlinkSync(file))
      else if (info.isDirectory()) add(file)
      else if (info.isFile()) hash.update(readFileSync(file))
    }
  }
  add(folder)
  return hash.digest('hex')
}

/** Processes that have the entry's own folder in their command line (Linux only). */
function processesOf({ notes }: Place): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(notes)
      } catch {
        return false
      }
    })
    .map(Number)
    .filter(isRunning)
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
