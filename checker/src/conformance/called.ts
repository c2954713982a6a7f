// What is expected of any call to a store.
import { shorten } from '../check/shorten.ts'
import { expectThat, Shortfall } from './finding.ts'
import type { Called, GivenError, GivenSession } from './store-under-test.ts'

/**
 * The result of a call that went well.
 * @throws Shortfall when it called back with an error, or threw, or never called back
 */
export function resultOf<Result>(called: Called<Result>): Result | null {
  expectUnharmed(called)
  expectThat(
    called.error === null,
    `${called.says} should call back without an error.`,
    `It called back with the error: ${sentence(called.error)}`,
    placeOf(called.error),
  )
  return called.result
}

/** It called back, with an error or without, and nothing was thrown. */
export function expectUnharmed(called: Called<unknown>): void {
  const { says, thrown, loose, hung } = called
  expectThat(
    thrown === null,
    `${says} should call back, with an error if need be, and throw nothing.`,
    `It threw: ${sentence(thrown)}`,
    placeOf(thrown),
  )
  expectThat(
    loose === null,
    `${says} should leave no error that nobody catches: it would end the app.`,
    `It left: ${sentence(loose)}`,
    placeOf(loose),
  )
  if (hung)
    throw new Shortfall(`${says} should call back.`, 'It never did, and a request would wait for ever.')
}

/** The session that a call found; null when it found none. */
export function foundBy(called: Called<GivenSession>): GivenSession | null {
  // express-session takes an error with this code for "none".
  return called.error?.code === 'ENOENT' ? null : resultOf(called)
}

/** The session that a call found. */
export function sessionOf(called: Called<GivenSession>, because: string): GivenSession {
  const found = foundBy(called)
  if (found) return found
  throw new Shortfall(`${called.says} should find the session, because ${because}.`, 'It finds none.')
}

/** A call that looks for a session finds none. */
export function expectNone(called: Called<GivenSession>, because: string): void {
  const found = foundBy(called)
  if (found === null) return
  throw new Shortfall(
    `${called.says} should find no session, because ${because}.`,
    `It finds ${shorten(JSON.stringify(found.data), 100)}.`,
  )
}

function sentence(error: GivenError | null): string {
  const [first = ''] = error?.message.split('\n') ?? []
  // The folders above a file are of this run: they say nothing that a student knows. Nor does a name that is too long.
  const readable = first
    .replace(/^(ENAMETOOLONG: .+?) '.*/, '$1')
    .replace(/'[^']*[\\/]([^'\\/]*)'/g, "'…/$1'")
  const message = shorten(readable, 160)
  return /[.!?…]$/.test(message) ? message : `${message}.`
}

/** The first line of the stack that is in somebody's source, not in Node or a package. */
function placeOf(error: GivenError | null): string[] {
  const frame = error?.stack
    ?.split('\n')
    .find((line) => /\.ts:\d+:\d+\)?$/.test(line) && !line.includes('node_modules'))
  const [, file, line] = /([^\s(/\\]+\.ts):(\d+):\d+\)?$/.exec(frame ?? '') ?? []
  return file ? [`at ${file}, line ${line}`] : []
}
