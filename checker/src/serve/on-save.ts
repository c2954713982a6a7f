// Does something at every save of what an app is made of.
import path from 'node:path'
import chokidar from 'chokidar'
import { root } from '../lab/lab.ts'
import { isNoSource, isOfFolder } from './source-files.ts'

/** An editor that saves several files at once should cause one restart. */
const SETTLE_MS = 60

/** @param restart given the name of the file; one call at a time */
export function onSave(folder: string, restart: (file: string) => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined
  // One after the other: two at once would start two apps.
  let turn = Promise.resolve()
  const saved = (file: string) => {
    turn = turn.then(() => restart(path.basename(file)))
  }
  chokidar
    .watch([folder, path.join(root, 'labs', 'kit')], {
      ignoreInitial: true,
      ignored: isNoSource,
    })
    .on('all', (event, file) => {
      if (isOfFolder(event)) return
      clearTimeout(timer)
      timer = setTimeout(saved, SETTLE_MS, file)
    })
}
