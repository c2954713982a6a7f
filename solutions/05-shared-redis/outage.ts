// What visitors get while the session store cannot be reached: a clear answer, soon, and no other cookie.
import type { ErrorRequestHandler, Request } from 'express'
import { Refusal } from '#kit/app.ts'

/** How long a command may take. A request can need two, and has to be answered within two seconds. */
const ANSWER_MS = 800

/** The store cannot be reached, or does not answer. */
export class StoreOutage extends Refusal {
  constructor() {
    super(503, 'The session store cannot be reached. Try again in a moment.')
  }
}

/**
 * What the store answers.
 * @param whenLate called when no answer came in time: the connection may be dead
 * @throws StoreOutage when it fails, or takes longer than 800 milliseconds
 */
export async function inTime<Answer>(answer: Promise<Answer>, whenLate?: () => void): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer for ${ANSWER_MS} ms`))
      whenLate?.()
    }, ANSWER_MS)
  })
  try {
    return await Promise.race([answer, tooLate])
  } catch (error) {
    reportTrouble(error)
    throw new StoreOutage()
  } finally {
    clearTimeout(timer)
  }
}

/** Makes the page for an outage. */
export const showOutage: ErrorRequestHandler = (error, req, res, next) => {
  if (!(error instanceof StoreOutage)) return next(error)
  // The page is out already, and it is right. Only the time of the session was not renewed.
  if (res.headersSent) return
  // Otherwise express-session would set a cookie, and try the store once more.
  delete (req as Partial<Request>).session
  res.set('Retry-After', '1')
  next(error)
}

/** Says on the terminal what is wrong with Redis. */
export function reportTrouble(error: unknown): void {
  // Where a name has several addresses, the message is empty, and only the code says something.
  const { code, message } = error as NodeJS.ErrnoException
  console.error(`Redis: ${message || code}`)
}
