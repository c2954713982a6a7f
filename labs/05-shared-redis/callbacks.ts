// A promise for a function that takes a callback. Given: nothing to do here.

/** What express-session calls when it is done, or has failed. */
type Done = (error?: unknown) => void

/**
 * Starts something, and waits until it has called back: `await calledBack((done) => req.session.save(done))`.
 * @throws the error it called back with
 */
export function calledBack(start: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()))
  })
}
