// The names of the files in the folder of the sessions.
import { createHash } from 'node:crypto'

/** The name of the file of the session with this id. */
export function fileName(id: string): string {
  // TODO(1): a name that stays in the folder whatever the id is, that no other id gets, and that ends in .json.
  return 'session.json'
}

/** Whether a file in the folder has a name that `fileName` makes. All others belong to somebody else. */
export function isFileName(name: string): boolean {
  // TODO(2): recognise the names that you make.
  return false
}
