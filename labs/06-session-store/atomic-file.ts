// Writing a file so that nobody ever sees half of it.
import { writeFile } from 'node:fs/promises'
import { moveFile, remove, temporaryName } from './files.ts'

/** Sessions are secrets: only the user who runs the app may read and write them. */
const OWNER_ONLY = 0o600

/**
 * Writes the text into the file. Whoever reads it meanwhile, or after a crash, finds the old text or the new one,
 * whole. (After a power cut it may be neither: nothing here waits for the disk.)
 */
export async function writeAtomically(file: string, text: string): Promise<void> {
  // TODO(3): let the file have its name only when it is whole, and leave nothing behind if that fails.
  await writeFile(file, text, { mode: OWNER_ONLY })
}
