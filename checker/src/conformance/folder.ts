// The folder in which a store keeps its files, seen from outside.
import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** A file larger than this is no student's; it is not searched. */
const SEARCH_MAX_BYTES = 20_000_000

export interface StoredFile {
  /** From the folder on, with forward slashes. */
  name: string
  file: string
  bytes: number
}

/** All regular files in a folder and in the folders below it, by name. Those that come or go meanwhile may be missed. */
export function filesIn(folder: string): StoredFile[] {
  return entriesIn(folder)
    .flatMap((entry) => {
      const file = path.join(folder, entry.name)
      if (entry.isDirectory()) {
        return filesIn(file).map((one) => ({ ...one, name: `${entry.name}/${one.name}` }))
      }
      const info = lstatSync(file, { throwIfNoEntry: false })
      return info?.isFile() ? [{ name: entry.name, file, bytes: info.size }] : []
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** The files in which this text stands. */
export function filesWith(folder: string, text: string): StoredFile[] {
  return filesIn(folder).filter(({ file, bytes }) => {
    if (bytes > SEARCH_MAX_BYTES) return false
    try {
      return readFileSync(file).includes(text)
    } catch {
      return false
    }
  })
}

/** Files as lines for people. Long names are cut. */
export function fileLines(what: string, files: StoredFile[]): string[] {
  if (files.length === 0) return [`${what}: (none)`]
  return [
    `${what}:`,
    ...files.slice(0, 8).map(({ name, bytes }) => `  ${shortName(name)}  ${bytes} bytes`),
    ...(files.length > 8 ? [`  … ${files.length} files`] : []),
  ]
}

/** `5e884898da28….json` for a name that is mostly a hash. */
export function shortName(name: string): string {
  return name.replace(/[0-9A-Za-z_-]{24,}/g, (long) => `${long.slice(0, 8)}…`)
}

function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
