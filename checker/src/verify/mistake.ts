// A mistake: a small change to the solution that one check must catch. The files in checker/mistakes are lists of these.

export interface Mistake {
  /** A few words with hyphens, unique in the lab. */
  id: string
  /** What the student did, as a sentence that an instructor would say. */
  says: string
  /** The check that fails. No other check may fail; those that need it are blocked. */
  fails: string
  /** The solution's file that is changed. */
  file: string
  /** Each piece of the file's text (it has to be there exactly once) with what stands in its place. */
  change: [from: string, to: string][]
}
