// Which files belong to a submission: those of its own folder. Others are somebody else's work, or somebody's secrets.
import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import { readRegularFile } from '../files/read-regular-file.ts'
import { root, shownPath } from '../lab/lab.ts'

/** Hundreds of times what a lab needs. */
const SOURCE_MAX_BYTES = 2_000_000

/** A folder with more is no student's work; what lies deeper is not looked at. */
const ENTRIES_MAX = 5_000

/** How a message begins that is about a file of somebody else. */
export const OUTSIDE = 'This import leads out of your folder'

/** What `import.meta` is replaced with, by the plugin below. */
export const OWN_LOCATION = {
  'import.meta.url': '__location.url',
  'import.meta.dirname': '__location.dirname',
  'import.meta.filename': '__location.filename',
}

/**
 * Loads only regular files below these folders, and the kit. In one compiled file `import.meta` would be that file's;
 * each source keeps its own.
 * @param texts given the text of each source, by its path
 */
export function ownFiles(folders: string[], texts: Map<string, string> = new Map()): Plugin {
  const allowed = folders.flatMap(placesOf).map(real)
  return {
    name: 'own-files',
    setup(build) {
      build.onLoad({ filter: /./, namespace: 'file' }, ({ path: file }) => {
        const source = real(file)
        if (!allowed.some((place) => isIn(place, source))) {
          return { errors: [{ text: `${OUTSIDE}: ${shownPath(source)}` }] }
        }
        let text: string
        try {
          text = readRegularFile(source, { maxBytes: SOURCE_MAX_BYTES }).toString('utf8')
        } catch (error) {
          return { errors: [{ text: `${shownPath(file)} cannot be read: ${(error as Error).message}` }] }
        }
        texts.set(file, text)
        if (!/\.[cm]?[jt]s$/.test(file)) return { contents: text, loader: 'default' }
        return located(file, text)
      })
    },
  }
}

/** The text of a source file as esbuild takes it, with the file's own location in it. */
export function located(file: string, text: string): { contents: string; loader: 'ts' | 'js' } {
  const loader = /\.[cm]?ts$/.test(file) ? 'ts' : 'js'
  if (!text.includes('import.meta')) return { contents: text, loader }
  return { contents: ownLocationOf(file) + text, loader }
}

/** Stands before the first line of a source, so that no line gets another number. */
export function ownLocationOf(file: string): string {
  const location = { url: pathToFileURL(file).href, dirname: path.dirname(file), filename: file }
  return `const __location = ${JSON.stringify(location)};`
}

/**
 * The first file of the folder that the compiler could open though it is none: a pipe or a device, on which it would
 * wait for ever. The compiler reads some by itself, such as package.json.
 */
export function findNoFile(folder: string): string | undefined {
  let entries = 0
  const look = (place: string): string | undefined => {
    for (const entry of readdirSync(place, { withFileTypes: true })) {
      if (++entries > ENTRIES_MAX) return undefined
      const file = path.join(place, entry.name)
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) {
        const found = look(file)
        if (found) return found
      }
      if (!/\.(json|[cm]?[jt]sx?)$/.test(entry.name) || entry.isFile() || entry.isDirectory()) continue
      const info = statSync(file, { throwIfNoEntry: false })
      if (info && !info.isFile() && !info.isDirectory()) return file
    }
    return undefined
  }
  return look(folder)
}

/** The text of a source file of the folder; undefined for what is none, a link to outside, or too large. */
export function ownText(file: string): string | undefined {
  try {
    if (!lstatSync(file).isFile()) return undefined
    return readRegularFile(file, { maxBytes: SOURCE_MAX_BYTES }).toString('utf8')
  } catch {
    // Some editors remove a file for a moment when they save it.
    return undefined
  }
}

/** Where a submission's sources may lie. Labs build on each other; and what comes with the checker builds on the solutions. */
function placesOf(folder: string): string[] {
  const labs = path.join(root, 'labs')
  const ours = path.join(root, 'checker', 'alternatives')
  return [
    folder,
    path.join(labs, 'kit'),
    ...(isIn(labs, folder) ? [labs] : []),
    ...(isIn(ours, folder) ? [root] : []),
  ]
}

function isIn(place: string, file: string): boolean {
  const relative = path.relative(place, file)
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)
}

/** Where a file really is, with all links followed. */
function real(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}
