// What the environment and the clock tell the session. Given: nothing to do here.
import { seconds } from '#kit/config.ts'

/** How long a session goes on after the last like: SESSION_SECONDS, or 14 days. */
export const sessionSeconds = seconds('SESSION_SECONDS', 14 * 24 * 60 * 60)

/** The present time in whole seconds since 1970. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
