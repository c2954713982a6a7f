// What the environment tells the app. Given: nothing to do here.
import { seconds } from '#kit/config.ts'

/** A session ends this long after its last request: IDLE_SECONDS, or half an hour. In milliseconds. */
export const idleMs = seconds('IDLE_SECONDS', 30 * 60) * 1000

/** A login ends this long after it began, whatever happened since: ABSOLUTE_SECONDS, or 12 hours. In milliseconds. */
export const absoluteMs = seconds('ABSOLUTE_SECONDS', 12 * 60 * 60) * 1000

/** How much work it is to hash a password: PASSWORD_COST, or 15. Each step more doubles it. */
export const passwordCost = cost(process.env.PASSWORD_COST || '15')

/** How many proxies in front of the app can be believed: one with TRUST_PROXY=1, otherwise none. */
export const trustedProxies = process.env.TRUST_PROXY === '1' ? 1 : 0

function cost(given: string): number {
  const value = Number(given)
  // 20 takes a gigabyte for each password.
  if (Number.isInteger(value) && value >= 1 && value <= 20) return value
  throw new Error(`PASSWORD_COST is "${given}", which is not a whole number from 1 to 20.`)
}
