// What the users like: the table `likes`. What a visitor likes is in the session. Given: nothing to do here.
import { Refusal } from '#kit/app.ts'
import { db } from './database.ts'

const THING_MAX_CHARACTERS = 200

/** A session is one JSON text, read and written as a whole with every like, so it must not grow without end. */
export const VISITOR_MAX_LIKES = 50

/**
 * The thing in what somebody typed, without the white space around it. Undefined when nothing is left.
 * @throws Refusal 400 when it is longer than 200 characters
 */
export function parseThing(typed: string): string | undefined {
  const thing = typed.trim()
  if ([...thing].length > THING_MAX_CHARACTERS) {
    throw new Refusal(400, `That is too long: a thing can have ${THING_MAX_CHARACTERS} characters.`)
  }
  return thing === '' ? undefined : thing
}

/** Stores things that the user likes: all of them, or none. */
export async function storeLikes(username: string, things: string[]): Promise<void> {
  await db.run(
    'INSERT INTO likes (thing, username) SELECT value, ? FROM json_each(?)',
    username,
    JSON.stringify(things),
  )
}

/** The things that the user likes, in the order they were added. */
export async function listLikes(username: string): Promise<string[]> {
  const rows = await db.all<{ thing: string }>(
    'SELECT thing FROM likes WHERE username = ? ORDER BY rowid',
    username,
  )
  return rows.map((row) => row.thing)
}
