// The file likes.sqlite in the data folder, and its two tables.
import { openDatabase } from '#kit/database.ts'

export const db = await openDatabase('likes.sqlite')

/** Makes the tables `sessions` and `likes` if they are missing. What is in them stays. */
export async function createTables(): Promise<void> {
  // TODO(1): make both tables.
}
