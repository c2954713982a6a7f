// What the visitors like: the table `likes`, a row for each thing, under the key of the session it belongs to.
import { Refusal } from '#kit/app.ts'
import { db } from './database.ts'

const THING_MAX_CHARACTERS = 200

/**
 * The thing in what a visitor typed, without the white space around it. Undefined when nothing is left.
 * @throws Refusal 400 when it is longer than 200 characters
 */
export function parseThing(typed: string): string | undefined {
  const thing = typed.trim()
  // Spread, because `length` counts most emoji as two.
  if ([...thing].length > THING_MAX_CHARACTERS) {
    throw new Refusal(400, `That is too long: a thing can have ${THING_MAX_CHARACTERS} characters.`)
  }
  return thing === '' ? undefined : thing
}

/** Stores a like under the key. A thing that is liked twice is there twice. */
export async function storeLike(key: string, thing: string): Promise<void> {
  await db.run('INSERT INTO likes (thing, key) VALUES (?, ?)', thing, key)
}

/** The things that are liked under the key, in the order they were added. */
export async function listLikes(key: string): Promise<string[]> {
  // rowid rises with every row; without ORDER BY, SQLite promises no order.
  const rows = await db.all<{ thing: string }>('SELECT thing FROM likes WHERE key = ? ORDER BY rowid', key)
  return rows.map((row) => row.thing)
}

/** Deletes all likes under the key. */
export async function deleteLikes(key: string): Promise<void> {
  await db.run('DELETE FROM likes WHERE key = ?', key)
}
