// An expectation that the student's app did not meet. Only the functions in expect.ts throw it.
import type { Exchange } from '../http/exchange.ts'
import type { Mark } from './record.ts'

export interface FailureParts {
  /** What should have come, as a sentence. */
  expected: string
  /** What came, as a sentence. */
  got: string
  /** The exchange in which it came. */
  exchange?: Exchange
  mark?: Mark
  detail?: string[]
}

export class CheckFailure extends Error {
  readonly parts: FailureParts
  constructor(parts: FailureParts) {
    super(`${parts.expected} ${parts.got}`)
    this.parts = parts
  }
}

/** Ends the check as failed. */
export function fail(parts: FailureParts): never {
  throw new CheckFailure(parts)
}
