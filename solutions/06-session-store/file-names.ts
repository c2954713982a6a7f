// The names of the files in the folder of the sessions.
import { createHash } from 'node:crypto'

/**
 * The name of the file of the session with this id.
 *
 * A hash (SHA-256, in hexadecimal) has the same 64 harmless characters whatever the id is, "../../app.ts" included, and
 * no two ids share one. Nobody gets the id back from it: who can list the folder still has no session.
 */
export function fileName(id: string): string {
  return `${createHash('sha256').update(id).digest('hex')}.json`
}

/** Whether a file in the folder has a name that `fileName` makes. All others belong to somebody else. */
export function isFileName(name: string): boolean {
  return /^[0-9a-f]{64}\.json$/.test(name)
}
