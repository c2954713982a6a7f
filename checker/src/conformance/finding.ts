// What was found out about a store: whether it has a property.
import type { StoreUnderTest } from './store-under-test.ts'

export type Finding =
  | { holds: true }
  | { holds: false; expected: string; got: string; detail: string[] }
  /** It cannot be asked of this store. */
  | { holds: undefined; because: string }

/** What any good store does, as far as one thing goes. */
export interface Property {
  /** A few words with hyphens. */
  id: string
  /** The behaviour, as a sentence about the store. */
  says: string
  /** Beyond what express-session asks of a store: measured, but not to be held against one. */
  isExtra: boolean
  find(store: StoreUnderTest): Promise<Finding>
}

/** A store did not do what a property asks of it. */
export class Shortfall extends Error {
  readonly expected: string
  readonly got: string
  readonly detail: string[]
  constructor(expected: string, got: string, detail: string[] = []) {
    super(`${expected} ${got}`)
    this.expected = expected
    this.got = got
    this.detail = detail
  }
}

/** A property cannot be asked of this store. */
export class DoesNotApply extends Error {}

/** A property whose body throws Shortfall when the store falls short. */
export function property(
  id: string,
  says: string,
  body: (store: StoreUnderTest) => Promise<void>,
  { isExtra = false } = {},
): Property {
  return {
    id,
    says,
    isExtra,
    async find(store) {
      try {
        const because = store.lacks[id]
        if (because !== undefined) return { holds: undefined, because }
        await body(store)
        return { holds: true }
      } catch (error) {
        if (error instanceof DoesNotApply) return { holds: undefined, because: error.message }
        if (!(error instanceof Shortfall)) throw error
        const { expected, got, detail } = error
        return { holds: false, expected, got, detail }
      }
    },
  }
}

/** @throws Shortfall unless the condition holds */
export function expectThat(
  condition: boolean,
  expected: string,
  got: string,
  detail?: string[],
): asserts condition {
  if (!condition) throw new Shortfall(expected, got, detail)
}
