// The file app.sqlite in the data folder, and its two tables. Given: nothing to do here.
import { openDatabase } from '#kit/database.ts'

export const db = await openDatabase('app.sqlite')

/** Makes the tables `users` and `likes` if they are missing. What is in them stays. */
export async function createTables(): Promise<void> {
  // NOCASE: Ada and ada are one user. It knows the letters A to Z only; Ä and ä are two.
  await db.run(
    'CREATE TABLE IF NOT EXISTS users (username TEXT PRIMARY KEY COLLATE NOCASE, password TEXT NOT NULL)',
  )
  await db.run(
    'CREATE TABLE IF NOT EXISTS likes (thing TEXT NOT NULL, username TEXT NOT NULL COLLATE NOCASE)',
  )
}
