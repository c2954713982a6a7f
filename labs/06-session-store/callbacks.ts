// Between promises and callbacks, which express-session speaks. Given: nothing to do here.

/** What express-session calls when it is done, or has failed: with an error, or with null and the result. */
export type Answer<Result = void> = (error: unknown, result?: Result) => void

/**
 * Does the work, and then calls back: once, never before this function has returned, and whatever happens.
 * An error that nobody waits for goes to the terminal.
 */
export function answer<Result>(
  callback: Answer<Result> | undefined,
  work: () => Promise<Result | undefined>,
): void {
  // Called from outside of the promise: what the callback throws is not a failure of the work.
  const call: Answer<Result> = (error, result) => {
    if (callback) setImmediate(callback, error, result)
    else if (error) console.error(error)
  }
  work().then((result) => call(null, result), call)
}

/**
 * The other way round: starts something, and waits for its answer.
 * `await answered((callback) => req.session.save(callback))`
 * @throws the error it called back with
 */
export function answered<Result>(start: (callback: Answer<Result>) => void): Promise<Result | undefined> {
  return new Promise((resolve, reject) => {
    start((error, result) => (error ? reject(error) : resolve(result)))
  })
}
