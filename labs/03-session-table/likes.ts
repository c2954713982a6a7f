// What the visitors like: the table `likes`, a row for each thing, under the key of the session it belongs to.
import { Refusal } from '#kit/app.ts'
import { db } from './database.ts'

/**
 * The thing in what a visitor typed, without the white space around it. Undefined when nothing is left.
 * @throws Refusal 400 when it is longer than 200 characters
 */
export function parseThing(typed: string): string | undefined {
  // TODO(5): trim it, and sort out what is nothing or too much.
  return typed
}

/** Stores a like under the key. A thing that is liked twice is there twice. */
export async function storeLike(key: string, thing: string): Promise<void> {
  // TODO(4): add a row.
}

/** The things that are liked under the key, in the order they were added. */
export async function listLikes(key: string): Promise<string[]> {
  // TODO(4): read the rows of this key.
  return []
}

/** Deletes all likes under the key. */
export async function deleteLikes(key: string): Promise<void> {
  // TODO(8): delete the rows of this key.
}
