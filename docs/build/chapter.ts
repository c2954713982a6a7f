// What a chapter gets beside its own text: its checks, below the step that teaches them.
import type { CheckMeta } from '../../checker/src/check/check.ts'
import { checkCards } from './check-cards.ts'
import type { LabCourse } from './course.ts'
import type { Faults, Place } from './fault.ts'

const STEP = /^Step (\d+):/

/** Gives out the cards as the sections of a chapter end. Checks that work from the start come before step 1. */
export class ChapterChecks {
  readonly ids: Set<string>
  readonly #left: CheckMeta[]
  readonly #course: LabCourse
  #section = ''

  constructor(course: LabCourse) {
    this.#course = course
    this.#left = [...course.checks]
    this.ids = new Set(course.checks.map(({ id }) => id))
  }

  /** Called before each heading of the second level, and at the end without one. */
  close(heading: string | undefined): string {
    const ended = STEP.exec(this.#section)?.[1]
    this.#section = heading ?? ''
    if (ended !== undefined) return this.#take(Number(ended), `Checks of step ${ended}`)
    if (heading !== undefined && STEP.test(heading)) return this.#take(0, 'Checks that pass from the start')
    return ''
  }

  /** A check of a step that the chapter does not have would be nowhere. */
  checkAllShown(place: Place, faults: Faults): void {
    for (const { id, step } of this.#left) {
      faults.add(
        place,
        `The check "${id}" of lab ${this.#course.lab.number} is of step ${step}, which the chapter does not have.`,
      )
    }
  }

  #take(step: number, label: string): string {
    const taken = this.#left.filter((check) => check.step === step)
    for (const check of taken) this.#left.splice(this.#left.indexOf(check), 1)
    if (taken.length === 0) return ''
    const heading = step === 0 ? '<p class="checks-title">Checks that pass from the start</p>' : ''
    return heading + checkCards(taken, label)
  }
}
