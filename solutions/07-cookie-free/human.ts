// Is the visitor human? Who acts too fast is asked a question. Given: nothing to do here.
import { randomInt } from 'node:crypto'
import type { SessionData } from './session.ts'
import type { Settings } from './settings.ts'

/** Notes that the visitor sends a reply or a vote now. It taints the session if the last one was only a moment ago. */
export function noteAct(data: SessionData, { now, humanSeconds }: Settings): void {
  const nowMs = now()
  if (data.lastActMs !== undefined && nowMs < data.lastActMs + humanSeconds * 1000) data.tainted = true
  data.lastActMs = nowMs
}

/**
 * A new question. The answer to the one before is worth nothing from now on.
 * It stands in for a real CAPTCHA, and stops only robots that were not written for this page.
 */
export function askCaptcha(data: SessionData): { outcome: 'captcha'; question: string } {
  const [one, two] = [randomInt(2, 10), randomInt(2, 10)]
  data.captcha = String(one + two)
  return { outcome: 'captcha', question: `How much is ${one} plus ${two}?` }
}

/** Whether this is the right answer to the question. Then the question is used up, and the taint is gone. */
export function solveCaptcha(data: SessionData, answer: unknown): boolean {
  if (data.captcha === undefined || typeof answer !== 'string' || answer.trim() !== data.captcha) return false
  data.captcha = undefined
  data.tainted = false
  return true
}
