// Who has registered: the table `users`. Given: nothing to do here.
import { Refusal } from '#kit/app.ts'
import { db } from './database.ts'

const USERNAME_MAX_CHARACTERS = 30

/** OWASP ASVS 5.0, 6.2.1. It recommends 15. */
const PASSWORD_MIN_CHARACTERS = 8

const PASSWORD_MAX_CHARACTERS = 128

/** A row of the table `users`. */
export interface User {
  /** As it was registered; somebody who logs in may write it in capitals. */
  username: string
  /** What `hashPassword` made. */
  password: string
}

/** The user who is called so, in capitals or not. */
export function findUser(username: string): Promise<User | undefined> {
  return db.get<User>('SELECT username, password FROM users WHERE username = ?', username)
}

/** Stores a new user. False when somebody else has the name, even since a moment ago. */
export async function addUser({ username, password }: User): Promise<boolean> {
  const { changes } = await db.run(
    'INSERT INTO users (username, password) VALUES (?, ?) ON CONFLICT DO NOTHING',
    username,
    password,
  )
  return changes === 1
}

/**
 * The name in what somebody typed, without the white space around it.
 * @throws Refusal 400 when nothing is left, or more than 30 characters
 */
export function parseUsername(typed: string): string {
  const username = typed.trim()
  if (username === '') throw new Refusal(400, 'You have to give a username.')
  if (characters(username) > USERNAME_MAX_CHARACTERS) {
    throw new Refusal(400, `That is too long: a username can have ${USERNAME_MAX_CHARACTERS} characters.`)
  }
  return username
}

/**
 * The password as it was typed.
 * @throws Refusal 400 when it has less than 8 characters, or more than 128
 */
export function parsePassword(typed: string): string {
  if (characters(typed) < PASSWORD_MIN_CHARACTERS) {
    throw new Refusal(400, `That is too short: a password needs ${PASSWORD_MIN_CHARACTERS} characters.`)
  }
  if (characters(typed) > PASSWORD_MAX_CHARACTERS) {
    throw new Refusal(400, `That is too long: a password can have ${PASSWORD_MAX_CHARACTERS} characters.`)
  }
  return typed
}

// Spread, because `length` counts most emoji as two.
function characters(text: string): number {
  return [...text].length
}
