// Tidies up after a process that was killed while it wrote. Given: nothing to do here.
import path from 'node:path'
import { isFileName } from './file-names.ts'
import { listNames, remove } from './files.ts'
import { withLock } from './lock.ts'

/** Removes temporary files and locks that nobody needs any more. Those in use stay. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await listNames(folder)) {
    const [, session = '', unique] = /^(.+?)(\.[0-9a-f-]{36})?\.(?:tmp|lock)$/.exec(name) ?? []
    if (!isFileName(session)) continue
    // Who has the lock is the only one who writes: no temporary file is in use now. A dead owner's lock is gone.
    await withLock(path.join(folder, session), async () => {
      if (unique !== undefined) await remove(path.join(folder, name))
    })
  }
}
