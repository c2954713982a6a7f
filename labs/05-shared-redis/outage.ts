// What visitors get while the session store cannot be reached: a clear answer, soon, and no other cookie.
import type { ErrorRequestHandler, Request } from 'express'
import { Refusal } from '#kit/app.ts'

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
  // TODO(4): wait no longer than that, and make every failure a StoreOutage.
  return answer
}

/** Makes the page for an outage. */
export const showOutage: ErrorRequestHandler = (error, req, res, next) => {
  // TODO(4): say when to try again, set no cookie, and ask the store nothing more.
  next(error)
}

/** Says on the terminal what is wrong with Redis. */
export function reportTrouble(error: unknown): void {
  // Where a name has several addresses, the message is empty, and only the code says something.
  const { code, message } = error as NodeJS.ErrnoException
  console.error(`Redis: ${message || code}`)
}
