// Which files matter when one of them is saved.
import type { Stats } from 'node:fs'
import path from 'node:path'

const SOURCE = new Set(['.ts', '.mts', '.js', '.mjs', '.json', '.html', '.css'])

/** For chokidar: what curl, an editor or the app itself writes beside the code is no reason to start again. */
export function isNoSource(file: string, stats?: Stats): boolean {
  if (['node_modules', '.data'].includes(path.basename(file))) return true
  return stats?.isFile() === true && !SOURCE.has(path.extname(file))
}

/** A folder that comes or goes is no change yet; its files have events of their own. */
export function isOfFolder(event: string): boolean {
  return event === 'addDir' || event === 'unlinkDir'
}
