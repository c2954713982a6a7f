// Calls a method that calls back, and tells what came of it: how often, with what, when, and what was thrown.
import { describeError } from './values.js'

/**
 * A call that has not called back by the last look hangs: 20 looks are two seconds. Looks are counted and no time is
 * measured, so that on a computer that is busy a store has as much time to work as on any other.
 */
const LOOK_EVERY_MS = 100
const LOOKS_MAX = 20

/** How long a call without a callback may go on unseen. */
const UNSEEN_MS = 30

/** What a callback throws when it is told to: not the store's fault, but the store must live with it. */
class OwnError extends Error {}

/** Calls that have not ended yet. An error that nobody caught may be of any of them. */
const inProgress = new Set()

function noteLoose(error) {
  if (error instanceof OwnError) return
  for (const called of inProgress) called.loose ??= describeError(error)
}
process.on('uncaughtException', noteLoose)
process.on('unhandledRejection', noteLoose)

/**
 * @param begin calls the method with the callback it is given
 * @param how `callback`: 'none' or 'throws' when it is not the usual one; `settleMs`: how long to wait for a second
 *   call after the first; `looksMax`; `next`: makes a call from inside of the callback, and what comes of it is told, too
 * @param read makes JSON of the result
 */
export function measure(
  begin,
  { callback: kind = 'usual', settleMs = 0, looksMax = LOOKS_MAX, next },
  read = () => null,
) {
  const called = {
    times: 0,
    early: false,
    error: null,
    result: null,
    thrown: null,
    loose: null,
    hung: false,
    waitedMs: 0,
  }
  let hasReturned = false
  let following
  inProgress.add(called)
  const start = performance.now()
  return new Promise((resolve) => {
    const end = () => {
      clearInterval(watch)
      inProgress.delete(called)
      Promise.resolve(following).then((outcome) => resolve({ ...called, next: outcome }))
    }
    // After the rest of the running code, and what it left behind in promises.
    const settle = (milliseconds) => setTimeout(() => setImmediate(end), milliseconds)
    let looks = 0
    const watch = setInterval(() => {
      looks += 1
      if (looks < looksMax || called.times > 0) return
      called.hung = true
      end()
    }, LOOK_EVERY_MS)
    const note = (error, result) => {
      try {
        if (error) called.error = describeError(error)
        else called.result = read(result)
      } catch (trouble) {
        // What it gave is nothing that express-session can work with.
        called.error = describeError(trouble)
      }
    }
    const callback = (error, result) => {
      called.times += 1
      if (!hasReturned) called.early = true
      if (called.times === 1) {
        called.waitedMs = Math.round(performance.now() - start)
        settle(settleMs)
        note(error, result)
        following = next?.()
      }
      if (kind === 'throws') throw new OwnError('The callback threw this.')
    }
    try {
      if (kind === 'none') begin()
      else begin(callback)
      hasReturned = true
    } catch (error) {
      if (!(error instanceof OwnError)) called.thrown = describeError(error)
      if (called.times === 0) settle(UNSEEN_MS)
    }
    if (kind === 'none') settle(UNSEEN_MS)
  })
}
