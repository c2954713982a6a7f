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
  const temporary = temporaryName(file)
  try {
    await writeFile(temporary, text, { mode: OWNER_ONLY })
    await moveFile(temporary, file)
  } catch (error) {
    await remove(temporary)
    throw error
  }
}
