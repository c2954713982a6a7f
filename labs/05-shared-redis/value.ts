// The value in the session: set and unset. Given: nothing to do here.
import type { Request } from 'express'
import { Refusal } from '#kit/app.ts'
import { calledBack } from './callbacks.ts'

// Declaration merging: this becomes a property of `req.session`, and it may be missing.
declare module 'express-session' {
  interface SessionData {
    value: string
  }
}

const VALUE_MAX_CHARACTERS = 200

/**
 * The value in what somebody typed, without the white space around it.
 * @throws Refusal 400 when nothing is left, or more than 200 characters
 */
export function parseValue(typed: string): string {
  const value = typed.trim()
  if (value === '') throw new Refusal(400, 'You have to give a value.')
  // Spread, because `length` counts most emoji as two.
  if ([...value].length > VALUE_MAX_CHARACTERS) {
    throw new Refusal(400, `That is too long: a value can have ${VALUE_MAX_CHARACTERS} characters.`)
  }
  return value
}

/** Puts the value into the session, which begins now if there is none. */
export async function setValue(req: Request, value: string): Promise<void> {
  req.session.value = value
  // Otherwise it is saved when the redirect is on its way, and the next request can be faster than the store.
  await calledBack((done) => req.session.save(done))
}

/** Takes the value out of the session. The session stays, and so do its cookie and its key in the store. */
export async function unsetValue(req: Request): Promise<void> {
  if (req.session.value === undefined) return
  delete req.session.value
  await calledBack((done) => req.session.save(done))
}
