// Trouble with starting the student's app, in words that say what to do.
import type { Trouble } from '../check/record.ts'

/** The app could not be started, through its own fault. */
export class StartTrouble extends Error {
  readonly trouble: Trouble
  constructor(kind: string, sentence: string, detail: string[], advice: string) {
    super(sentence)
    this.trouble = { kind, sentence, detail, advice }
  }
}
