// A fault in what is to be rendered: it stops the build, with the file and the line.
import { shownPath } from '../../checker/src/lab/lab.ts'

/** A place in a source file. */
export interface Place {
  file: string
  /** Counted from 1. */
  line: number
}

/** Something in the text that cannot be rendered. Its message is `file:line: sentence`. */
export class Fault extends Error {
  constructor(place: Place, sentence: string) {
    super(`${shownPath(place.file)}:${place.line}: ${sentence}`)
  }
}

/** All faults of a build, so that an author sees them together. */
export class Faults {
  readonly #messages = new Set<string>()

  add(place: Place, sentence: string): void {
    this.#messages.add(new Fault(place, sentence).message)
  }

  get messages(): string[] {
    return [...this.#messages].sort()
  }
}
